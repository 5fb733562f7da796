package com.acme.gated;

import dev.ashlar.plugin.Plugin;
import dev.ashlar.program.OperationKernel;
import java.util.List;

/** What this jar adds. */
public final class GatedPlugin implements Plugin {
  @Override
  public String name() {
    return "acme";
  }

  @Override
  public String version() {
    return "1.0";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public List<Class<?>> components() {
    return List.of(GatedLinear.class, LeakySum.class, Signum.class);
  }

  @Override
  public List<OperationKernel> kernels() {
    return List.of(new LeakySumKernel());
  }
}
