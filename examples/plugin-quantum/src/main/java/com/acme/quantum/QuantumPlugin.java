package com.acme.quantum;

import dev.ashlar.plugin.Plugin;
import java.util.List;

/** What this jar adds: a layer that simulates a quantum circuit. */
public final class QuantumPlugin implements Plugin {
  @Override
  public String name() {
    return "quantum";
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
    return List.of(QuantumCircuit.class);
  }
}
