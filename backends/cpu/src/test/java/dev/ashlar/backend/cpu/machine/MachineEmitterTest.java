package dev.ashlar.backend.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Interpreter;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.Kernels;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.backend.cpu.kernel.RandomKernels;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;

/** The same kernel by the interpreter, AVX-512 and AVX2: the same bits. */
class MachineEmitterTest {

  private static ExecutableMemory.Opened opened;

  @BeforeAll static void open() {
    opened = ExecutableMemory.open();
  }

  @AfterAll static void close() {
    if (opened instanceof ExecutableMemory.Opened.Ready ready) {
      ready.memory().close();
    }
  }

  private static MachineKernels machine(Target target) {
    var refusal = opened instanceof ExecutableMemory.Opened.Refused r ? r.reason() : "";
    assumeTrue(refusal.isEmpty(), refusal);
    var ready = (ExecutableMemory.Opened.Ready) opened;
    boolean able = target == Target.AVX512 ? ready.features().hasAvx512() : ready.features().hasAvx2();
    assumeTrue(able, "this processor has no " + target);
    return new MachineKernels(ready.memory(), target);
  }


  static Stream<ArgumentSet> kernels() {
    return IntStream.of(1, 15, 16, 17, 31, 100, 127).boxed().flatMap(columns -> Stream.of(Target.values())
        .flatMap(target -> Stream.of(
            set(Kernels.geluTimes(), target, 3, columns),
            set(Kernels.softmax(), target, 3, columns),
            set(Kernels.layerNorm(), target, 3, columns),
            set(Kernels.columnSum(), target, 7, columns),
            set(Kernels.gatherRows(), target, 5, columns))));
  }

  private static ArgumentSet set(Kernel kernel, Target target, int rows, int columns) {
    return org.junit.jupiter.params.provider.Arguments.argumentSet(
        kernel.name() + " " + rows + " x " + columns + " " + target, kernel, target, rows, columns);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void realKernelsGiveTheBitsOfTheInterpreter(Kernel kernel, Target target, int rows, int columns) {
    var machine = machine(target);
    compare(kernel, machine, 8L * columns, arguments -> {
      for (var parameter : kernel.parameters()) {
        switch (parameter.name()) {
          case "rows" -> arguments.set("rows", rows);
          case "columns" -> arguments.set("columns", columns);
          case "scale" -> arguments.set("scale", 1f / columns);
          case "epsilon" -> arguments.set("epsilon", 1e-5f);
          default -> {}
        }
      }
    }, new Random(columns));
  }

  static Stream<ArgumentSet> randomKernels() {
    return IntStream.range(0, 60).boxed().flatMap(seed -> Stream.of(Target.values()).map(target ->
        org.junit.jupiter.params.provider.Arguments.argumentSet("seed " + seed + " " + target, seed,
            target)));
  }

  @ParameterizedTest
  @MethodSource("randomKernels")
  void randomKernelsGiveTheBitsOfTheInterpreter(int seed, Target target) {
    var machine = machine(target);
    var random = new Random(seed);
    var kernel = RandomKernels.kernel(random);
    for (int n : new int[] {1, 15, 16, 17, 37}) {
      compare(kernel, machine, 256, arguments -> {
        arguments.set("n", n).set("stride", 3).set("s", 1.25f).set("t", -7);
      }, new Random(seed * 31 + n));
    }
  }

  private static void compare(Kernel kernel, MachineKernels machine, long elements,
      Consumer<Arguments> scalars,
      Random random) {
    var compiled = machine.compile(kernel);
    try (var arena = Arena.ofConfined()) {
      var expected = new Arguments(kernel, arena);
      var actual = new Arguments(kernel, arena);
      scalars.accept(expected);
      scalars.accept(actual);
      for (var parameter : kernel.parameters()) {
        if (parameter instanceof Parameter.Buffer buffer) {
          var memory = arena.allocate(elements * buffer.element().bytes(), 64);
          RandomKernels.fill(memory, buffer, random);
          expected.set(buffer.position(), memory);
          actual.set(buffer.position(), arena.allocate(memory.byteSize(), 64).copyFrom(memory));
        }
      }
      Interpreter.run(kernel, expected);
      compiled.run(actual);
      for (var parameter : kernel.parameters()) {
        if (parameter instanceof Parameter.Buffer buffer) {
          assertSame(kernel, buffer, expected.segment(buffer.position()), actual.segment(buffer.position()));
        }
      }
    }
  }

  private static void assertSame(Kernel kernel, Parameter.Buffer buffer, MemorySegment expected,
      MemorySegment actual) {
    int bytes = buffer.element().bytes();
    for (long i = 0; i < expected.byteSize() / bytes; i++) {
      long e = bits(buffer.element(), expected, i);
      long a = bits(buffer.element(), actual, i);
      if (e != a) {
        assertThat(Long.toHexString(a)).as("%s[%d] of %s", buffer, i, kernel).isEqualTo(Long.toHexString(e));
      }
    }
  }

  /** The bits of an element; all NaN are the same. */
  private static long bits(Element element, MemorySegment memory, long i) {
    return switch (element) {
      case F32 -> Float.floatToIntBits(memory.getAtIndex(ValueLayout.JAVA_FLOAT, i));
      case F16 -> {
        short half = memory.getAtIndex(ValueLayout.JAVA_SHORT, i);
        yield (half & 0x7FFF) > 0x7C00 ? 0x7E00 : half;
      }
      case BF16 -> {
        short half = memory.getAtIndex(ValueLayout.JAVA_SHORT, i);
        yield (half & 0x7FFF) > 0x7F80 ? 0x7FC0 : half;
      }
      case I32 -> memory.getAtIndex(ValueLayout.JAVA_INT, i);
      case I64 -> memory.getAtIndex(ValueLayout.JAVA_LONG, i);
      case I8, U8, BOOL -> memory.get(ValueLayout.JAVA_BYTE, i);
    };
  }
}
