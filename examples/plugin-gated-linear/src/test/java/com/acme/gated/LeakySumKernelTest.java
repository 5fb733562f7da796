package com.acme.gated;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.testkit.KernelContract;
import dev.ashlar.testkit.KernelExample;
import java.util.List;

class LeakySumKernelTest extends KernelContract {
  @Override
  protected List<KernelExample> examples() {
    return List.of(
        KernelExample.of(new LeakySumKernel(), new LeakySumOp(0.5, false), TensorType.of(DType.F32, 7)),
        KernelExample.of(new LeakySumKernel(), new LeakySumOp(0.9, true), TensorType.of(DType.F32, 3, 50, 700)));
  }

  @Override
  protected double bound(DType dtype) {
    return 0;
  }
}
