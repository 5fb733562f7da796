package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import java.io.IOException;
import java.util.OptionalLong;

/** Measures a model on some data, as often as asked. Not thread-safe. */
final class Evaluation implements AutoCloseable {

  private final Workspace workspace;
  private final Feed feed;
  private final Sums sums;
  private final Dataset data;
  private final TrainingListener listener;
  private final Interrupts interrupts;

  Evaluation(Task task, Dataset data, int batch, Trainer trainer, VariableStore store, Interrupts interrupts) {
    Backend backend = trainer.backend();
    int fitting = (int) Math.min(batch, data.size());
    Computation evaluate = Programs.evaluate(task, data.columns(), fitting);
    Program program = backend.compile(evaluate);
    this.workspace = program.open(store);
    this.feed = new Feed(data, evaluate, workspace, fitting, OptionalLong.empty());
    this.sums = new Sums(task.metrics(), program, feed.batches());
    this.data = data;
    this.listener = trainer.listener();
    this.interrupts = interrupts;
    Seeds.set(workspace, program, 0);
  }

  /** Loss and metrics over all the data. */
  Measures run() throws IOException, InterruptedException {
    sums.clear();
    long examples = 0;
    for (int number = 0; number < feed.batches(); number++) {
      interrupts.check();
      int count = feed.load(0, number);
      workspace.run();
      sums.add(workspace, count);
      examples += count;
      listener.measured(examples, data.size());
    }
    return sums.measures(data.classes());
  }

  @Override
  public void close() {
    feed.close();
    workspace.close();
  }
}
