package dev.ashlar.training.callbacks;

import dev.ashlar.api.Experimental;
import dev.ashlar.plugin.Plugin;
import java.util.List;

/** Ashlar's own callbacks. */
@Experimental(since = "0.1")
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
