package dev.ashlar.bench.cpu;

import dev.ashlar.backend.cpu.gemm.Gemm;
import dev.ashlar.backend.cpu.gemm.GemmSlice;
import dev.ashlar.backend.cpu.gemm.GemmSpec;
import dev.ashlar.backend.cpu.gemm.Multiplier;
import dev.ashlar.backend.cpu.kernel.KernelCache;
import dev.ashlar.bench.emitters.KernelWork;
import dev.ashlar.bench.emitters.Maker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Matrix products: {@code GemmBench [threads=1|2] [emitter=..] [crowd=N] [warm=S] [m,k,n,batch,NN|NT|TN ..]}
 * prints a line for each shape with GFLOP/s. {@code emitter} is a {@link Maker}, machine code for AVX-512 where
 * it is not said. {@code crowd} other kernels are made and run before, each shape is run for {@code warm} seconds
 * before it is timed. Without shapes it does what the lines of its input say, a line of output for each:
 * {@code shape m,k,n,batch,form} takes a shape, {@code run S} runs it for S seconds, {@code time S} prints the
 * GFLOP/s of about S seconds. So {@code bench/src/main/scripts/gemm_compare.py} measures both sides in turn.
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

  private final Multiplier multiplier;
  private final int threads;
  private final SecondThread second;

  private GemmBench(Multiplier multiplier, int threads, SecondThread second) {
    this.multiplier = multiplier;
    this.threads = threads;
    this.second = second;
  }

  /** Runs the shapes of the command line, or what the input says. */
  public static void main(String[] args) throws IOException {
    var options = new Options(args);
    int threads = Integer.parseInt(options.take("threads", "1"));
    var maker = Maker.valueOf(options.take("emitter", "MACHINE_AVX512"));
    var compiler = new KernelCache(maker.compiler());
    KernelWork.crowd(compiler, (int) options.number("crowd"));
    double warm = options.number("warm");
    try (var second = new SecondThread()) {
      var bench = new GemmBench(maker.multiplier(compiler), threads, second);
      if (options.shapes.isEmpty()) {
        bench.serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
      }
      for (var text : options.shapes) {
        var shape = Shape.parse(text);
        try (var arena = Arena.ofShared()) {
          var work = bench.work(shape, arena);
          run(work, warm);
          print(text + " ", shape.operations() / new Clock(threads == 1).seconds(work));
        }
      }
    }
  }

  private void serve(BufferedReader commands) throws IOException {
    var arena = Arena.ofShared();
    try {
      var shape = new Shape(1, 1, 1, 1, false, false);
      Runnable work = () -> {};
      for (var line = commands.readLine(); line != null; line = commands.readLine()) {
        var words = line.split(" ");
        switch (words[0]) {
          case "shape" -> {
            arena.close(); // what the shape before needed
            arena = Arena.ofShared();
            shape = Shape.parse(words[1]);
            work = work(shape, arena);
            System.out.println(words[1]);
          }
          case "run" -> System.out.println(run(work, Double.parseDouble(words[1])));
          case "time" -> {
            long start = System.nanoTime();
            int times = run(work, Double.parseDouble(words[1]));
            print("", shape.operations() * times / since(start));
          }
          default -> throw new IllegalArgumentException(line);
        }
      }
    } finally {
      arena.close();
    }
  }

  private static void print(String text, double rate) {
    System.out.printf(Locale.ROOT, "%s%.1f%n", text, rate / 1e9);
  }

  /** Runs work for so many seconds and tells how often. */
  private static int run(Runnable work, double seconds) {
    int times = 0;
    long start = System.nanoTime();
    do {
      work.run();
      times++;
    } while (since(start) < seconds);
    return times;
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private Runnable work(Shape shape, Arena arena) {
    int m = shape.m();
    int k = shape.k();
    int n = shape.n();
    var spec = GemmSpec.dense(m, n, k, shape.transposeA(), shape.transposeB());
    boolean batched = shape.batch() > 1;
    var gemm = Gemm.plan(spec, multiplier, batched ? 1 : threads);
    int slices = batched ? Math.min(shape.batch(), 2 * threads) : gemm.slices();
    var a = random(arena, (long) m * k * shape.batch());
    var b = random(arena, (long) n * k * shape.batch());
    var c = arena.allocate(4L * m * n * shape.batch(), 4096);
    var pieces = new ArrayList<Runnable>();
    for (int i = 0; i < slices; i++) {
      var slice = gemm.slice(batched ? 0 : i, arena);
      slice.bind(a, b, c);
      int first = batched ? shape.batch() * i / slices : 0;
      int last = batched ? shape.batch() * (i + 1) / slices : 1;
      pieces.add(() -> products(slice, shape, first, last));
    }
    if (threads == 1 || slices == 1) {
      return () -> pieces.forEach(Runnable::run);
    }
    var next = new AtomicInteger();
    Runnable some = () -> {
      for (int piece = next.getAndIncrement(); piece < pieces.size(); piece = next.getAndIncrement()) {
        pieces.get(piece).run();
      }
    };
    return () -> {
      next.set(0);
      second.both(some, some);
    };
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

  /** A thread that waits for work by spinning, as long as the pauses are short. */
  private static final class SecondThread implements AutoCloseable {

    private static final int SPINS = 20_000;

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
      LockSupport.unpark(thread);
      mine.run();
      while (done.get() == before) {
        Thread.onSpinWait();
      }
    }

    private void serve() {
      int seen = 0;
      int spins = 0;
      while (!closed) {
        if (given.get() != seen) {
          seen++;
          spins = 0;
          work.run();
          done.incrementAndGet();
        } else if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
    }

    @Override
    public void close() {
      closed = true;
      LockSupport.unpark(thread);
    }
  }
}
