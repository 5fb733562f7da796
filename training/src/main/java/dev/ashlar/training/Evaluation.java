package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** Measures a model on some data, as often as asked. Not thread-safe. */
final class Evaluation implements AutoCloseable {

  private final Workspace workspace;
  private final Feed feed;
  private final Sums sums;
  private final Dataset data;
  private final TrainingListener listener;
  private final Interrupts interrupts;
  private final Observations observations;
  private final Function<Workspace, Diagnosis.Finding> diagnosis;
  private Optional<String> notFinite = Optional.empty();

  /**
   * What is to be computed for a batch.
   *
   * @param layers whose units are looked at, by path
   */
  record Plan(Computation computation, List<String> layers) {

    static Plan of(Task task, Dataset data, int batch, boolean observes) {
      List<String> layers = new ArrayList<>();
      Computation evaluate = Programs.evaluate(task, data.columns(), batch, (outputs, examples) -> {
        if (!observes) {
          return Tensors.empty();
        }
        Observations.Watched watched = Observations.watching(task, outputs, examples, data.classes().size());
        layers.addAll(watched.paths());
        return watched.results();
      });
      return new Plan(evaluate, layers);
    }
  }

  /** @param observes whether it also looks at units, and at the classes that are predicted */
  Evaluation(Task task, Dataset data, int batch, Trainer trainer, VariableStore store, Interrupts interrupts,
      boolean observes) {
    int fitting = (int) Math.min(batch, data.size());
    Plan plan = Plan.of(task, data, fitting, observes);
    Program program = trainer.backend().compile(plan.computation());
    this.diagnosis = failed -> new Diagnosis(plan.computation(), task).find(trainer.backend(), store, failed);
    this.observations = new Observations(program, plan.layers(), data.classes().size());
    this.workspace = program.open(store);
    this.feed = new Feed(data, plan.computation(), workspace, fitting, OptionalLong.empty());
    this.sums = new Sums(task.metrics(), program, feed.batches());
    this.data = data;
    this.listener = trainer.listener();
    this.interrupts = interrupts;
    Seeds.set(workspace, program, 0);
  }

  /** Loss and metrics over all the data. */
  Measures run() throws IOException, InterruptedException {
    sums.clear();
    observations.clear();
    long examples = 0;
    for (int number = 0; number < feed.batches(); number++) {
      interrupts.check();
      int count = feed.load(0, number);
      workspace.run();
      if (notFinite.isEmpty() && !Double.isFinite(workspace.result(Programs.LOSS).get(0))) {
        notFinite = Optional.of(described(diagnosis.apply(workspace), examples, count, data));
      }
      sums.add(workspace, count);
      observations.add(workspace, count);
      examples += count;
      listener.measured(examples, data.size());
    }
    return sums.measures(data.classes());
  }

  /** What made a loss that is not finite, and what to do, of the first batch that gave one. */
  Optional<String> notFinite() {
    return notFinite;
  }

  private static String described(Diagnosis.Finding finding, long before, int count, Dataset data) {
    OptionalInt row = finding.row();
    String example = row.isPresent() && row.getAsInt() < count
        ? ", in example " + data.origin(before + row.getAsInt()) + " (counted from 0)" : "";
    return finding.where() + example + ". " + finding.remedy();
  }

  /** What showed in the last run. */
  Observations observations() {
    return observations;
  }

  /** What is measured. */
  Dataset data() {
    return data;
  }

  @Override
  public void close() {
    feed.close();
    workspace.close();
  }
}
