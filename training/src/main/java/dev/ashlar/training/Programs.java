package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Metric;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The programs of a task: {@code step}, {@code evaluate} and {@code predict}, over one store of variables. They
 * differ in what they read and update, never in what a variable is called.
 */
@Experimental(since = "0.1")
public final class Programs {

  /** The result that holds the loss of the batch, a scalar. */
  public static final String LOSS = "loss";

  /** The result that holds what the loss of the batch counts by, a scalar, where the loss has a weight of its own. */
  static final String LOSS_WEIGHT = "loss.weight";

  /** The result that says whether loss and all gradients are finite, a scalar; if not, nothing was updated. */
  public static final String FINITE = "finite";

  /** The result that holds the largest magnitude among all elements of the batch's gradients, a scalar. */
  static final String GRADIENT = "loss.gradient";

  /** The result that holds the least, over matrices, of the largest magnitude in the gradient of each, a scalar. */
  static final String LEAST_GRADIENT = "loss.gradient.least";

  /** The result that holds the learning rate of an update, a scalar, where the optimizer says it. */
  static final String LEARNING_RATE = "update.learning_rate";

  /** What the main output is called unless the model gives it a name of its own. */
  public static final String OUTPUT = "output";

  private Programs() {}

  /**
   * One update from one batch. Results: {@link #LOSS}, {@link #FINITE}, sizes of the gradients under names that begin
   * with {@code loss.}, and the metrics' statistics, called {@code metric.statistic}.
   *
   * @param columns types of one example, by name
   * @param batch examples in a batch, padding included
   * @param totalSteps number of updates in the whole run, for schedules
   */
  public static Computation step(Task task, Map<String, TensorType> columns, int batch, long totalSteps) {
    return new Updates(task, totalSteps, false, Updates.averaging(task, Optional.empty()), Optional.empty()).step(columns, batch);
  }

  /**
   * Loss and metrics of one batch, without noise; nothing is updated. Results: {@link #LOSS} and the metrics'
   * statistics.
   */
  public static Computation evaluate(Task task, Map<String, TensorType> columns, int batch) {
    return evaluate(task, columns, batch, (outputs, examples) -> Tensors.empty());
  }

  /** Results beside those of an evaluation. */
  interface More {
    Tensors of(Tensors outputs, Batch examples);
  }

  static Computation evaluate(Task task, Map<String, TensorType> columns, int batch, More more) {
    Batch examples = batch(columns, batch);
    Trace trace = Trace.inference(task.precision()).withExampleWeights(examples.weight());
    Tensors outputs = apply(task.model(), inputs(examples.columns()), trace);
    Tensors results = Tensors.of(LOSS, task.loss().of(outputs, examples)).with(statistics(task, outputs, examples))
        .with(more.of(outputs, examples));
    return new Computation("evaluate", results, trace.variables());
  }

  /**
   * The model's outputs. The main one is called {@value #OUTPUT} if the model does not name it; inputs that
   * the model only passes on are left out.
   *
   * @param inputs types of one example, by name
   */
  public static Computation predict(Block model, Precision precision, Map<String, TensorType> inputs, int batch) {
    return predict(model, inputs, batch, Trace.inference(precision));
  }

  static Computation predict(Block model, Map<String, TensorType> inputs, int batch, Trace trace) {
    Tensors given = leaves(inputs, batch);
    Tensors outputs = apply(model, given, trace);
    Map<String, Tensor> results = new LinkedHashMap<>();
    outputs.asMap().forEach((name, value) -> {
      boolean passedOn = given.find(name).filter(leaf -> leaf == value).isPresent();
      if (!passedOn) {
        results.put(given.find(name).isPresent() && results.isEmpty() ? OUTPUT : name, value);
      }
    });
    return new Computation("predict", Tensors.of(results), trace.variables());
  }

  /**
   * What does not fit together in a task, found by tracing it.
   *
   * @param columns types of one example, by name
   * @param batch examples in a batch
   * @return empty if all fits
   */
  public static List<Misfit> misfits(Task task, Map<String, TensorType> columns, int batch) {
    Optional<Misfit> inModel = misfit(task.model(), task.precision(), columns, batch);
    if (inModel.isPresent()) {
      return List.of(inModel.get());
    }
    Batch examples = batch(columns, batch);
    Trace trace = Trace.training(task.precision(), 1).withExampleWeights(examples.weight());
    Tensors outputs = apply(task.model(), inputs(examples.columns()), trace);
    Tensors compared = Tensors.of(OUTPUT, outputs.first())
        .with(examples.columns().filter((name, value) -> name.equals(Batch.TARGET)));
    List<Misfit> misfits = new ArrayList<>();
    tried(() -> checked(task, outputs, examples))
        .ifPresent(e -> misfits.add(Misfit.of(task.loss(), "loss", compared, e)));
    task.metrics().forEach((name, metric) -> tried(() -> checked(metric, outputs, examples))
        .ifPresent(e -> misfits.add(Misfit.of(metric, "metric " + name, compared, e))));
    if (misfits.isEmpty()) {
      List<Computation> step = new ArrayList<>();
      tried(() -> step.add(step(task, columns, batch, 1)))
          .ifPresent(e -> misfits.add(e instanceof PartException failed
              ? Misfit.of(failed.part(), "gradients", trace.parameters(), failed.getCause())
              : Misfit.of(task.optimizer(), "optimizer", trace.parameters(), e)));
      step.stream().flatMap(s -> Oversize.in(s).stream())
          .forEach(large -> misfits.add(Misfit.at(large.path(), trace, large.reason())));
    }
    return misfits;
  }

  /** A loss as others have to be able to use it; what is not so is a mistake in its code, and not the user's. */
  private static Tensor checked(Task task, Tensors outputs, Batch examples) {
    Loss loss = task.loss();
    Tensor value = given(loss.of(outputs, examples), "of");
    if (value.rank() != 0 || !value.dtype().isFloating()) {
      throw new IllegalStateException("of gave " + value.type() + ", which is no floating-point scalar");
    }
    given(loss.weight(outputs, examples), "weight");
    TensorType output = outputs.first().type();
    given(loss.link(output, examples.columns().find(Batch.TARGET).map(Tensor::type).orElse(output)), "link");
    return value;
  }

  private static Tensors checked(Metric metric, Tensors outputs, Batch examples) {
    given(metric.kept(), "kept");
    return given(metric.statistics(outputs, examples), "statistics");
  }

  private static <T> T given(@Nullable T value, String method) {
    return Objects.requireNonNull(value, () -> method + " gave null");
  }

  /**
   * What is wrong with the names of parts that are to be computed again, if the model has none of these.
   *
   * @param parts as {@link Settings#remat} has them
   * @param columns types of one example, by name
   */
  public static Optional<ShapeException> rematerialized(String parts, Task task, Map<String, TensorType> columns) {
    if (misfit(task.model(), task.precision(), columns, 1).isPresent()) {
      return Optional.empty(); // told elsewhere
    }
    Trace trace = Trace.training(task.precision(), 1);
    apply(task.model(), inputs(batch(columns, 1).columns()), trace);
    try {
      Rematerialized.paths(parts, trace.applications());
      return Optional.empty();
    } catch (ShapeException e) {
      return Optional.of(e);
    }
  }

  /** What a task's loss takes the main output for, of one example. */
  public static Link link(Task task, TensorType output, Map<String, TensorType> columns) {
    TensorType target = columns.get(Batch.TARGET);
    return task.loss().link(output, target == null ? output : Model.batched(target, 1));
  }

  /**
   * How many outputs the model has, if these are scores of fewer classes than there are to tell apart: one without an
   * output of its own would be learnt by nobody.
   *
   * @param output the main one, of one example
   * @param link as {@link #link} says
   */
  public static OptionalInt tooFewScores(TensorType output, Link link, Dataset data) {
    TensorType target = data.columns().get(Batch.TARGET);
    int rank = target == null ? 0 : target.shape().rank();
    int classes = data.classes().size();
    if (link == Link.EMBEDDING || output.shape().rank() != rank + 1) {
      return OptionalInt.empty();
    }
    int scores = output.shape().dim(-1);
    boolean yesOrNo = classes == 2 && scores == 1;
    return scores < classes && !yesOrNo ? OptionalInt.of(scores) : OptionalInt.empty();
  }

  /** What does not fit together in a model alone. */
  public static Optional<Misfit> misfit(
      Block model, Precision precision, Map<String, TensorType> columns, int batch) {
    Batch examples = batch(columns, batch);
    Trace trace = Trace.training(precision, 1).withExampleWeights(examples.weight());
    return tried(() -> apply(model, inputs(examples.columns()), trace)).map(e -> Misfit.inModel(trace, e));
  }

  /**
   * What the first part of a model takes that takes pictures, [channels, height, width]; none in a model without such.
   *
   * @param inputs types of one example, by name
   */
  public static Optional<Shape> pictures(Block model, Precision precision, Map<String, TensorType> inputs) {
    return Summary.traced(model, Trace.inference(precision), inputs).trace().applications().stream()
        .map(use -> use.in().first().shape()).filter(shape -> shape.rank() == 4).map(shape -> shape.remove(0))
        .findFirst();
  }

  private static Optional<Throwable> tried(Supplier<?> work) {
    try {
      work.get();
      return Optional.empty();
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      return Optional.of(e);
    }
  }

  /** The variables of several programs over one store, each once: the first mention counts. */
  static List<Variable> union(Computation one, Computation other) {
    return union(one.variables(), other);
  }

  static List<Variable> union(List<Variable> some, Computation other) {
    Map<String, Variable> byName = new LinkedHashMap<>();
    some.forEach(variable -> byName.putIfAbsent(variable.name(), variable));
    other.variables().forEach(variable -> byName.putIfAbsent(variable.name(), variable));
    return List.copyOf(byName.values());
  }

  // ---------------------------------------------------------------- parts

  static Batch batch(Map<String, TensorType> columns, int batch) {
    TensorType weights = TensorType.of(DType.F32, batch);
    return new Batch(leaves(columns, batch).with(Batch.WEIGHT, Tensor.input(Batch.WEIGHT, weights)));
  }

  private static Tensors leaves(Map<String, TensorType> columns, int batch) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    columns.forEach((name, type) ->
        leaves.put(name, Tensor.input(name, type.withShape(Shape.of(batch).concat(type.shape())))));
    return Tensors.of(leaves);
  }

  /** The columns that go into a model: all but {@code target} and {@code weight}. */
  public static SequencedMap<String, TensorType> inputs(Map<String, TensorType> columns) {
    SequencedMap<String, TensorType> inputs = new LinkedHashMap<>();
    columns.forEach((name, type) -> {
      if (isInput(name)) {
        inputs.put(name, type);
      }
    });
    return inputs;
  }

  /** A model may see everything but what it is compared with. */
  private static boolean isInput(String column) {
    return !column.equals(Batch.TARGET) && !column.equals(Batch.WEIGHT);
  }

  static Tensors inputs(Tensors columns) {
    return columns.filter((name, value) -> isInput(name));
  }

  static Tensors apply(Block model, Tensors inputs, Trace trace) {
    Precision precision = trace.root().precision();
    Tensors given = inputs.map((name, value) -> in(precision.compute(), value));
    return trace.root().apply(model, given).map((name, value) -> in(precision.output(), value));
  }

  private static Tensor in(DType dtype, Tensor value) {
    return value.dtype().isFloating() ? value.cast(dtype) : value;
  }

  /** What is put together over batches beside the loss: what it counts by, and the metrics' statistics. */
  static Tensors statistics(Task task, Tensors outputs, Batch examples) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    task.loss().weight(outputs, examples).ifPresent(weight -> all.put(LOSS_WEIGHT, weight));
    task.metrics().forEach((name, metric) ->
        metric.statistics(outputs, examples).asMap().forEach((part, value) -> all.put(name + "." + part, value)));
    return Tensors.of(all);
  }
}
