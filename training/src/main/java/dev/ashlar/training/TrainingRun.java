package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** One run of a trainer: its epochs, and the best of them. */
final class TrainingRun implements AutoCloseable {

  private final Trainer trainer;
  private final Task task;
  private final Examples examples;
  private final Settings settings;
  private final Computation step;
  private final VariableStore store;
  private final Workspace workspace;
  private final Feed feed;
  private final Sums sums;
  private final @Nullable Evaluation validation;
  private final @Nullable Evaluation test;
  private long steps;

  private double best = Double.NaN;
  private int bestEpoch;
  private int keptEpoch;
  private SequencedMap<String, Measures> keptMetrics = new LinkedHashMap<>();
  private final Snapshot bestValues;

  TrainingRun(Trainer trainer, Task task, Examples examples, Settings settings, int batch,
      Computation step, Program program, VariableStore store) {
    this.trainer = trainer;
    this.task = task;
    this.examples = examples;
    this.settings = settings;
    this.step = step;
    this.store = store;
    this.bestValues = new Snapshot(step.variables().stream().filter(Variable::isOfModel).toList(), store);
    this.workspace = program.open(store);
    OptionalLong seed = settings.shuffle() ? OptionalLong.of(settings.seed()) : OptionalLong.empty();
    this.feed = new Feed(examples.train(), step, workspace, batch, seed);
    this.sums = new Sums(task.metrics(), program, feed.batches());
    this.validation = examples.validation().map(this::evaluation).orElse(null);
    this.test = examples.test().map(this::evaluation).orElse(null);
    Seeds.set(workspace, program, settings.seed());
  }

  private Evaluation evaluation(Dataset data) {
    return new Evaluation(task, data, settings.batch(), trainer.backend(), store);
  }

  /** All epochs; the model then holds the values that are kept. */
  TrainingResult finish(Model model) throws IOException, InterruptedException {
    int epoch = 0;
    while (epoch < settings.epochs() && !outOfPatience(epoch)) {
      epoch++;
      long start = System.nanoTime();
      runEpoch(epoch);
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      SequencedMap<String, Measures> measured = measure();
      boolean better = keepIfBetter(epoch, measured);
      double rate = examples.train().size() / Math.max(1e-9, time.toNanos() * 1e-9);
      trainer.listener().epoch(new EpochReport(epoch, steps, TrainingResult.values(measured), rate, time, better));
    }
    bestValues.restore();
    SequencedMap<String, Measures> measured = new LinkedHashMap<>(keptMetrics);
    try (Evaluation train = evaluation(examples.train())) {
      measured.put(Examples.TRAIN, train.run());
    }
    if (test != null && !measured.containsKey(Examples.TEST)) {
      measured.put(Examples.TEST, test.run());
    }
    return new TrainingResult(model, measured, keptEpoch, epoch, steps);
  }

  private void runEpoch(int epoch) throws IOException, InterruptedException {
    sums.clear();
    for (int number = 0; number < feed.batches(); number++) {
      Interrupts.check();
      int count = feed.load(epoch - 1, number);
      workspace.run();
      steps++;
      if (workspace.result(Programs.FINITE).get(0) == 0) {
        Diagnosis.Finding finding = new Diagnosis(step).find(trainer.backend(), store, workspace);
        throw new DivergedException(epoch, steps, finding.where(), finding.remedy());
      }
      sums.add(workspace, count);
      trainer.listener().step(steps, workspace.result(Programs.LOSS).get(0));
    }
  }

  /** Test data are looked at in each epoch only where they cannot influence a choice that validation makes. */
  private SequencedMap<String, Measures> measure() throws IOException, InterruptedException {
    SequencedMap<String, Measures> measured = new LinkedHashMap<>();
    measured.put(Examples.TRAIN, sums.measures(examples.train().classes()));
    if (validation != null) {
      measured.put(Examples.VALIDATION, validation.run());
    } else if (test != null) {
      measured.put(Examples.TEST, test.run());
    }
    return measured;
  }

  private boolean keepIfBetter(int epoch, SequencedMap<String, Measures> measured) {
    String part = validation != null ? Examples.VALIDATION : Examples.TRAIN;
    double now = measured.get(part).values().get(settings.monitor());
    double signed = Trainer.largerIsBetter(task, settings.monitor()) ? -now : now;
    boolean better = Double.isNaN(best) || signed < best;
    if (better) {
      best = signed;
      bestEpoch = epoch;
    }
    if (better || settings.keep() == Settings.Keep.LAST) {
      keptEpoch = epoch;
      keptMetrics = measured;
      bestValues.drop();
      if (settings.keep() == Settings.Keep.BEST && epoch < settings.epochs()) {
        bestValues.take(); // later epochs go on from there
      }
    }
    return better;
  }

  private boolean outOfPatience(int epoch) {
    return settings.patience().isPresent() && epoch - bestEpoch >= settings.patience().get();
  }

  @Override
  public void close() {
    bestValues.close();
    workspace.close();
    if (validation != null) {
      validation.close();
    }
    if (test != null) {
      test.close();
    }
  }
}
