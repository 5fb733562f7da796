package dev.ashlar.bench;

import dev.ashlar.backend.cpu.kernel.MultiplyAdds;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.bench.cpu.Streams;
import dev.ashlar.bench.emitters.Maker;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * What the machine can do at most, as measured now, by the fastest means to be had here whatever workloads run by: the
 * best of some rounds, for whatever disturbs makes it less.
 *
 * @param threads that worked
 * @param flops f32 multiply-adds in registers, floating-point operations a second, all threads
 * @param copyBytes read and written a second, by copies of arrays that no cache holds
 * @param readBytes read a second, by sums over such arrays
 * @param cacheBytes read and written a second, by copies within the caches that each core has for itself
 */
record Limits(int threads, double flops, double copyBytes, double readBytes, double cacheBytes) {

  private static final int ROUNDS = 9;
  /** All threads' arrays together: more than caches hold. */
  private static final long LARGE = 128 << 20;
  /** Of a thread: more than a first cache holds, and two of them less than a second one. */
  private static final long SMALL = 64 << 10;
  private static final int SMALL_COPIES = 100;

  /** Work of one thread, and what it counts. */
  private record Work(Runnable run, double amount) {}

  /** Measures; takes about a second. */
  static Limits measure(int threads) {
    Maker maker = Maker.fastest();
    return new Limits(threads, rate(threads, arena -> multiplyAdds(maker, arena)),
        Math.max(rate(threads, arena -> copies(new Streams(maker, LARGE / threads, arena))),
            rate(threads, arena -> copiesByJdk(new Streams(maker, LARGE / threads, arena)))),
        Math.max(rate(threads, arena -> reads(new Streams(maker, LARGE / threads, arena))),
            rate(threads, arena -> readsByJdk(new Streams(maker, LARGE / threads, arena)))),
        rate(threads, arena -> copiesInCache(new Streams(maker, SMALL, arena))));
  }

  /** Of memory, the better of both. */
  double bytes() {
    return Math.max(copyBytes, readBytes);
  }

  private static Work copies(Streams streams) {
    return new Work(streams::copy, 2.0 * streams.bytes());
  }

  private static Work copiesByJdk(Streams streams) {
    return new Work(streams::copyByJdk, 2.0 * streams.bytes());
  }

  private static Work reads(Streams streams) {
    return new Work(streams::read, streams.bytes());
  }

  private static Work readsByJdk(Streams streams) {
    return new Work(streams::readByJdk, 2.0 * streams.bytes());
  }

  private static Work copiesInCache(Streams streams) {
    return new Work(() -> {
      for (int i = 0; i < SMALL_COPIES; i++) {
        streams.copy();
      }
    }, 2.0 * SMALL_COPIES * streams.bytes());
  }

  private static Work multiplyAdds(Maker maker, Arena arena) {
    var compiler = maker.compiler();
    MultiplyAdds work = new MultiplyAdds(compiler, maker.multiplier(compiler).tile().vectors(), arena);
    return new Work(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        work.run();
      }
    }, ROUNDS * work.operations());
  }

  /** What all threads do in a second, who begin each round together and wait for the last. */
  private static double rate(int threads, Function<Arena, Work> setup) {
    double[][] seconds = new double[2 * ROUNDS][threads];
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Callable<Double>> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      workers.add(() -> run(number, setup, together, seconds));
    }
    double amount = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (Future<Double> worker : pool.invokeAll(workers)) {
        amount += worker.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the machine's limits could not be measured", e);
    }
    return amount / Arrays.stream(seconds).mapToDouble(round -> Arrays.stream(round).max().orElseThrow()).min()
        .orElseThrow();
  }

  private static double run(int number, Function<Arena, Work> setup, CyclicBarrier together, double[][] seconds)
      throws InterruptedException, BrokenBarrierException {
    try (Arena arena = Arena.ofConfined()) {
      Work work = setup.apply(arena);
      for (double[] round : seconds) {
        together.await();
        long start = System.nanoTime();
        work.run().run();
        round[number] = (System.nanoTime() - start) * 1e-9;
      }
      return work.amount();
    } finally {
      if (seconds[seconds.length - 1][number] == 0) {
        together.reset(); // it failed: nobody waits for it
      }
    }
  }

  /** For people. */
  String toText() {
    return String.format(Locale.ROOT, "limits, %d %s: %.0f GFLOP/s (f32 multiply-adds in registers, %d lanes), memory"
        + " %.1f GB/s copied, %.1f GB/s read, caches %.0f GB/s copied", threads, threads == 1 ? "thread" : "threads",
        flops / 1e9, Type.LANES, copyBytes / 1e9, readBytes / 1e9, cacheBytes / 1e9);
  }

  /** One JSON object. */
  String toJson() {
    return String.format(Locale.ROOT, "{\"engine\": \"ashlar\", \"limits\": {\"threads\": %d, \"gflops\": %.1f,"
        + " \"copy_gb_s\": %.2f, \"read_gb_s\": %.2f, \"cache_gb_s\": %.2f}}", threads, flops / 1e9, copyBytes / 1e9,
        readBytes / 1e9, cacheBytes / 1e9);
  }
}
