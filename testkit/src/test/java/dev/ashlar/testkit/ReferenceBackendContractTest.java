package dev.ashlar.testkit;

import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;

/** The reference keeps the contract that it is the measure of. */
class ReferenceBackendContractTest extends BackendContract {

  @Override
  protected Backend open() {
    return new ReferenceBackend();
  }

  @Override
  protected double bound(String name, DType dtype) {
    return 0;
  }

  @Override
  protected boolean warmRunsAllocateNothing() {
    return false;
  }
}
