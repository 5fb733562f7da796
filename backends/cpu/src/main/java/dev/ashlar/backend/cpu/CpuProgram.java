package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.Plan;
import dev.ashlar.backend.cpu.compiler.Step;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.SequencedMap;

/** A computation compiled by the CPU backend. */
public final class CpuProgram implements Program {

  private final CpuBackend backend;
  private final Plan plan;

  CpuProgram(CpuBackend backend, Plan plan) {
    this.backend = backend;
    this.plan = plan;
  }

  @Override
  public String name() {
    return plan.computation().name();
  }

  @Override
  public SequencedMap<String, TensorType> arguments() {
    return plan.arguments();
  }

  @Override
  public SequencedMap<String, TensorType> results() {
    return plan.results();
  }

  @Override
  public long workspaceBytes() {
    return plan.temporaryBytes();
  }

  /** Number of kernels of different structure, beside those of matrix products. */
  public long kernels() {
    return plan.kernels();
  }

  /** The steps, in order, with what each costs. */
  public List<Step> steps() {
    return plan.steps();
  }

  /** The steps as text: one line each, then sums. */
  public String describe() {
    return plan.describe();
  }

  @Override
  public Workspace open(VariableStore store) {
    if (!(store instanceof CpuStore cpuStore)) {
      throw new IllegalArgumentException("program '" + name() + "' needs a store of the cpu backend");
    }
    List<String> missing = plan.read().stream().filter(v -> cpuStore.find(v) == null).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException("program '" + name() + "' reads variables that have no value: "
          + missing);
    }
    backend.begin(); // kernels are made
    try {
      return new CpuWorkspace(backend, plan, cpuStore);
    } finally {
      backend.end();
    }
  }
}
