package dev.ashlar.bench.cpu;

import dev.ashlar.backend.cpu.gemm.Gemm;
import dev.ashlar.backend.cpu.gemm.GemmSlice;
import dev.ashlar.backend.cpu.gemm.GemmSpec;
import dev.ashlar.backend.cpu.gemm.Routines;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Matrix products: {@code GemmBench [threads=1|2] [avx2] m,k,n,batch,NN|NT|TN ..} prints a line for each
 * shape with GFLOP/s. {@code bench/src/main/scripts/gemm_torch.py} takes the same shapes and prints
 * PyTorch's.
 */
public final class GemmBench {

  private record Shape(int m, int k, int n, int batch, boolean transposeA, boolean transposeB) {
    static Shape parse(String text) {
      var parts = text.split(",");
      return new Shape(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]),
          Integer.parseInt(parts[3]), parts[4].charAt(0) == 'T', parts[4].charAt(1) == 'T');
    }

    double operations() {
      return 2.0 * m * n * k * batch;
    }
  }

  private GemmBench() {}

  /** Runs the shapes of the command line. */
  public static void main(String[] args) {
    var shapes = new ArrayList<String>(List.of(args));
    int threads = shapes.remove("threads=2") ? 2 : 1;
    shapes.remove("threads=1");
    var machine = Machine.open(shapes.remove("avx2"));
    try (var second = new SecondThread()) {
      for (var text : shapes) {
        var shape = Shape.parse(text);
        try (var arena = Arena.ofShared()) {
          double seconds = measure(shape, machine, threads, second, arena);
          System.out.printf(Locale.ROOT, "%s %.1f%n", text, shape.operations() / seconds / 1e9);
        }
      }
    }
  }

  private static double measure(Shape shape, Machine machine, int threads, SecondThread second, Arena arena) {
    int m = shape.m();
    int k = shape.k();
    int n = shape.n();
    var spec = GemmSpec.dense(m, n, k, shape.transposeA(), shape.transposeB());
    boolean batched = shape.batch() > 1;
    var gemm = Gemm.plan(spec, new Routines(machine.compiler()), machine.tile(), batched ? 1 : threads);
    int slices = batched ? threads : gemm.slices();
    var a = random(arena, (long) m * k * shape.batch());
    var b = random(arena, (long) n * k * shape.batch());
    var c = arena.allocate(4L * m * n * shape.batch(), 4096);
    var work = new ArrayList<Runnable>();
    for (int i = 0; i < slices; i++) {
      var slice = gemm.slice(batched ? 0 : i, arena);
      slice.bind(a, b, c);
      int first = batched ? shape.batch() * i / slices : 0;
      int last = batched ? shape.batch() * (i + 1) / slices : 1;
      work.add(() -> products(slice, shape, first, last));
    }
    var clock = new Clock(threads == 1);
    return clock.seconds(slices == 1 ? work.get(0) : () -> second.both(work.get(0), work.get(1)));
  }

  private static void products(GemmSlice slice, Shape shape, int first, int last) {
    for (long i = first; i < last; i++) {
      slice.run(i * shape.m() * shape.k(), i * shape.n() * shape.k(), i * shape.m() * shape.n());
    }
  }

  private static MemorySegment random(Arena arena, long count) {
    var random = new Random(1);
    var memory = arena.allocate(4 * count, 4096);
    for (long i = 0; i < count; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    return memory;
  }

  /** A thread that waits for work by spinning. */
  private static final class SecondThread implements AutoCloseable {
    private final AtomicInteger given = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Runnable work = () -> {};
    private volatile boolean closed;
    private final Thread thread = new Thread(this::serve, "bench-second");
    private boolean started;

    void both(Runnable mine, Runnable its) {
      if (!started) {
        thread.setDaemon(true);
        thread.start();
        started = true;
      }
      int before = done.get();
      work = its;
      given.incrementAndGet();
      mine.run();
      while (done.get() == before) {
        Thread.onSpinWait();
      }
    }

    private void serve() {
      int seen = 0;
      while (!closed) {
        if (given.get() == seen) {
          Thread.onSpinWait();
        } else {
          seen++;
          work.run();
          done.incrementAndGet();
        }
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
