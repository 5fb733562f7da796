package dev.ashlar.backend.cpu.x86;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.backend.cpu.x86.ExecutableMemory.Opened;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExecutableMemoryTest {
  private static final FunctionDescriptor LONG_TO_LONG = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG);

  private static byte[] adder(int constant) {
    var a = new Assembler();
    a.lea(Gpr.RAX, Mem.at(Gpr.RDI, constant));
    a.ret();
    return a.finish();
  }

  private static ExecutableMemory open() {
    var opened = ExecutableMemory.open();
    assumeTrue(opened instanceof Opened.Ready, opened.toString());
    return ((Opened.Ready) opened).memory();
  }

  @Test void manyRoutinesRunFromSharedPages() throws Throwable {
    try (var memory = open()) {
      var routines = new ArrayList<byte[]>();
      for (int i = 0; i < 300; i++) {
        routines.add(adder(i));
      }
      var installed = memory.install(routines);
      assertThat(installed.getLast().address() - installed.getFirst().address()).isEqualTo(299 * 64);
      for (int i = 0; i < 300; i++) {
        assertThat((long) memory.function(installed.get(i), LONG_TO_LONG).invokeExact(1000L))
            .isEqualTo(1000L + i);
      }
    }
  }

  @Test void routinesInstalledLaterAndLargerThanARegionRunToo() throws Throwable {
    try (var memory = open()) {
      var first = memory.install(adder(1));
      var a = new Assembler();
      for (int i = 0; i < 3 << 20; i++) {
        a.inc(Gpr.RDI);
      }
      a.mov(Gpr.RAX, Gpr.RDI);
      a.ret();
      var large = memory.install(a.finish());
      var last = memory.install(adder(2));
      assertThat((long) memory.function(first, LONG_TO_LONG).invokeExact(5L)).isEqualTo(6);
      assertThat((long) memory.function(large, LONG_TO_LONG).invokeExact(0L)).isEqualTo(3 << 20);
      assertThat((long) memory.function(last, LONG_TO_LONG).invokeExact(5L)).isEqualTo(7);
    }
  }

  @Test void noPageIsWritableAndExecutable() throws IOException {
    try (var memory = open()) {
      memory.install(adder(1));
      try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
        var code = memory.install(adder(1)).address();
        var ours = maps.filter(line -> contains(line, code)).toList();
        assertThat(ours).hasSize(1).allSatisfy(line -> assertThat(line).contains(" r-xp "));
      }
    }
  }

  private static boolean contains(String line, long address) {
    var range = line.substring(0, line.indexOf(' ')).split("-");
    return Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
        && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0;
  }

  @Test void closedMemoryTakesNoMore() {
    var memory = open();
    memory.close();
    assertThatIllegalStateException().isThrownBy(() -> memory.install(adder(1)));
  }

  @Test void vectorCodeAndItsConstantsRun() throws Throwable {
    var opened = ExecutableMemory.open();
    assumeTrue(opened instanceof Opened.Ready ready && ready.features().hasAvx2(), opened.toString());
    try (var memory = ((Opened.Ready) opened).memory(); var arena = Arena.ofConfined()) {
      var a = new Assembler();
      a.emit(Instruction.VBROADCASTSS, Vec.ymm(0), a.constant(0.5f));
      a.emit(Instruction.VFMADD213PS, Vec.ymm(0), Vec.ymm(0), Mem.at(Gpr.RDI));
      a.emit(Instruction.VMOVUPS, Mem.at(Gpr.RDI), Vec.ymm(0));
      a.emit(Instruction.VZEROUPPER);
      a.ret();
      var x = arena.allocateFrom(JAVA_FLOAT, 1, 2, 3, 4, 5, 6, 7, 8);
      memory.function(memory.install(a.finish()), FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(x);
      assertThat(x.toArray(JAVA_FLOAT))
          .containsExactly(1.25f, 2.25f, 3.25f, 4.25f, 5.25f, 6.25f, 7.25f, 8.25f);
    }
  }

  @Test void featuresAreThoseThatTheSystemReports() throws IOException {
    var opened = ExecutableMemory.open();
    assumeTrue(opened instanceof Opened.Ready, opened.toString());
    var features = ((Opened.Ready) opened).features();
    var flags = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("flags")).findFirst().orElseThrow();
    var reported = List.of(flags.split("\\s+"));
    for (var feature : CpuFeature.values()) {
      assertThat(features.has(feature)).as(feature.name())
          .isEqualTo(reported.contains(feature.name().toLowerCase(java.util.Locale.ROOT)));
    }
    assertThat(features.level1()).isGreaterThanOrEqualTo(16 << 10);
    assertThat(features.name()).isNotBlank();
  }

  @Test void refusalIsASentence() {
    assertThat(ExecutableMemory.refusal("aarch64", null))
        .isEqualTo("machine code is written for x86-64 only, and this is aarch64");
    assertThat(ExecutableMemory.refusal("amd64", "no")).isEqualTo("no");
    assertThat(NativeCalls.refusal("Windows 11", true)).contains("on Linux only, and this is Windows 11");
    assertThat(NativeCalls.refusal("Linux", false)).contains("--enable-native-access");
    assertThat(NativeCalls.refusal("Linux", true)).isNull();
  }

  @Test void hugePagesAreAlignedZeroedAndGivenBack() {
    MemorySegment memory;
    try (var arena = Arena.ofShared()) {
      memory = HugePages.allocate((5 << 20) + 12, arena);
      assertThat(memory.byteSize()).isEqualTo((5 << 20) + 12);
      assertThat(memory.address() % 64).isZero();
      assertThat(memory.mismatch(arena.allocate(memory.byteSize()))).isEqualTo(-1);
      memory.set(JAVA_BYTE, (5 << 20) + 11, (byte) 1);
      assertThat(HugePages.allocate(100, arena).byteSize()).isEqualTo(100);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> memory.get(JAVA_BYTE, 0));
  }
}
