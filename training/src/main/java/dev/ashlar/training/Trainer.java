package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Metric;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;

/**
 * Learns a task from examples. The same task, examples and settings give the same bits on one backend. To stop
 * early, interrupt the thread that trains.
 *
 * @param backend what everything runs on; it belongs to the caller
 * @param listener hears how it goes
 */
@Stable
public record Trainer(Backend backend, TrainingListener listener) {

  /** Trains in silence. */
  public Trainer(Backend backend) {
    this(backend, TrainingListener.SILENT);
  }

  /**
   * Trains from the beginning. Transforms of an {@link Architecture} learn from the training examples first.
   *
   * @param wanted what is to be learned
   * @return the model as the settings choose it, with how good it is; the caller closes it
   * @throws DivergedException if a loss or gradient is not finite
   * @throws MemoryShortage if there is too little memory for it
   * @throws UnsupportedOperationException if the backend lacks something: names all of it
   * @throws IOException if the data cannot be read
   * @throws InterruptedException if interrupted
   */
  public TrainingResult train(Task wanted, Examples examples, Settings settings)
      throws IOException, InterruptedException {
    return train(wanted, examples, settings, Optional.empty());
  }

  /**
   * Trains from the beginning, or from a checkpoint on: what comes of it is the same to the bit as if there had been no
   * interruption. When interrupted, or asked to stop, it finishes the update that it is at, writes a checkpoint and
   * throws a {@link TrainingInterrupted}.
   *
   * @param wanted what is to be learned
   * @param checkpoints where the state is written, as often as the settings say
   * @return the model as the settings choose it, with how good it is; the caller closes it
   * @throws dev.ashlar.config.FileException if it cannot go on from the checkpoint, since model, optimizer or
   *     accumulation are others
   * @throws IOException if data cannot be read, or a checkpoint cannot be written and the settings let it fail then
   * @throws TrainingInterrupted if interrupted or asked to stop
   */
  public TrainingResult train(Task wanted, Examples examples, Settings settings, Checkpoints checkpoints)
      throws IOException, InterruptedException {
    return train(wanted, examples, settings, Optional.of(checkpoints));
  }

  private TrainingResult train(Task wanted, Examples examples, Settings settings, Optional<Checkpoints> checkpoints)
      throws IOException, InterruptedException {
    checkMonitor(wanted, settings.monitor());
    Dataset data = examples.train();
    Task task = wanted.model() instanceof Architecture whole
        ? wanted.withModel(whole.fitted(data, wanted.precision()))
        : wanted;
    int batch = settings.batchOf(data);
    Course course = Course.of(settings, data.size());
    if (checkpoints.isPresent() && checkpoints.get().from().isPresent()) {
      checkLength(checkpoints.get().from().get(), course);
    }
    Updates updates = Updates.of(task, settings, course.updates());
    UpdatePrograms.Plan plan = UpdatePrograms.Plan.of(updates, data, batch);
    MemoryShortage.check(plan, task, examples, settings, backend, Oversize.memory());
    VariableStore store = backend.newStore();
    try {
      // The updates are compiled while the variables get their first values: what they need, and what evaluation needs.
      CompletableFuture<UpdatePrograms> compiling = plan.compiling(backend);
      List<Variable> variables = Programs.union(plan.variables(), Programs.evaluate(task, data.columns(), batch));
      Optional<Checkpoint> from = checkpoints.flatMap(Checkpoints::from);
      Optional<RunState> state = from.isPresent() ? Optional.of(restored(from.get(), variables, store)) : Optional.empty();
      if (from.isEmpty()) {
        Seeds.run(backend.compile(Computation.initialize(variables)), store, settings.seed());
      }
      UpdatePrograms programs = UpdatePrograms.of(compiling);
      Model model = Model.trained(task, data, backend, store);
      try (TrainingRun run = new TrainingRun(this, task, examples, settings, course, batch, programs, store,
          new Saving(model, variables, checkpoints))) {
        if (from.isPresent()) {
          run.restore(state.get(), from.get());
          listener.resumed(from.get().step());
        }
        Work work = Work.of(updates, plan, settings, data);
        listener.started(new TrainingStart(parameters(variables), data.size(), batch * settings.accumulate(),
            course.periods(), course.updates(), course.byEpoch(), work, work.tokens() > 0 ? backend.peak() : OptionalDouble.empty(), backend.describe()));
        return run.whole(model);
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /**
   * What a run needs to write its state.
   *
   * @param variables of all its programs
   */
  record Saving(Model model, List<Variable> variables, Optional<Checkpoints> where) {}

  private static RunState restored(Checkpoint from, List<Variable> variables, VariableStore store)
      throws IOException {
    return from.state().withSums(CheckpointContent.restore(from, variables, store));
  }

  /**
   * Measures a model.
   *
   * @param task with the model's block, its loss and its metrics
   * @return loss and metrics by name
   */
  public SequencedMap<String, Double> evaluate(Task task, Model model, Dataset data, int batch)
      throws IOException, InterruptedException {
    return measure(task, model, data, batch).values();
  }

  /**
   * Measures a model, class by class too.
   *
   * @param task with the model's block, its loss and its metrics
   */
  public Measures measure(Task task, Model model, Dataset data, int batch) throws IOException, InterruptedException {
    try (Evaluation evaluation = new Evaluation(task, data, batch, this, model.store(), Interrupts.ofThread(), false)) {
      return evaluation.run();
    }
  }

  /** What was trained longer than it is to be has lost the state that it would have had then. */
  private static void checkLength(Checkpoint from, Course course) throws FileException {
    if (from.step() > course.updates()) {
      throw FileException.at(from.path().toString(), "the state after step " + from.step(),
          "one within the " + course.updates() + " steps that are to be made",
          "give as many epochs or steps as were trained, or more; or train anew, into another folder");
    }
  }

  private static void checkMonitor(Task task, String monitor) {
    if (!monitor.equals(Programs.LOSS) && !task.metrics().containsKey(monitor)) {
      throw new IllegalArgumentException(
          "cannot tell the best epoch by '" + monitor + "': measured are loss and " + task.metrics().keySet());
    }
  }

  private static long parameters(List<Variable> variables) {
    return variables.stream()
        .filter(v -> v.kind() == Variable.Kind.PARAMETER)
        .mapToLong(v -> v.type().shape().size())
        .sum();
  }

  /** Whether more of a measure is better. */
  static boolean largerIsBetter(Task task, String measure) {
    Metric metric = task.metrics().get(measure);
    return metric != null && metric.largerIsBetter();
  }
}
