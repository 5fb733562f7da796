package dev.ashlar.backend.cpu;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.program.OperationKernel;
import java.util.List;

/**
 * Settings of the CPU backend.
 *
 * @param threads how many threads work, the caller included; 0: as many as processors
 * @param emitter how kernels are made to run
 * @param checked whether every access is checked and every result searched for NaN: slow
 * @param optimize whether operations are fused; results are the same to the last bit
 */
@Name("cpu")
public record Cpu(
    @Doc("threads that work, the caller included; 0: as many as processors") @Default("0") int threads,
    @Doc("how kernels are made to run") @Default("auto") Emission emitter,
    @Doc("check every access, stop at the first NaN: slow") @Default("false") boolean checked,
    @Doc("fuse operations; results are the same bits") @Default("true") boolean optimize)
    implements BackendFactory {

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
    return new CpuBackend(this, kernels);
  }
}
