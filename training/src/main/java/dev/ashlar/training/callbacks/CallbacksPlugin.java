package dev.ashlar.training.callbacks;

import dev.ashlar.plugin.Plugin;
import java.util.List;

/** Ashlar's own callbacks. */
public final class CallbacksPlugin implements Plugin {

  @Override
  public String name() {
    return "callbacks";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public List<Class<?>> components() {
    return List.of(EarlyStopping.class, WeightAveraging.class, StopAfter.class);
  }
}
