package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
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
  /** The batch that comes next: all examples so often, then so many batches. */
  private long pass;
  private int number;

  private double best = Double.NaN;
  private int bestEpoch;
  private int keptEpoch;
  private SequencedMap<String, Measures> keptMetrics = new LinkedHashMap<>();
  private final Snapshot bestValues;
  private final Averages averages;

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
  }

  private Evaluation evaluation(Dataset data) {
    return new Evaluation(task, data, settings.batch(), trainer, store);
  }

  /** All epochs; the model then holds the values that are kept. */
  TrainingResult finish(Model model) throws IOException, InterruptedException {
    int epoch = 0;
    while (epoch < course.periods() && !outOfPatience(epoch)) {
      epoch++;
      averages.leave();
      long start = System.nanoTime();
      runUntil(course.end(epoch));
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      averages.enter();
      SequencedMap<String, Measures> measured = measure();
      tell(epoch, measured);
      boolean better = keepIfBetter(epoch, measured);
      double rate = seen / Math.max(1e-9, time.toNanos() * 1e-9);
      trainer.listener().epoch(new EpochReport(
          epoch, steps, TrainingResult.of(measured, Measures::numbers), rate, time, better), model);
    }
    bestValues.restore();
    SequencedMap<String, Measures> measured = new LinkedHashMap<>(keptMetrics);
    try (Evaluation train = evaluation(measured(examples, settings, course))) {
      measured.put(Examples.TRAIN, train.run());
    }
    if (test != null && !measured.containsKey(Examples.TEST)) {
      measured.put(Examples.TEST, test.run());
    }
    return new TrainingResult(model, measured, keptEpoch, epoch, steps);
  }

  /** Trains until so many updates are made. */
  private void runUntil(long end) throws IOException, InterruptedException {
    sums.clear();
    seen = 0;
    double loss = 0;
    double counted = 0;
    while (steps < end) {
      Interrupts.check();
      int count = feed.load(pass, number);
      run(programs.batch().computation(), workspace);
      seen += count;
      double weight = sums.add(workspace, count);
      loss += workspace.result(Programs.LOSS).get(0) * weight;
      counted += weight;
      boolean isUpdated = course.isUpdated(number);
      number++;
      if (number == course.batches()) {
        number = 0;
        pass++;
      }
      if (isUpdated) {
        if (apply.isPresent()) {
          run(programs.apply().orElseThrow().computation(), apply.get());
        }
        steps++;
        trainer.listener().step(steps, Sums.mean(loss, counted));
        loss = 0;
        counted = 0;
      }
    }
  }

  private void run(Computation computation, Workspace prepared) {
    prepared.run();
    if (prepared.result(Programs.FINITE).get(0) == 0) {
      Diagnosis.Finding finding = new Diagnosis(computation).find(trainer.backend(), store, prepared);
      throw new DivergedException(Math.toIntExact(pass) + 1, steps + 1, finding.where(), finding.remedy());
    }
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
