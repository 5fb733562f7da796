package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One run of a trainer: its epochs, as its course has them, and the best of them. */
final class TrainingRun implements AutoCloseable {

  private final Trainer trainer;
  private final Task task;
  private final Examples examples;
  private final Settings settings;
  private final Course course;
  private final UpdatePrograms programs;
  private final VariableStore store;
  private final Workspace workspace;
  private final Optional<Workspace> apply;
  private final Feed feed;
  private final Sums sums;
  private final @Nullable Evaluation validation;
  private final @Nullable Evaluation test;
  private long steps;
  /** Examples that were trained on since the last evaluation. */
  private long seen;
  /** Of the batches that the next update is made of: their losses, what these count by, and how many there are. */
  private double loss;
  private double counted;
  private int added;
  /** The batch that comes next: all examples so often, then so many batches. */
  private long pass;
  private int number;

  private double best = Double.NaN;
  private int bestEpoch;
  private int keptEpoch;
  private SequencedMap<String, Measures> keptMetrics = new LinkedHashMap<>();
  private final Snapshot bestValues;
  private final Averages averages;
  private final Guard guard;
  private final Callbacks callbacks;
  private final Symptoms symptoms;

  TrainingRun(Trainer trainer, Task task, Examples examples, Settings settings, Course course,
      int batch, UpdatePrograms programs, VariableStore store) {
    this.trainer = trainer;
    this.task = task;
    this.examples = examples;
    this.settings = settings;
    this.course = course;
    this.programs = programs;
    this.store = store;
    List<Variable> variables = programs.variables();
    this.bestValues = new Snapshot(variables.stream().filter(Variable::isOfModel).toList(), store);
    this.averages = new Averages(variables, store);
    Program program = programs.batch().program();
    this.workspace = program.open(store);
    this.apply = programs.apply().map(compiled -> {
      Workspace opened = compiled.program().open(store);
      Seeds.set(opened, compiled.program(), settings.seed());
      return opened;
    });
    OptionalLong seed = settings.shuffle() ? OptionalLong.of(settings.seed()) : OptionalLong.empty();
    this.feed = new Feed(examples.train(), programs.batch().computation(), workspace, batch, seed);
    this.sums = new Sums(task.metrics(), program, course.batchesOfPeriod());
    this.validation = examples.validation().map(this::evaluation).orElse(null);
    this.test = examples.test().map(this::evaluation).orElse(null);
    Seeds.set(workspace, program, settings.seed());
    Warnings warnings = new Warnings(trainer.listener());
    this.guard = new Guard(settings, task, trainer.backend(), store, variables, warnings);
    this.callbacks = new Callbacks(task, settings, course, store, variables, warnings);
    this.symptoms = new Symptoms(task, settings, course, program, new Weights(variables, store),
        new ModelProbe(Updates.of(task, settings, course.updates()), examples.train().columns(), batch, trainer.backend(),
            store), warnings);
  }

  private Evaluation evaluation(Dataset data) {
    return new Evaluation(task, data, settings.batch(), trainer, store, true);
  }

  /** All epochs; the model then holds the values that are kept. */
  TrainingResult finish(Model model) throws IOException, InterruptedException {
    int epoch = 0;
    while (epoch < course.periods() && !outOfPatience(epoch) && !callbacks.isStopped()) {
      averages.leave();
      guard.keep(steps);
      long start = System.nanoTime();
      runUntil(course.end(epoch + 1));
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      if (guard.isBrokenAfter(steps, number == 0 ? pass - 1 : pass)) {
        steps = guard.goodStep();
        continue;
      }
      epoch++;
      averages.enter();
      SequencedMap<String, Measures> measured = measure();
      tell(epoch, measured);
      boolean better = keepIfBetter(epoch, measured);
      double rate = seen / Math.max(1e-9, time.toNanos() * 1e-9);
      EpochReport report = new EpochReport(
          epoch, steps, TrainingResult.of(measured, Measures::numbers), rate, time, better);
      trainer.listener().epoch(report, model);
      symptoms.epoch(report, judging(), workspace);
      callbacks.epoch(report);
    }
    guard.end(steps);
    callbacks.end();
    callbacks.reason().ifPresent(reason -> trainer.listener().stopped(steps, reason));
    bestValues.restore();
    SequencedMap<String, Measures> measured = new LinkedHashMap<>(keptMetrics);
    try (Evaluation train = evaluation(measured(examples, settings, course))) {
      measured.put(Examples.TRAIN, train.run());
      if (judging() == null) {
        symptoms.observed(steps, train, true);
      }
    }
    if (test != null && !measured.containsKey(Examples.TEST)) {
      measured.put(Examples.TEST, test.run());
    }
    return new TrainingResult(model, measured, keptEpoch, epoch, steps);
  }

  /** Trains until so many updates are made, or a callback wants no more. */
  private void runUntil(long end) throws IOException, InterruptedException {
    beginAgain();
    while (steps < end && !callbacks.isStopped()) {
      Interrupts.check();
      int count = feed.load(pass, number);
      Guard.Outcome outcome = run(programs.batch(), workspace);
      if (outcome == Guard.Outcome.FINE) {
        add(count);
      }
      if (outcome == Guard.Outcome.WENT_BACK) {
        goBack();
      } else if (course.isUpdated(number)) {
        update();
      }
      number++;
      if (number == course.batches()) {
        number = 0;
        pass++;
      }
    }
  }

  private Guard.Outcome run(UpdatePrograms.Compiled program, Workspace prepared) {
    prepared.run();
    if (prepared.result(Programs.FINITE).get(0) != 0) {
      guard.passed();
      return Guard.Outcome.FINE;
    }
    return guard.failed(program.computation(), prepared,
        new Guard.Place(steps + 1, pass, number, feed.examples(pass, number)));
  }

  private void add(int count) {
    double weight = sums.add(workspace, count);
    loss += workspace.result(Programs.LOSS).get(0) * weight;
    counted += weight;
    seen += count;
    added++;
    symptoms.batch(workspace, count, steps);
  }

  /** Makes the update from what its batches gave; one that is left out counts as a step all the same. */
  private void update() {
    Guard.Outcome outcome = added == 0 ? Guard.Outcome.LEFT_OUT
        : apply.isPresent() ? run(programs.apply().orElseThrow(), apply.get()) : Guard.Outcome.FINE;
    if (outcome == Guard.Outcome.WENT_BACK) {
      goBack();
      return;
    }
    steps++;
    if (outcome == Guard.Outcome.FINE) {
      double mean = Sums.mean(loss, counted);
      trainer.listener().step(steps, mean);
      symptoms.step(steps, mean);
      callbacks.step(steps, mean);
    } else {
      Updates.forget(programs.variables(), store);
      store.write(Trace.STEP, NDArray.scalar(DType.I32, steps));
    }
    forgetBatches();
  }

  private void goBack() {
    steps = guard.goodStep();
    beginAgain();
  }

  private void beginAgain() {
    sums.clear();
    seen = 0;
    forgetBatches();
  }

  private void forgetBatches() {
    loss = 0;
    counted = 0;
    added = 0;
  }

  /**
   * The examples to learn from that are measured at the end: all, but in a run of so many steps, to which there may be
   * no end of examples, as many as are set apart, taken evenly; where none are, as many as a period has.
   */
  static Dataset measured(Examples examples, Settings settings, Course course) {
    Dataset all = examples.train();
    long wanted = examples.validation().or(examples::test).map(Dataset::size)
        .orElse(course.batchesOfPeriod() * (long) settings.batch());
    return settings.steps().isEmpty() || wanted >= all.size() ? all : Datasets.subset(all,
        LongStream.range(0, wanted).map(i -> i * all.size() / wanted).toArray());
  }

  /** What measures the part by which a model is judged, if there is one. */
  private @Nullable Evaluation judging() {
    return validation != null ? validation : test;
  }

  /** Lets schedules know how good the model is. */
  private void tell(int epoch, SequencedMap<String, Measures> measured) {
    if (store.types().containsKey(Trace.MEASUREMENTS)) {
      store.write(Trace.MEASUREMENTS, NDArray.scalar(DType.I32, epoch));
      double now = smallerIsBetter(measured);
      // What is no number is worse than all others, so that whatever is measured next can be better.
      store.write(Trace.LATEST, NDArray.scalar(DType.F32,
          Double.isNaN(now) ? Float.MAX_VALUE : Math.clamp(now, -Float.MAX_VALUE, Float.MAX_VALUE)));
    }
  }

  /** The monitored measure, of the validation part if there is one; with the sign that makes smaller better. */
  private double smallerIsBetter(SequencedMap<String, Measures> measured) {
    String part = validation != null ? Examples.VALIDATION : Examples.TRAIN;
    double now = measured.get(part).values().get(settings.monitor());
    return Trainer.largerIsBetter(task, settings.monitor()) ? -now : now;
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
    double signed = smallerIsBetter(measured);
    boolean better = bestEpoch == 0 || signed < best || Double.isNaN(best) && !Double.isNaN(signed);
    if (better) {
      best = signed;
      bestEpoch = epoch;
    }
    if (better || settings.keep() == Settings.Keep.LAST) {
      keptEpoch = epoch;
      keptMetrics = measured;
      bestValues.drop();
      if (settings.keep() == Settings.Keep.BEST && epoch < course.periods()) {
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
    averages.close();
    guard.close();
    feed.close();
    workspace.close();
    apply.ifPresent(Workspace::close);
    if (validation != null) {
      validation.close();
    }
    if (test != null) {
      test.close();
    }
  }
}
