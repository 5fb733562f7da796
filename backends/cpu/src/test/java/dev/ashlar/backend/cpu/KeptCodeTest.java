package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that run the backend from a jar hand machine code on, by way of a folder. */
class KeptCodeTest {

  private static final String PROPERTY = "ashlar.code";
  /** So long ago that a file of this age was not written by a process of the test. */
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));

  @TempDir
  private Path folder;
  private Path jar;
  private Path code;

  /** Computes a product, a softmax and sums, and prints their bits. */
  static final class Process {
    public static void main(String[] arguments) {
      Tensor x = Tensor.input("x", TensorType.of(DType.F32, 37, 53));
      Tensor y = x.matmul(x.transpose()).mul(0.1).exp();
      Tensors results = Tensors.of(Map.of("y", y, "sums", y.sum(-1).tanh()));
      Computation computation = new Computation("kept", results, List.of());
      try (Backend backend = Cpu.defaults().withThreads(1).open();
          VariableStore store = backend.newStore();
          Workspace workspace = backend.compile(computation).open(store)) {
        NDArray values = workspace.argument("x");
        for (long i = 0; i < values.size(); i++) {
          values.set(i, Math.sin(i));
        }
        workspace.run();
        System.out.println(backend.describe());
        System.out.println(Stream.of("sums", "y").map(name -> bits(workspace.result(name)))
            .collect(Collectors.joining(" ")));
      }
    }

    private static String bits(NDArray array) {
      StringBuilder bits = new StringBuilder();
      for (long i = 0; i < array.size(); i++) {
        bits.append(Integer.toHexString(Float.floatToRawIntBits((float) array.get(i)))).append(' ');
      }
      return bits.toString();
    }
  }

  @BeforeEach
  void jar() throws IOException {
    Path classes = Path.of(Cpu.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    jar = folder.resolve("backend.jar");
    code = folder.resolve("a folder/code");
    if (Files.isRegularFile(classes)) {
      Files.copy(classes, jar);
      return;
    }
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar)); var files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  private String run() throws Exception {
    String told = run("--enable-native-access=ALL-UNNAMED");
    assumeTrue(told.startsWith("cpu: machine code"), "needs machine code: " + told.lines().findFirst().orElse(""));
    return told;
  }

  private String run(String option) throws Exception {
    Path classes = Path.of(Cpu.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).equals(classes) ? jar.toString() : entry)
        .collect(Collectors.joining(File.pathSeparator));
    java.lang.Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        option, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-D" + PROPERTY + "=" + code,
        "-cp", path, Process.class.getName()).redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(told).isZero();
    return told.substring(Math.max(0, told.indexOf("cpu: "))); // SLF4J may tell before that nobody logs
  }

  /** Files with what they hold. */
  private Map<Path, List<Byte>> kept() throws IOException {
    Map<Path, List<Byte>> kept = new TreeMap<>();
    try (Stream<Path> files = Files.walk(code)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Byte[] boxed = new Byte[bytes.length];
        Arrays.setAll(boxed, i -> bytes[i]);
        kept.put(file, List.of(boxed));
      }
    }
    return kept;
  }

  @Test
  void aSecondProcessReadsWhatTheFirstOneWroteAndWhatIsDamagedIsMadeAnew() throws Exception {
    String first = run();
    Map<Path, List<Byte>> written = kept();
    assertThat(written).hasSizeGreaterThanOrEqualTo(3);
    for (Path file : written.keySet()) {
      Files.setLastModifiedTime(file, LONG_AGO);
    }
    assertThat(run()).isEqualTo(first);
    assertThat(kept()).as("nothing more, nothing else").isEqualTo(written);
    assertThat(written.keySet()).as("not written again").allSatisfy(file ->
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO));

    Path damaged = written.keySet().iterator().next();
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);
    Files.setLastModifiedTime(damaged, LONG_AGO);
    assertThat(run()).isEqualTo(first);
    assertThat(kept()).isEqualTo(written);
    for (Path file : written.keySet()) {
      assertThat(Files.getLastModifiedTime(file).equals(LONG_AGO)).as("the damaged one alone is written again")
          .isEqualTo(!file.equals(damaged));
    }
  }

  @Test
  void withoutNativeAccessItIsSaidWhyThereIsNoneAndTheBitsAreTheSame() throws Exception {
    String machine = run();
    List<String> bytecode = run("-Dno=access").lines().toList();
    assertThat(bytecode.getFirst()).startsWith("cpu: bytecode, plain numbers").contains("(no machine code: native"
        + " access is not enabled; start the program with --enable-native-access=ALL-UNNAMED; no Vector API: start the program"
        + " with --add-modules=jdk.incubator.vector)");
    assertThat(bytecode.getLast()).isEqualTo(machine.lines().toList().getLast());
  }

  @Test
  void anotherJarReadsNothingOfIt() throws Exception {
    String first = run();
    int count = kept().size();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(folder.resolve("more.jar")));
        var in = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(in.entries())) {
        out.putNextEntry(new JarEntry(entry.getName()));
        in.getInputStream(entry).transferTo(out);
        out.closeEntry();
      }
      out.putNextEntry(new JarEntry("changed"));
      out.closeEntry();
    }
    jar = folder.resolve("more.jar");
    assertThat(run()).isEqualTo(first);
    assertThat(kept()).hasSize(2 * count);
  }
}
