package dev.ashlar.backend.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.backend.cpu.kernel.RandomKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeFolderTest {

  private static final Kernel KERNEL = scale(2f);

  @TempDir Path temporary;

  private static Kernel scale(float factor) {
    var b = new KernelBuilder("scale");
    var x = b.buffer("x", Element.F32);
    b.vectorLoop(b.constant(0), b.index("count"), i -> b.store(x, i, b.mul(b.load(x, i), b.constant(factor))));
    return b.build();
  }

  private static byte[] compile(Kernel kernel) {
    return MachineKernels.bytes(kernel, Target.AVX2);
  }

  private static final Supplier<byte[]> NOT_AGAIN = () -> {
    throw new AssertionError("compiled again");
  };

  private Path folder() {
    return temporary.resolve("new/code");
  }

  @Test
  void whatOneProcessCompiledTheNextOneReads() {
    byte[] code = new CodeFolder(folder()).get(KERNEL, () -> compile(KERNEL));
    assertThat(code).isEqualTo(compile(KERNEL));
    assertThat(new CodeFolder(folder()).get(scale(2f), NOT_AGAIN)).isEqualTo(code);
    assertThat(new CodeFolder(folder()).get(scale(3f), () -> compile(scale(3f)))).isNotEqualTo(code);
  }

  @Test
  void filesThatAreNotWholeAreMadeAnew() throws IOException {
    byte[] code = new CodeFolder(folder()).get(KERNEL, () -> compile(KERNEL));
    Path file = folder().resolve(KERNEL.digest());
    byte[] whole = Files.readAllBytes(file);
    for (int cut : List.of(0, 7, 8, whole.length - 1)) {
      Files.write(file, Arrays.copyOf(whole, cut));
      assertThat(new CodeFolder(folder()).get(KERNEL, () -> compile(KERNEL))).isEqualTo(code);
      assertThat(file).hasBinaryContent(whole);
    }
    for (int i = 0; i < whole.length; i++) {
      byte[] wrong = whole.clone();
      wrong[i] ^= 4;
      Files.write(file, wrong);
      assertThat(new CodeFolder(folder()).get(KERNEL, () -> compile(KERNEL))).isEqualTo(code);
    }
    assertThat(folder()).isDirectoryContaining(file::equals);
    try (var files = Files.list(folder())) {
      assertThat(files).as("nothing is left beside").containsExactly(file);
    }
  }

  @Test
  void aFolderThatCannotBeDoesNoHarm() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "not a folder");
    assertThat(new CodeFolder(file.resolve("code")).get(KERNEL, () -> compile(KERNEL))).isEqualTo(compile(KERNEL));
    assertThat(file).hasContent("not a folder");
  }

  @Test
  void codeOfClassesThatComeFromNoJarIsNotKept() {
    assertThat(CodeFolder.in(temporary, Target.AVX2)).isEmpty();
  }

  @Test
  void aJarIsToldFromAnotherOfTheSameSizeAndTime() throws IOException {
    Path jar = jar("one.jar", 'a');
    assertThat(CodeFolder.identity(jar("two.jar", 'a'))).isEqualTo(CodeFolder.identity(jar));
    Path other = jar("three.jar", 'b');
    assertThat(Files.size(other)).isEqualTo(Files.size(jar));
    assertThat(CodeFolder.identity(other)).isNotEqualTo(CodeFolder.identity(jar));
  }

  /** Larger than what is read of it, with one byte in an early class that says which it is. */
  private Path jar(String name, int which) throws IOException {
    Path jar = temporary.resolve(name);
    try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.setMethod(ZipOutputStream.STORED);
      for (byte[] content : List.of(new byte[] {(byte) which}, new byte[1 << 18])) {
        var entry = new ZipEntry(content.length + ".class");
        var sum = new CRC32();
        sum.update(content);
        entry.setTime(0);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        out.putNextEntry(entry);
        out.write(content);
      }
    }
    return jar;
  }

  @Test
  void twoMemoriesOfOneNameAreRefused() {
    var twice = List.<Parameter>of(new Parameter.Buffer(0, "x", Element.F32), new Parameter.Buffer(1, "x", Element.F32));
    assertThatThrownBy(() -> new Kernel("twice", twice, List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class).hasMessage("kernel twice: two memories of one name");
  }

  @Test
  void differentKernelsHaveDifferentDigests() {
    Set<Kernel> kernels = new HashSet<>();
    Set<String> digests = new HashSet<>();
    for (long seed = 0; seed < 300; seed++) {
      Kernel kernel = RandomKernels.kernel(new Random(seed));
      kernels.add(kernel);
      digests.add(kernel.digest());
    }
    assertThat(digests).hasSameSizeAs(kernels);
  }
}
