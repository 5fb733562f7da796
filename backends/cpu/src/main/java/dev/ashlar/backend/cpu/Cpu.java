package dev.ashlar.backend.cpu;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.program.OperationKernel;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Settings of the CPU backend.
 *
 * @param threads how many threads work, the caller included, at most {@value #MOST_THREADS}; 0: as many as processors
 * @param emitter how kernels are made to run
 * @param checked whether every access is checked and every result searched for NaN: slow
 * @param optimize whether operations are fused; results are the same to the last bit
 */
@Name("cpu")
public record Cpu(
    @Doc("threads that work, the caller included; 0: as many as processors")
        @Default("0") @Range(atLeast = 0, atMost = Cpu.MOST_THREADS) int threads,
    @Doc("how kernels are made to run") @Default("auto") Emission emitter,
    @Doc("check every access, stop at the first NaN: slow") @Default("false") boolean checked,
    @Doc("fuse operations; results are the same bits") @Default("true") boolean optimize)
    implements BackendFactory {

  /** More threads than this are a slip of the pen. */
  public static final int MOST_THREADS = 1024;

  /** Checks the number of threads. */
  public Cpu {
    if (threads < 0 || threads > MOST_THREADS) {
      throw new IllegalArgumentException("from 0 to " + MOST_THREADS + " threads, not " + threads);
    }
  }

  /** The defaults. */
  public static Cpu defaults() {
    return new Cpu(0, Emission.AUTO, false, true);
  }

  /** With so many threads. */
  public Cpu withThreads(int number) {
    return new Cpu(number, emitter, checked, optimize);
  }

  /** With another emitter. */
  public Cpu withEmitter(Emission other) {
    return new Cpu(threads, other, checked, optimize);
  }

  /** With or without checks. */
  public Cpu withChecked(boolean value) {
    return new Cpu(threads, emitter, value, optimize);
  }

  /** With or without fusion. */
  public Cpu withOptimize(boolean value) {
    return new Cpu(threads, emitter, checked, value);
  }

  @Override
  public CpuBackend open() {
    return open(List.of());
  }

  @Override
  public CpuBackend open(List<OperationKernel> kernels) {
    return new CpuBackend(this, kernels, null);
  }

  /**
   * Opens a backend that starts no threads: beside the caller, threads of an application's executor work, at most as
   * many as {@link #threads} says without the caller. Its tasks are short and never wait; where it is busy or refuses
   * them, the caller does the work alone. The results are the same to the bit.
   *
   * @param executor that belongs to the application, which shuts it down after this backend
   */
  public CpuBackend open(List<OperationKernel> kernels, Executor executor) {
    return new CpuBackend(this, kernels, executor);
  }
}
