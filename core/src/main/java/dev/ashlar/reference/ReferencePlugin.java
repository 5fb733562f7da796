package dev.ashlar.reference;

import dev.ashlar.plugin.Plugin;
import java.util.List;

/** Contributes the reference backend. */
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
