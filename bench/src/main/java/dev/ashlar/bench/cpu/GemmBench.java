package dev.ashlar.bench.cpu;

import dev.ashlar.backend.cpu.gemm.Gemm;
import dev.ashlar.backend.cpu.gemm.GemmSlice;
import dev.ashlar.backend.cpu.gemm.GemmSpec;
import dev.ashlar.backend.cpu.gemm.Multiplier;
import dev.ashlar.backend.cpu.kernel.KernelCache;
import dev.ashlar.bench.emitters.KernelWork;
import dev.ashlar.bench.emitters.Maker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Matrix products: {@code GemmBench [threads=1|2] [emitter=..] [crowd=N] [warm=S] [soak=S]
 * m,k,n,batch,NN|NT|TN ..} prints a line for each shape with GFLOP/s. {@code emitter} is a {@link Maker},
 * machine code for AVX-512 where it is not said. {@code crowd} other kernels are made and run before, each shape
 * is run for {@code warm} seconds before it is timed, and timed again and again for {@code soak} seconds, a line
 * each minute. {@code bench/src/main/scripts/gemm_torch.py} takes the same shapes and prints PyTorch's.
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

  /** What the command line says. */
  private static final class Options {
    private final List<String> shapes;

    Options(String[] arguments) {
      shapes = new ArrayList<>(List.of(arguments));
    }

    String take(String name, String otherwise) {
      for (var argument : List.copyOf(shapes)) {
        if (argument.startsWith(name + "=")) {
          shapes.remove(argument);
          return argument.substring(name.length() + 1);
        }
      }
      return otherwise;
    }

    double number(String name) {
      return Double.parseDouble(take(name, "0"));
    }
  }

  /** Runs the shapes of the command line. */
  public static void main(String[] args) {
    var options = new Options(args);
    int threads = Integer.parseInt(options.take("threads", "1"));
    var maker = Maker.valueOf(options.take("emitter", "MACHINE_AVX512"));
    var compiler = new KernelCache(maker.compiler());
    KernelWork.crowd(compiler, (int) options.number("crowd"));
    double warm = options.number("warm");
    double soak = options.number("soak");
    try (var second = new SecondThread()) {
      for (var text : options.shapes) {
        var shape = Shape.parse(text);
        try (var arena = Arena.ofShared()) {
          var work = work(shape, maker.multiplier(compiler), threads, second, arena);
          var clock = new Clock(threads == 1);
          long start = System.nanoTime();
          while (since(start) < warm) {
            work.run();
          }
          double minute = 0;
          do {
            System.out.printf(Locale.ROOT, "%s %.1f%n", text, shape.operations() / clock.seconds(work) / 1e9);
            minute += 60;
            while (since(start) < Math.min(soak, minute)) {
              work.run();
            }
          } while (since(start) < soak);
        }
      }
    }
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static Runnable work(Shape shape, Multiplier multiplier, int threads, SecondThread second,
      Arena arena) {
    int m = shape.m();
    int k = shape.k();
    int n = shape.n();
    var spec = GemmSpec.dense(m, n, k, shape.transposeA(), shape.transposeB());
    boolean batched = shape.batch() > 1;
    var gemm = Gemm.plan(spec, multiplier, batched ? 1 : threads);
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
    return slices == 1 ? work.get(0) : () -> second.both(work.get(0), work.get(1));
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
