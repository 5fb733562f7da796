package dev.ashlar.reference;

import dev.ashlar.api.Experimental;
import dev.ashlar.plugin.Plugin;
import java.util.List;

/** Contributes the reference backend. */
@Experimental(since = "0.1")
public final class ReferencePlugin implements Plugin {

  /** For {@link java.util.ServiceLoader}. */
  public ReferencePlugin() {}

  @Override
  public String name() {
    return "core";
  }

  @Override
  public List<Class<?>> components() {
    return List.of(ReferenceSettings.class);
  }
}
