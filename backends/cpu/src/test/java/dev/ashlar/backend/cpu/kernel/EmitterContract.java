package dev.ashlar.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;

/** What every emitter owes: the bits of the interpreter. */
public abstract class EmitterContract {

  /** The emitter under test; skips the test where this machine cannot run it. */
  protected abstract KernelCompiler emitter();

  static Stream<ArgumentSet> realKernels() {
    return IntStream.of(1, 15, 16, 17, 31, 100, 127).boxed().flatMap(columns -> Stream.of(
        set(Kernels.geluTimes(), 3, columns),
        set(Kernels.deepGelu(), 1, columns),
        set(Kernels.adamW(), 1, columns),
        set(Kernels.softmax(), 3, columns),
        set(Kernels.layerNorm(), 3, columns),
        set(Kernels.columnSum(), 7, columns),
        set(Kernels.largestOfPairs(), 1, columns),
        set(Kernels.gatherRows(), 5, columns)));
  }

  private static ArgumentSet set(Kernel kernel, int rows, int columns) {
    return org.junit.jupiter.params.provider.Arguments.argumentSet(
        kernel.name() + " " + rows + " x " + columns, kernel, rows, columns);
  }

  @ParameterizedTest
  @MethodSource("realKernels")
  void realKernelsGiveTheBitsOfTheInterpreter(Kernel kernel, int rows, int columns) {
    compare(kernel, 8L * columns, arguments -> sizes(arguments, rows, columns), new Random(columns));
  }

  /** Sets what the kernels of {@link Kernels} call their sizes. */
  public static void sizes(Arguments arguments, int rows, int columns) {
    for (var parameter : arguments.kernel().parameters()) {
      switch (parameter.name()) {
        case "rows" -> arguments.set("rows", rows);
        case "columns" -> arguments.set("columns", columns);
        case "scale" -> arguments.set("scale", 1f / columns);
        case "epsilon" -> arguments.set("epsilon", 1e-5f);
        default -> {}
      }
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomKernelsGiveTheBitsOfTheInterpreter(int seed) {
    var kernel = RandomKernels.kernel(new Random(seed));
    var compiled = emitter().compile(kernel);
    for (int n : new int[] {1, 15, 16, 17, 37}) {
      compare(kernel, compiled, 256, arguments ->
          arguments.set("n", n).set("stride", 3).set("s", 1.25f).set("t", -7), new Random(seed * 31 + n));
    }
  }

  /** Runs a kernel by the interpreter and compiled, on random buffers of so many elements. */
  public final void compare(Kernel kernel, long elements, Consumer<Arguments> scalars, Random random) {
    compare(kernel, emitter().compile(kernel), elements, scalars, random);
  }

  private static void compare(
      Kernel kernel, CompiledKernel compiled, long elements, Consumer<Arguments> scalars, Random random) {
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

  private static void assertSame(
      Kernel kernel, Parameter.Buffer buffer, MemorySegment expected, MemorySegment actual) {
    for (long i = 0; i < expected.byteSize() / buffer.element().bytes(); i++) {
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
