package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.Compiler;
import dev.ashlar.backend.cpu.compiler.CustomKernels;
import dev.ashlar.backend.cpu.compiler.Slot;
import dev.ashlar.backend.cpu.compiler.Support;
import dev.ashlar.backend.cpu.kernel.MultiplyAdds;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.OperationKernel;
import dev.ashlar.program.Profiler;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.NDArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/** Compiles computations to kernels for this machine's processor, and counts what it compiles. */
public final class CpuBackend implements Backend {

  private static final String NAME = "cpu";
  private static final int PEAK_RUNS = 90;

  private final Cpu settings;
  private final Team team;
  private final Executables executables;
  private final CustomKernels kernels;
  private final StampedLock runs = new StampedLock();
  private final AtomicLong programs = new AtomicLong();
  private boolean closed;
  private volatile @Nullable Profiler profiler;
  /** Operations a second, once measured. */
  private volatile double peak;
  /** For as long as a program has the constant: models come and go over one backend. */
  private final Map<NDArray, MemorySegment> constants = Collections.synchronizedMap(new WeakHashMap<>());

  /** @param executor whose threads help; null for threads of its own */
  CpuBackend(Cpu settings, List<OperationKernel> kernels, @Nullable Executor executor) {
    this.settings = settings;
    this.kernels = new CustomKernels(NAME, kernels);
    int threads = settings.threads() > 0 ? settings.threads() : Runtime.getRuntime().availableProcessors();
    team = new Team(threads, executor);
    executables = Executables.of(settings.emitter(), settings.checked());
  }

  /** Before a run: the backend is not closed until {@link #end}. */
  void begin() {
    runs.asReadLock().lock();
    if (closed) {
      runs.asReadLock().unlock();
      throw new IllegalStateException("the cpu backend is closed");
    }
  }

  /** After a run. */
  void end() {
    runs.asReadLock().unlock();
  }

  boolean isChecked() {
    return settings.checked();
  }

  Team team() {
    return team;
  }

  Executables executables() {
    return executables;
  }

  @Override
  public void profile(Profiler other) {
    profiler = other;
  }

  /** Who wants to know times. */
  @Nullable Profiler profiler() {
    return profiler;
  }

  /** Memory of a constant: a copy, for the array may lie on the heap or change. */
  MemorySegment constant(Slot slot) {
    return constants.computeIfAbsent(Objects.requireNonNull(slot.constant()), value -> value.copy().data());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String describe() {
    return "cpu: " + executables.description() + ", " + Type.LANES + " logical lanes, " + team.threads()
        + (team.threads() == 1 ? " thread" : " threads");
  }

  @Override
  public List<String> missing(Computation computation) {
    return Support.missing(computation);
  }

  /** Number of programs compiled so far. */
  public long programs() {
    return programs.get();
  }

  /**
   * Number of kernels compiled so far, those of matrix products included: each structure once, when a
   * workspace first needs it. While the same programs run again and again, it stands still.
   */
  public long kernels() {
    return executables.compiled();
  }

  @Override
  public Program compile(Computation computation) {
    List<String> missing = missing(computation);
    if (!missing.isEmpty()) {
      throw new UnsupportedOperationException(
          "the cpu backend cannot run '" + computation.name() + "': " + String.join("; ", missing));
    }
    programs.incrementAndGet();
    return new CpuProgram(this, Compiler.compile(computation, kernels, settings.optimize() && !settings.checked()));
  }

  @Override
  public OptionalDouble peak() {
    if (settings.checked() || !executables.isFast()) {
      return OptionalDouble.empty(); // nobody asks how much of what is meant to be slow is used
    }
    double known = peak;
    if (known == 0) {
      begin();
      try {
        known = measuredPeak();
        peak = known;
      } finally {
        end();
      }
    }
    return OptionalDouble.of(known);
  }

  /** Each thread at its best; threads beyond the processors take turns. */
  private double measuredPeak() {
    int threads = Math.min(team.threads(), Runtime.getRuntime().availableProcessors());
    double[] rates = new double[threads];
    int vectors = executables.multiplier().tile().vectors();
    team.run(piece -> {
      try (Arena arena = Arena.ofConfined()) {
        rates[piece] = new MultiplyAdds(executables, vectors, arena).rate(PEAK_RUNS);
      }
    }, threads);
    return Arrays.stream(rates).max().orElseThrow() * threads;
  }

  @Override
  public VariableStore newStore() {
    return new CpuStore();
  }

  @Override
  public void close() {
    long stamp = runs.writeLock();
    try {
      if (!closed) {
        closed = true;
        team.close();
        executables.close();
      }
    } finally {
      runs.unlockWrite(stamp);
    }
  }
}
