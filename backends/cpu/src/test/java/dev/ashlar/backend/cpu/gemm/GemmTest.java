package dev.ashlar.backend.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter;
import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter.Lanes;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.KernelCache;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.machine.MachineKernels;
import dev.ashlar.backend.cpu.machine.Target;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Products against three loops of fused multiply-adds: the same bits whatever tile, slice, stride and
 * emitter.
 */
class GemmTest {

  private static ExecutableMemory.Opened opened;
  private static KernelCompiler avx512;
  private static KernelCompiler avx2;

  @BeforeAll static void open() {
    opened = ExecutableMemory.open();
    if (opened instanceof ExecutableMemory.Opened.Ready ready) {
      avx512 = ready.features().hasAvx512() ? new KernelCache(new MachineKernels(ready.memory(),
          Target.AVX512))
          : null;
      avx2 = ready.features().hasAvx2() ? new KernelCache(new MachineKernels(ready.memory(),
          Target.AVX2)) : null;
    }
  }

  /** Several blocks of k even in small products, and kernels as they are written for C2. */
  private static final Tile SHALLOW = new Tile(6, 1, 2, 4, 3, 0, 64, 3, true);
  private static final KernelCompiler VECTORS = vectors(Lanes.VECTOR_256, false);

  /** -0, the least and the greatest denormal, infinities, NaN, the greatest number. */
  private static final short[] SPECIAL_BF16 =
      {(short) 0x8000, 1, 0x7F, (short) 0x807F, 0x7F80, (short) 0xFF80, 0x7FC1, 0x7F7F};
  private static final short[] SPECIAL_F16 =
      {(short) 0x8000, 1, 0x3FF, (short) 0x83FF, 0x7C00, (short) 0xFC00, 0x7E01, 0x7BFF};

  private static KernelCompiler vectors(Lanes lanes, boolean checked) {
    return new KernelCache(BytecodeEmitter.create(lanes, checked));
  }

  @AfterAll static void close() {
    if (opened instanceof ExecutableMemory.Opened.Ready ready) {
      ready.memory().close();
    }
  }

  @ParameterizedTest(name = "{0} x {1} x {2}")
  @CsvSource({"1,1,1", "1,100,37", "3,17,5", "8,48,16", "9,49,33", "31,50,64", "64,33,17", "100,130,600",
      "70,300,200", "5,40,50", "300,20,50", "200,3,400",
      "7,1100,200"})
  void bitsAreThoseOfThreeLoops(int m, int n, int k) {
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        var spec = GemmSpec.dense(m, n, k, ta, tb);
        if ((long) m * n * k < 2000) {
          check(spec, KernelCompiler.interpreter(), Tile.AVX512, 2, 0);
          check(spec, vectors(Lanes.VECTOR_512, false), Tile.VECTOR_512, 2, 0);
          check(spec, vectors(Lanes.VECTOR_256, true), Tile.VECTOR_256, 2, 0);
        }
        check(spec, VECTORS, Tile.VECTOR_256, 2, 0);
        check(spec, VECTORS, SHALLOW, 1, 0);
        check(spec, new ArrayLoops(), 1, 0);
        check(spec, new ArrayLoops(), 2, 0);
        if (avx512 != null) {
          check(spec, avx512, Tile.AVX512, 1, 0);
          check(spec, avx512, Tile.AVX512, 3, 0);
        }
        if (avx2 != null) {
          check(spec, avx2, Tile.AVX2, 2, 0);
          check(spec, avx2, SHALLOW, 1, 0);
        }
      }
    }
  }

  /** Half-wide operands, with every kind of number: widened exactly, then as before. */
  @ParameterizedTest(name = "{0} x {1} x {2}")
  @CsvSource({"1,1,1", "1,100,37", "1,17,64", "1,33,95", "2,40,70", "3,17,15", "5,35,16", "7,31,17", "8,130,96",
      "9,49,33", "64,33,17", "31,50,130", "300,20,50"})
  void halfWideOperandsAreWidenedExactly(int m, int n, int k) {
    var elements = List.of(Element.F32, Element.BF16, Element.F16);
    for (int kind = 0; kind < 4 * 9; kind++) {
      var spec = GemmSpec.dense(m, n, k, (kind & 1) != 0, (kind & 2) != 0)
          .withElements(elements.get(kind / 4 % 3), elements.get(kind / 12));
      for (long offset : new long[] {0, 3}) {
        check(spec, new ArrayLoops(), 2, offset);
        check(spec, VECTORS, SHALLOW, 1, offset);
        if (m * n * k < 2000) {
          check(spec, KernelCompiler.interpreter(), Tile.AVX512, 1, offset);
        }
        if (avx2 != null) {
          check(spec, avx2, Tile.AVX2, 2, offset);
          check(spec, avx2, SHALLOW, 1, offset);
        }
        if (avx512 != null) {
          check(spec, avx512, Tile.AVX512, 2, offset);
        }
      }
    }
  }

  @Test void stridesOfBothKindsAccumulationAndOffsets() {
    assumeTrue(avx2 != null, "this processor has no AVX2");
    var spec = new GemmSpec(11, 35, 20, new GemmSpec.Strides(50, 2), new GemmSpec.Strides(120, 3), 40, true);
    check(spec, new ArrayLoops(), 2, 7);
    check(spec, VECTORS, Tile.VECTOR_256, 2, 7);
    check(spec, avx2, Tile.AVX2, 2, 7);
    if (avx512 != null) {
      check(spec, avx512, Tile.AVX512, 2, 7);
    }
  }

  /** Attention's heads: short rows of A lie in wider ones. */
  @Test void partsOfWiderRows() {
    assumeTrue(avx2 != null, "this processor has no AVX2");
    for (int k : new int[] {1, 15, 16, 17, 64, 128, 129}) {
      var wide = new GemmSpec.Strides(200, 1);
      for (var b : List.of(wide, new GemmSpec.Strides(1, 200))) {
        var spec = new GemmSpec(400, 100, k, wide, b, 100, false); // so large that rows are shared out
        check(spec, VECTORS, Tile.VECTOR_256, 8, 7);
        check(spec, avx2, Tile.AVX2, 8, 7);
        if (avx512 != null) {
          check(spec, avx512, Tile.AVX512, 8, 7);
        }
      }
    }
  }

  @Test void runningAllocatesNothing() {
    assumeTrue(avx2 != null, "this processor has no AVX2");
    try (var arena = Arena.ofConfined()) {
      var random = new Random(1);
      var slice = Gemm.plan(GemmSpec.dense(40, 50, 30, false, true), new Routines(avx2, Tile.AVX2), 1).slice(0, arena);
      slice.bind(random(arena, 1200, Element.F32, random), random(arena, 1500, Element.F32, random),
          arena.allocate(8000, 64));
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 50; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 2000; i++) {
          slice.run(0, 0, 0);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isLessThan(200); // the measurement itself takes some
    }
  }

  private static void check(GemmSpec spec, KernelCompiler compiler, Tile tile, int slices, long offset) {
    check(spec, new Routines(compiler, tile), slices, offset);
  }

  private static void check(GemmSpec spec, Multiplier multiplier, int slices, long offset) {
    try (var arena = Arena.ofConfined()) {
      var random = new Random(spec.m() * 31L + spec.n());
      var a = random(arena, offset + 1 + (spec.m() - 1) * spec.a().row()
          + (spec.k() - 1) * spec.a().column(), spec.a().element(), random);
      var b = random(arena, offset + 1 + (spec.k() - 1) * spec.b().row()
          + (spec.n() - 1) * spec.b().column(), spec.b().element(), random);
      var c = random(arena, offset + spec.m() * spec.cRow() + 64, Element.F32, random);
      var expected = arena.allocate(c.byteSize(), 64).copyFrom(c);
      reference(spec, a, b, expected, offset);
      var gemm = Gemm.plan(spec, multiplier, slices);
      for (int i = 0; i < gemm.slices(); i++) {
        var slice = gemm.slice(i, arena);
        slice.bind(a, b, c);
        slice.run(offset, offset, offset);
      }
      assertThat(differing(c, expected)).as("%s in %s slices by %s", spec, slices, multiplier).isEqualTo(-1);
    }
  }

  /** The first element of other bits, NaN being NaN; -1 if there is none. */
  private static long differing(MemorySegment c, MemorySegment expected) {
    for (long i = 0; i < c.byteSize() / Float.BYTES; i++) {
      if (Float.floatToIntBits(c.getAtIndex(ValueLayout.JAVA_FLOAT, i))
          != Float.floatToIntBits(expected.getAtIndex(ValueLayout.JAVA_FLOAT, i))) {
        return i;
      }
    }
    return -1;
  }

  private static void reference(GemmSpec spec, MemorySegment a, MemorySegment b, MemorySegment c,
      long offset) {
    for (int i = 0; i < spec.m(); i++) {
      for (int j = 0; j < spec.n(); j++) {
        long at = offset + i * spec.cRow() + j;
        float sum = spec.accumulate() ? c.getAtIndex(ValueLayout.JAVA_FLOAT, at) : 0;
        for (int k = 0; k < spec.k(); k++) {
          sum = Math.fma(widened(a, spec.a().element(), offset + i * spec.a().row() + k * spec.a().column()),
              widened(b, spec.b().element(), offset + k * spec.b().row() + j * spec.b().column()), sum);
        }
        c.setAtIndex(ValueLayout.JAVA_FLOAT, at, sum);
      }
    }
  }

  private static float widened(MemorySegment memory, Element element, long at) {
    return switch (element) {
      case BF16 -> Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, at) << 16);
      case F16 -> Float.float16ToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, at));
      default -> memory.getAtIndex(ValueLayout.JAVA_FLOAT, at);
    };
  }

  /** Normal numbers; of half-wide ones, now and then zeros, denormals, infinities and NaN. */
  private static MemorySegment random(Arena arena, long count, Element element, Random random) {
    var memory = arena.allocate(element.bytes() * count, 64);
    for (long i = 0; i < count; i++) {
      float value = (float) random.nextGaussian();
      switch (element) {
        case BF16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, i,
            random.nextInt(97) == 0 ? SPECIAL_BF16[random.nextInt(SPECIAL_BF16.length)]
                : (short) (Float.floatToRawIntBits(value) >>> 16));
        case F16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, i,
            random.nextInt(97) == 0 ? SPECIAL_F16[random.nextInt(SPECIAL_F16.length)] : Float.floatToFloat16(value));
        default -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
      }
    }
    return memory;
  }
}
