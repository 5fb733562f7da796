package dev.ashlar.training;

import dev.ashlar.config.Value;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
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
  private final boolean hasRate;
  private final Feed feed;
  private final Sums sums;
  private final Parts parts;
  private long steps;
  /** Of those, how many were made before the run was interrupted. */
  private long stepsBefore;
  /** Examples that were trained on since the last evaluation. */
  private long seen;
  /** The batch that comes next: all examples so often, then so many batches. */
  private long pass;
  private int number;

  private final BestModel best;
  private final Averages averages;
  private final Warnings warnings;
  private final Guard guard;
  private final Callbacks callbacks;
  private final Symptoms symptoms;
  /** Of the batches that the next update is made of: their losses, what these count by, and how many there are. */
  private double loss;
  private double counted;
  private int added;

  /** Whether the period that comes next has begun before the run was interrupted. */
  private boolean isInside;
  /** Time that training took since the last evaluation, but for what runs now. */
  private long spent;
  /** Whether the update is made that the last batch belongs to: the state can be written. */
  private boolean isWhole = true;
  private final Interrupts interrupts;
  private final @Nullable Saver saver;

  TrainingRun(Trainer trainer, Task task, Examples examples, Settings settings, Course course,
      int batch, UpdatePrograms programs, VariableStore store, Trainer.Saving saving) {
    this.trainer = trainer;
    this.task = task;
    this.examples = examples;
    this.settings = settings;
    this.course = course;
    this.programs = programs;
    this.store = store;
    List<Variable> variables = programs.variables();
    this.best = new BestModel(task, settings, variables, store, Parts.monitored(examples));
    this.averages = new Averages(variables, store);
    Program program = programs.batch().program();
    this.workspace = program.open(store);
    this.apply = programs.apply().map(compiled -> {
      Workspace opened = compiled.program().open(store);
      Seeds.set(opened, compiled.program(), settings.seed());
      return opened;
    });
    this.hasRate = programs.apply().map(UpdatePrograms.Compiled::program).orElse(program).results()
        .containsKey(Programs.LEARNING_RATE);
    OptionalLong seed = settings.shuffle() ? OptionalLong.of(settings.seed()) : OptionalLong.empty();
    this.feed = new Feed(examples.train(), programs.batch().computation(), workspace, batch, seed);
    this.sums = new Sums(task.metrics(), program, course.batchesOfPeriod());
    this.interrupts = saving.where().map(where -> new Interrupts(where.stopping())).orElseGet(Interrupts::ofThread);
    this.parts = new Parts(trainer, task, examples, settings.batch(), store, interrupts);
    Seeds.set(workspace, program, settings.seed());
    this.saver = saving.where().map(where -> saver(where, saving)).orElse(null);
    this.warnings = new Warnings(trainer.listener());
    this.guard = new Guard(settings, task, trainer.backend(), store, saving.variables(), warnings);
    this.callbacks = new Callbacks(task, settings, course, store, variables, warnings);
    this.symptoms = new Symptoms(task, settings, course, program, new Weights(variables, store),
        new ModelProbe(Updates.of(task, settings, course.updates()), examples.train().columns(), batch, trainer.backend(),
            store), warnings);
  }

  private Saver saver(Checkpoints where, Trainer.Saving saving) {
    long variables = saving.variables().stream().mapToLong(variable -> variable.type().bytes()).sum();
    boolean isRoomy = TrainingMemory.isRoomy(variables, programs.batch().program().bytes());
    return new Saver(where, settings.checkpoint(),
        new CheckpointContent(saving.model(), saving.variables(), store, best.values(), isRoomy), trainer.listener());
  }

  // ---------------------------------------------------------------- the state

  /** Goes on from a checkpoint; the variables have its values. */
  void restore(RunState state, Checkpoint from) throws IOException {
    steps = state.steps();
    stepsBefore = steps;
    best.restore(state, from);
    if (state.batches() == course.batches()) {
      pass = state.pass();
      number = state.number();
    } else { // other examples than before: they begin anew
      pass = state.number() == 0 ? state.pass() : state.pass() + 1;
    }
    callbacks.restore(state.callbacks(), steps);
    warnings.restore(state.callbacks());
    guard.restore(state.callbacks());
    symptoms.restore(state.callbacks());
    isInside = sums.restore(state.sums());
    seen = isInside ? state.seen() : 0;
    spent = isInside ? state.nanos() : 0;
  }

  private RunState state() {
    return new RunState(steps, course.batches(), pass, number, seen, spent, sums.totals(), best.best(),
        best.bestEpoch(), best.keptEpoch(), remembered());
  }

  /** What callbacks remember, and what was told and left out. */
  private Value.Mapping remembered() {
    Map<String, Object> all = new LinkedHashMap<>();
    callbacks.remember(all);
    warnings.remember(all);
    guard.remember(all);
    symptoms.remember(all);
    return (Value.Mapping) Value.of(all);
  }

  // ---------------------------------------------------------------- the course

  /** All of it, with its end told. */
  TrainingResult whole(Model model) throws IOException, InterruptedException {
    TrainingListener listener = trainer.listener();
    try {
      TrainingResult result = finish(model);
      boolean isWholly = steps >= course.updates();
      listener.ended(new TrainingEnd(isWholly ? TrainingEnd.Reason.FINISHED : TrainingEnd.Reason.STOPPED,
          whyEnded(isWholly), steps, best.keptEpoch(), result.measures()));
      return result;
    } catch (InterruptedException e) {
      listener.ended(new TrainingEnd(TrainingEnd.Reason.INTERRUPTED, "", steps, best.keptEpoch()));
      throw e;
    } catch (IOException | RuntimeException e) {
      saveIfWhole(e);
      listener.ended(
          new TrainingEnd(TrainingEnd.Reason.FAILED, String.valueOf(e.getMessage()), steps, best.keptEpoch()));
      throw e;
    }
  }

  private String whyEnded(boolean isWholly) {
    String why = callbacks.reason().or(() -> isWholly ? Optional.empty() : best.impatience()).orElse("");
    boolean isStuck = !isWholly && stepsBefore > 0 && steps == stepsBefore;
    return isStuck ? why + "; that stopped it before, and does again: for it to go on, raise what is said there" : why;
  }

  /** All epochs; the model then holds the values that are kept. */
  private TrainingResult finish(Model model) throws IOException, InterruptedException {
    int epoch = isInside || steps > 0 ? course.period(steps) - 1 : 0;
    boolean isOver = false;
    while (epoch < course.periods() && !best.isOutOfPatience(epoch) && !isOver) {
      averages.leave();
      guard.keep(steps);
      runUntil(course.end(epoch + 1));
      if (guard.isBrokenAfter(steps, passOfLast())) {
        goBack();
        continue;
      }
      epoch++;
      averages.enter();
      SequencedMap<String, Measures> measured = measure();
      symptoms.notFinite(steps, parts.notFinite());
      best.tell(epoch, measured);
      boolean better = keepIfBetter(epoch, measured);
      double rate = seen / Math.max(1e-9, spent * 1e-9);
      EpochReport report = new EpochReport(epoch, steps, measured, rate, Duration.ofNanos(spent), better);
      trainer.listener().epoch(report, model);
      symptoms.epoch(report, parts.judging(), workspace);
      callbacks.epoch(report);
      isOver = callbacks.isStopped();
    }
    guard.end(steps);
    callbacks.end();
    saveEnd();
    try {
      return result(model, epoch);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private TrainingResult result(Model model, int epoch) throws IOException, InterruptedException {
    if (best.values().isTaken()) {
      trainer.listener().replaced(model);
    }
    isWhole = false; // what the variables have now is no state to go on from
    best.values().restore();
    SequencedMap<String, Measures> measured = new LinkedHashMap<>();
    try (Evaluation train = parts.of(Parts.learnt(examples, settings, course))) {
      measured.put(Examples.TRAIN, train.run());
      if (parts.judging() == null) {
        symptoms.observed(steps, train, true);
      }
    }
    measured.putAll(parts.atEnd(best.keptMetrics()));
    symptoms.notFinite(steps, parts.notFinite());
    if (saver != null) {
      saver.settle();
    }
    return new TrainingResult(model, measured, best.keptEpoch(), epoch, steps);
  }

  /** Trains until so many updates are made, or a callback wants no more. */
  private void runUntil(long end) throws IOException, InterruptedException {
    if (saver != null && interrupts.isNoticed()) {
      throw interrupted();
    }
    if (!isInside) {
      spent = 0;
      beginAgain();
    }
    isInside = false;
    long before = spent;
    long start = System.nanoTime();
    while (steps < end && !callbacks.isStopped()) {
      if (saver == null) {
        interrupts.check();
      }
      int count = feed.load(pass, number);
      long ofPass = pass;
      int batch = number;
      Guard.Outcome outcome = run(programs.batch(), workspace, ofPass, batch);
      isWhole = false;
      number++;
      if (number == course.batches()) {
        number = 0;
        pass++;
      }
      if (outcome == Guard.Outcome.FINE) {
        add(count);
      }
      if (outcome == Guard.Outcome.WENT_BACK) {
        goBack();
      } else if (course.isUpdated(batch) && update(ofPass, batch)) {
        spent = before + System.nanoTime() - start;
        saveIfDue();
      }
    }
  }

  private Guard.Outcome run(UpdatePrograms.Compiled program, Workspace prepared, long ofPass, int batch) {
    prepared.run();
    if (prepared.result(Programs.FINITE).get(0) != 0) {
      guard.passed();
      return Guard.Outcome.FINE;
    }
    return guard.failed(program.computation(), prepared,
        new Guard.Place(steps + 1, ofPass, batch, feed.examples(ofPass, batch)));
  }

  private void add(int count) {
    double weight = sums.add(workspace, count);
    loss += workspace.result(Programs.LOSS).get(0) * weight;
    counted += weight;
    seen += count;
    added++;
    symptoms.batch(workspace, count, steps);
  }

  /**
   * Makes the update from what its batches gave; one that is left out counts as a step all the same.
   *
   * @return whether it is made or left out; otherwise the run went back
   */
  private boolean update(long ofPass, int batch) {
    Guard.Outcome outcome = added == 0 ? Guard.Outcome.LEFT_OUT
        : apply.isPresent() ? run(programs.apply().orElseThrow(), apply.get(), ofPass, batch) : Guard.Outcome.FINE;
    if (outcome == Guard.Outcome.WENT_BACK) {
      goBack();
      return false;
    }
    steps++;
    isWhole = true;
    double mean = Sums.mean(loss, counted);
    forgetBatches();
    if (outcome == Guard.Outcome.FINE) {
      trainer.listener().step(steps, mean, learningRate());
      symptoms.step(steps, mean);
      callbacks.step(steps, mean);
    } else {
      Updates.forget(programs.variables(), store);
      store.write(Trace.STEP, NDArray.scalar(DType.I32, steps));
    }
    return true;
  }

  /** Of the update that was made last; NaN where the optimizer says none. */
  private double learningRate() {
    Workspace last = apply.orElse(workspace);
    return hasRate ? last.result(Programs.LEARNING_RATE).get(0) : Double.NaN;
  }

  /** The variables are again as they were; what has been told since is void. */
  private void goBack() {
    steps = guard.goodStep();
    isWhole = true;
    beginAgain();
    trainer.listener().wentBack(steps);
    guard.tell();
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

  // ---------------------------------------------------------------- checkpoints

  private void saveIfDue() throws IOException, InterruptedException {
    if (saver == null) {
      return;
    }
    if (interrupts.isNoticed()) {
      throw interrupted();
    }
    boolean isLast = steps == course.updates() && settings.checkpoint().atEnd();
    if (saver.isDue(steps) || isLast && !saver.isTried(steps)) {
      if (guard.isBrokenAfter(steps, passOfLast())) {
        goBack();
        return;
      }
      saver.save(state());
      guard.keep(steps);
    }
  }

  /** The pass over all examples that the last batch belongs to. */
  private long passOfLast() {
    return number == 0 ? pass - 1 : pass;
  }

  /**
   * Where a run ends early. Its state is that in front of the last evaluation: what that changed, it changes to the same
   * again.
   */
  private void saveEnd() throws IOException {
    if (saver != null && settings.checkpoint().atEnd() && !saver.isTried(steps)) {
      averages.leave();
      saver.save(state());
      averages.enter();
    }
  }

  /** Writes the state of a run that stops, and tells so. */
  private InterruptedException interrupted() throws InterruptedException {
    if (saver == null) {
      return new InterruptedException("interrupted");
    }
    String at = "interrupted after step " + steps;
    try {
      if (!isWhole || steps == 0 || guard.isBroken()) {
        saver.settle();
        return new TrainingInterrupted(steps, saver.newest(), at);
      }
      averages.leave();
      return new TrainingInterrupted(steps, saver.saveLast(state(), false), at);
    } catch (IOException e) {
      return new TrainingInterrupted(steps, saver.newest(), at + "; the state could not be written:\n" + e.getMessage());
    }
  }

  /**
   * What was trained is not lost because something failed: a loss that is not finite, data, a plug-in's callback. The
   * weights may be ruined, though finite: earlier checkpoints stay.
   */
  private void saveIfWhole(Exception failure) throws InterruptedException {
    if (saver != null && isWhole && steps > 0 && !saver.isTried(steps) && !guard.isBroken()) {
      averages.leave();
      try {
        saver.saveLast(state(), true);
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private SequencedMap<String, Measures> measure() throws IOException, InterruptedException {
    try {
      return parts.between(sums.measures(examples.train().classes()));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private boolean keepIfBetter(int epoch, SequencedMap<String, Measures> measured) throws IOException {
    boolean better = best.improves(epoch, measured);
    if (best.replaces(better)) {
      boolean isLast = epoch == course.periods();
      if (saver != null && best.values().isTaken() && !isLast) {
        saver.settle(); // it may be writing the one that was kept
      }
      best.keep(epoch, measured, isLast);
    }
    return better;
  }

  @Override
  public void close() {
    if (saver != null) {
      saver.close(); // what is being written may be the best model
    }
    best.close();
    averages.close();
    guard.close();
    feed.close();
    workspace.close();
    apply.ifPresent(Workspace::close);
    parts.close();
  }
}
