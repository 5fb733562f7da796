package dev.ashlar.backend.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter;
import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter.Lanes;
import dev.ashlar.backend.cpu.kernel.KernelCache;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.machine.MachineKernels;
import dev.ashlar.backend.cpu.machine.Target;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Convolutions by products against seven loops of fused multiply-adds: the same bits. */
class ConvolutionTest {

  private static final int CASES = 150;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  @Test void bitsAreThoseOfLoopsWhateverTheEmitter() {
    List<Routines> all = new ArrayList<>();
    all.add(new Routines(new KernelCache(BytecodeEmitter.create(Lanes.VECTOR_256, true)),
        new Tile(4, 2, 0, 8, 0, 0, 20, 3, true)));
    all.add(new Routines(new KernelCache(KernelCompiler.interpreter()), Tile.AVX2));
    try (var opened = Opened.of()) {
      all.addAll(opened.routines);
      var random = new Random(7);
      int overWindow = 0;
      for (int i = 0; i < CASES; i++) {
        var spec = random(random);
        overWindow += spec.sumsOverWindow() ? 1 : 0;
        for (var routines : all) {
          check(spec, routines, 1 + random.nextInt(3), random);
        }
      }
      assertThat(overWindow).isBetween(20, CASES - 20);
    }
  }

  private record Opened(List<Routines> routines, List<ExecutableMemory> memory) implements AutoCloseable {
    static Opened of() {
      var opened = new Opened(new ArrayList<>(), new ArrayList<>());
      if (ExecutableMemory.open() instanceof ExecutableMemory.Opened.Ready(var memory, var features)) {
        opened.memory.add(memory);
        if (features.hasAvx2()) {
          opened.routines.add(new Routines(new KernelCache(new MachineKernels(memory, Target.AVX2)), Tile.AVX2));
        }
        if (features.hasAvx512()) {
          opened.routines.add(new Routines(new KernelCache(new MachineKernels(memory, Target.AVX512)), Tile.AVX512));
        }
      }
      return opened;
    }

    @Override public void close() {
      memory.forEach(ExecutableMemory::close);
    }
  }

  private static ConvolutionSpec random(Random random) {
    while (true) {
      int axes = 1 + random.nextInt(3);
      boolean wide = random.nextBoolean(); // a window as in the gradient of a kernel
      var extents = numbers(random, axes, 1, axes == 1 ? 40 : axes == 2 ? 17 : 6);
      var window = wide ? numbers(random, axes, 3, axes == 3 ? 5 : 12) : numbers(random, axes, 1, 4);
      var stride = numbers(random, axes, 1, random.nextInt(3) == 0 ? 3 : 1);
      var spread = numbers(random, axes, 1, random.nextInt(4) == 0 ? 2 : 1);
      var dilation = numbers(random, axes, 1, random.nextInt(3) == 0 ? 2 : 1);
      var low = numbers(random, axes, -1, 3);
      List<Integer> positions = new ArrayList<>();
      for (int i = 0; i < axes; i++) {
        int dilated = (extents.get(i) - 1) * spread.get(i) + 1 + low.get(i) + random.nextInt(4) - 1;
        positions.add(Math.floorDiv(dilated - (window.get(i) - 1) * dilation.get(i) - 1, stride.get(i)) + 1);
      }
      var spec = new ConvolutionSpec(1 + random.nextInt(3), 1 + random.nextInt(4), 1 + random.nextInt(20), extents, window,
          positions, stride, low, spread, dilation);
      if (positions.stream().allMatch(p -> p > 0) && spec.isSupported()) {
        return spec;
      }
    }
  }

  private static List<Integer> numbers(Random random, int count, int least, int most) {
    return Stream.generate(() -> least + random.nextInt(most - least + 1)).limit(count).toList();
  }

  private static void check(ConvolutionSpec spec, Routines routines, int parts, Random random) {
    try (var arena = Arena.ofConfined()) {
      int inputs = spec.examples() * spec.channels() * (int) ConvolutionSpec.size(spec.extents());
      int weights = spec.outputs() * spec.channels() * (int) ConvolutionSpec.size(spec.window());
      int results = spec.examples() * spec.outputs() * (int) ConvolutionSpec.size(spec.positions());
      var x = normal(arena, inputs, random);
      var kernel = normal(arena, weights, random);
      var result = normal(arena, results, random);
      var slices = routines.convolution(spec, parts, _ -> arena, arena);
      // Working memory holds what others left.
      for (int run = 0; run < 2; run++) {
        slices.forEach(slice -> slice.bind(x, kernel, result));
        slices.reversed().forEach(ConvolutionSlice::run);
      }
      var expected = loops(spec, x, kernel, arena);
      assertThat(result.mismatch(expected)).as("%s in %d parts", spec, parts).isEqualTo(-1);
    }
  }

  private static MemorySegment normal(Arena arena, int count, Random random) {
    var memory = arena.allocate(4L * count, 64);
    for (int i = 0; i < count; i++) {
      memory.setAtIndex(FLOAT, i, (float) random.nextGaussian());
    }
    return memory;
  }

  private static MemorySegment loops(ConvolutionSpec spec, MemorySegment x, MemorySegment kernel, Arena arena) {
    int area = (int) ConvolutionSpec.size(spec.extents());
    int window = (int) ConvolutionSpec.size(spec.window());
    int positions = (int) ConvolutionSpec.size(spec.positions());
    var result = arena.allocate(4L * spec.examples() * spec.outputs() * positions, 64);
    for (int e = 0; e < spec.examples(); e++) {
      for (int o = 0; o < spec.outputs(); o++) {
        for (int p = 0; p < positions; p++) {
          float sum = 0;
          for (int c = 0; c < spec.channels(); c++) {
            for (int w = 0; w < window; w++) {
              long at = place(spec, p, w);
              float value = at < 0 ? 0 : x.getAtIndex(FLOAT, (e * spec.channels() + c) * area + at);
              sum = Math.fma(kernel.getAtIndex(FLOAT, (o * spec.channels() + c) * window + w), value, sum);
            }
          }
          result.setAtIndex(FLOAT, (e * spec.outputs() + o) * positions + p, sum);
        }
      }
    }
    return result;
  }

  /** Of x, or -1 in the padding. */
  private static long place(ConvolutionSpec spec, int position, int element) {
    long place = 0;
    long pitch = 1;
    for (int i = spec.extents().size() - 1; i >= 0; i--) {
      int u = position % spec.positions().get(i) * spec.stride().get(i)
          + element % spec.window().get(i) * spec.kernelDilation().get(i) - spec.low().get(i);
      position /= spec.positions().get(i);
      element /= spec.window().get(i);
      if (u < 0 || u % spec.inputDilation().get(i) != 0 || u / spec.inputDilation().get(i) >= spec.extents().get(i)) {
        return -1;
      }
      place += u / spec.inputDilation().get(i) * pitch;
      pitch *= spec.extents().get(i);
    }
    return place;
  }
}
