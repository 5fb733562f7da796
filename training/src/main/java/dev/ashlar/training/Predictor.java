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
    Workspace workspace = taken();
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

  /**
   * The same of arrays on the heap, for one input and one output: nothing is copied on the way.
   *
   * @param examples of one width each
   */
  void run(String input, String output, float[][] examples, float[][] results, int from, int to) {
    Workspace workspace = taken();
    try {
      NDArray rows = workspace.argument(input);
      int width = examples[from].length;
      for (int i = from; i < to; i++) {
        rows.write((long) (i - from) * width, examples[i]);
      }
      lookups.check(input, rows, (long) (to - from) * width);
      workspace.run();
      NDArray result = workspace.result(output);
      int size = Math.toIntExact(result.size() / result.shape().dim(0));
      for (int i = from; i < to; i++) {
        results[i] = new float[size];
        result.read((long) (i - from) * size, results[i]);
      }
    } finally {
      idle.add(workspace);
    }
  }

  private Workspace taken() {
    Workspace workspace = idle.poll();
    if (workspace == null) {
      workspace = program.open(store);
      Seeds.set(workspace, program, 0);
    }
    return workspace;
  }

  /** The same over other weights, with a workspace ready. */
  Predictor over(VariableStore other) {
    Predictor predictor = new Predictor(program, lookups, other);
    predictor.idle.add(predictor.taken());
    return predictor;
  }

  @Override
  public void close() {
    idle.forEach(Workspace::close);
  }
}
