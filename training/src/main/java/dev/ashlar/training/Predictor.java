package dev.ashlar.training;

import dev.ashlar.program.Lookups;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Runs a program of a fixed batch size for any number of threads: each takes a workspace that is idle. */
final class Predictor implements AutoCloseable {

  private final Program program;
  private final Lookups lookups;
  private final VariableStore store;
  private final Queue<Workspace> idle = new ConcurrentLinkedQueue<>();

  Predictor(Program program, Lookups lookups, VariableStore store) {
    this.program = program;
    this.lookups = lookups;
    this.store = store;
  }

  /**
   * Examples {@code from} (inclusive) to {@code to} (exclusive) of the inputs, into the same rows of the outputs.
   *
   * @throws dev.ashlar.program.LookupException if an input holds a symbol that the model does not know
   */
  void run(Map<String, NDArray> inputs, Map<String, NDArray> outputs, int from, int to) {
    Workspace workspace = idle.poll();
    if (workspace == null) {
      workspace = program.open(store);
      Seeds.set(workspace, program, 0);
    }
    try {
      for (String name : program.arguments().keySet()) {
        NDArray input = inputs.get(name);
        if (input != null) {
          NDArray rows = input.rows(from, to);
          lookups.check(name, rows, rows.size());
          workspace.argument(name).rows(0, to - from).data().copyFrom(rows.data());
        }
      }
      workspace.run();
      for (Map.Entry<String, NDArray> output : outputs.entrySet()) {
        output.getValue().rows(from, to).data().copyFrom(workspace.result(output.getKey()).rows(0, to - from).data());
      }
    } finally {
      idle.add(workspace);
    }
  }

  @Override
  public void close() {
    idle.forEach(Workspace::close);
  }
}
