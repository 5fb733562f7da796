package dev.ashlar.backend.cpu;

import dev.ashlar.plugin.Plugin;
import java.util.List;

/** Contributes the CPU backend. */
public final class CpuPlugin implements Plugin {

  /** For {@link java.util.ServiceLoader}. */
  public CpuPlugin() {}

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public List<Class<?>> components() {
    return List.of(Cpu.class);
  }
}
