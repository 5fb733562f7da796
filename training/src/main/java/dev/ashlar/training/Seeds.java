package dev.ashlar.training;

import dev.ashlar.model.Trace;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;

/** Seeds as programs take them: two words, for those programs that have a use for one. */
final class Seeds {

  private Seeds() {}

  static void set(Workspace workspace, Program program, long seed) {
    if (program.arguments().containsKey(Trace.SEED)) {
      NDArray words = workspace.argument(Trace.SEED);
      words.setLong(0, (int) seed);
      words.setLong(1, (int) (seed >>> 32));
    }
  }

  /** Runs a program that needs nothing but a seed. */
  static void run(Program program, VariableStore store, long seed) {
    try (Workspace workspace = program.open(store)) {
      set(workspace, program, seed);
      workspace.run();
    }
  }
}
