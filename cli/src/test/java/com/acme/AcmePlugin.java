package com.acme;

import dev.ashlar.plugin.Plugin;
import java.util.List;

/** A plug-in that tests put into jars. */
public final class AcmePlugin implements Plugin {
  @Override
  public String name() {
    return "acme";
  }

  @Override
  public String version() {
    return "1.0";
  }

  @Override
  public List<Class<?>> components() {
    return List.of(Halve.class, Boom.class);
  }
}
