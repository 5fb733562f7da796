package dev.ashlar.bench;

import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.bench.cpu.MultiplyAdds;
import dev.ashlar.bench.emitters.Maker;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;

/**
 * What the machine can do at most, as measured now.
 *
 * @param threads that worked
 * @param flops f32 multiply-adds in registers, floating-point operations a second, all threads
 * @param copyBytes read and written a second, by y = x + 1 over arrays that no cache holds
 * @param readBytes read a second, by a sum over such an array
 */
record Limits(int threads, double flops, double copyBytes, double readBytes) {

  private static final int ROUNDS = 9;
  private static final int ROWS = 4096;
  private static final int COLUMNS = 8192;

  /** Measures; takes a few seconds. */
  static Limits measure(Backend backend, int threads) {
    double size = (double) ROWS * COLUMNS * Float.BYTES;
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, ROWS, COLUMNS));
    return new Limits(threads, flops(threads), 2 * size / seconds(backend, x.add(1)),
        size / seconds(backend, x.sum(0)));
  }

  /** The better of both. */
  double bytes() {
    return Math.max(copyBytes, readBytes);
  }

  private static double seconds(Backend backend, Tensor result) {
    try (Runs runs = new Runs(backend, new Computation("limit", Tensors.of(result), List.of()), Map.of())) {
      double[] seconds = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        long start = System.nanoTime();
        runs.run();
        seconds[i] = (System.nanoTime() - start) * 1e-9;
      }
      Arrays.sort(seconds);
      return seconds[ROUNDS / 2];
    }
  }

  /** The best of some rounds: whatever disturbs makes it less. */
  private static double flops(int threads) {
    double[] rates = new double[threads];
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      all.add(Thread.ofPlatform().daemon().start(() -> rates[number] = rate(together)));
    }
    for (Thread thread : all) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    // Threads beyond the processors take turns, and none is at its best while another is.
    return Arrays.stream(rates).sum() * Math.min(1, (double) Runtime.getRuntime().availableProcessors() / threads);
  }

  private static double rate(CyclicBarrier together) {
    try (Arena arena = Arena.ofConfined()) {
      MultiplyAdds work = new MultiplyAdds(Maker.fastest(), arena);
      double best = 0;
      together.await();
      for (int i = 0; i < 10 * ROUNDS; i++) {
        long start = System.nanoTime();
        work.run();
        best = Math.max(best, work.operations() / (System.nanoTime() - start) * 1e9);
      }
      return best;
    } catch (Exception e) {
      throw new IllegalStateException("the multiply-adds could not be timed", e);
    }
  }

  /** For people. */
  String toText() {
    return String.format(Locale.ROOT,
        "limits, %d %s: %.0f GFLOP/s (f32 multiply-adds in registers, %d lanes), memory %.1f GB/s copied, %.1f GB/s read",
        threads, threads == 1 ? "thread" : "threads", flops / 1e9, Type.LANES, copyBytes / 1e9, readBytes / 1e9);
  }

  /** One JSON object. */
  String toJson() {
    return String.format(Locale.ROOT,
        "{\"engine\": \"ashlar\", \"limits\": {\"threads\": %d, \"gflops\": %.1f, \"copy_gb_s\": %.2f, \"read_gb_s\": %.2f}}",
        threads, flops / 1e9, copyBytes / 1e9, readBytes / 1e9);
  }
}
