package dev.ashlar.backend.cpu;

import dev.ashlar.program.Backend;
import dev.ashlar.testkit.BackendContract;

/** The CPU backend keeps the contract of backends. */
class CpuBackendContractTest extends BackendContract {

  @Override
  protected Backend open() {
    return Cpu.defaults().open();
  }

  /** There are no kernels in double precision. */
  @Override
  protected boolean mayLack(String name) {
    return name.contains("f64");
  }
}
