package com.acme;

import dev.ashlar.plugin.Plugin;
import java.util.List;

/** A plug-in with a mistake in its code. */
public final class ThrowingPlugin implements Plugin {
  @Override
  public List<Class<?>> components() {
    throw new IllegalStateException("boom");
  }
}
