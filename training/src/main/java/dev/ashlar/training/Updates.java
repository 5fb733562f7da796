package dev.ashlar.training;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Callback;
import dev.ashlar.model.GradientTransform;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Objectives;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The programs that improve parameters: {@code step}, or {@code accumulate} for each batch and then {@code apply}.
 *
 * @param task what is to be learned
 * @param total number of updates in the whole run, for schedules
 * @param accumulates whether an update is made of several batches
 * @param averaging memory of a moving average of the parameters
 * @param remat which parts' values are computed again in the backward pass, as {@link Settings#remat} has it
 */
record Updates(Task task, long total, boolean accumulates, Optional<Schedule> averaging, Optional<String> remat) {

  private static final String TRAINING = "training";
  private static final String SUMS = "gradients";
  private static final String AVERAGES = "averages";
  private static final String SCALE = "scale";

  /** Of a run. */
  static Updates of(Task task, Settings settings, long total) {
    return new Updates(task, total, settings.accumulate() > 1, averaging(task, settings.ema()), settings.remat());
  }

  /**
   * The memory of the average of the weights that a run keeps, if it does.
   *
   * @param ema memory of a moving average, as {@link Settings#ema} has it
   * @throws IllegalArgumentException if two want to
   */
  static Optional<Schedule> averaging(Task task, Optional<Double> ema) {
    List<Schedule> wanted = Stream.concat(ema.map(Schedule::constant).stream(),
        task.callbacks().stream().flatMap(callback -> callback.averaging().stream())).toList();
    if (wanted.size() > 1) {
      throw new IllegalArgumentException("one average of the weights, not " + wanted.size()
          + ": 'ema' and callbacks that average exclude each other");
    }
    return wanted.stream().findFirst();
  }

  /** The same with other parts computed again. */
  Updates withRemat(Optional<String> parts) {
    return new Updates(task, total, accumulates, averaging, parts);
  }

  /** Name of the variable that holds the factor of all updates, where a callback scales them. */
  static String scale() {
    return TRAINING + "." + SCALE;
  }

  /** Name of the variable that holds the average of a parameter. */
  static String average(String parameter) {
    return TRAINING + "." + AVERAGES + "." + parameter;
  }

  /** A batch on its way through the model. */
  private record Pass(Trace trace, Batch examples, Tensors outputs, Tensor loss) {

    static Pass of(Task task, Trace empty, Map<String, TensorType> columns, int batch) {
      Batch examples = Programs.batch(columns, batch);
      Trace trace = empty.withExampleWeights(examples.weight());
      Tensors outputs = Programs.apply(task.model(), Programs.inputs(examples.columns()), trace);
      return new Pass(trace, examples, outputs, task.loss().of(outputs, examples));
    }

    /** Loss and gradients as functions of the parameters. */
    Optimizer.Objective objective(Tensors parameters, Optional<String> remat) {
      return Objectives.of(loss, parameters,
          remat.map(wanted -> Rematerialized.paths(wanted, trace.applications())).orElse(List.of()));
    }

    /** The program, in which nothing changes where something is not finite, so that it can be looked into. */
    Computation computation(String name, Task task, Findings findings) {
      Tensor good = findings.finite();
      Tensors results = Tensors.of(Programs.LOSS, loss, Programs.FINITE, good).with(findings.results())
          .with(Programs.statistics(task, outputs, examples));
      return new Computation(name, results, gated(trace.variables(), good));
    }
  }

  private Pass pass(Map<String, TensorType> columns, int batch) {
    Trace trace = Trace.training(task.precision(), total);
    return Pass.of(task, accumulates ? trace.accumulating() : trace, columns, batch);
  }

  /** See {@link Programs#step}. */
  Computation step(Map<String, TensorType> columns, int batch) {
    Pass pass = pass(columns, batch);
    Optimizer.Objective objective = pass.objective(pass.trace().parameters(), remat);
    Findings findings = new Findings();
    findings.add(pass.loss());
    update(pass.trace(), objective, findings);
    return pass.computation("step", task, findings);
  }

  /**
   * What one batch adds to an update. Results: as those of {@link #step}. The gradients, each times what the loss counts
   * by, are added to those that wait.
   *
   * @param apply the program that makes the update
   */
  Computation accumulate(Map<String, TensorType> columns, int batch, Computation apply) {
    Pass pass = pass(columns, batch);
    Trace trace = pass.trace();
    Scope training = trace.root().child(TRAINING);
    Set<String> wanted = new TreeSet<>();
    String prefix = TRAINING + "." + SUMS + ".";
    apply.variables().stream().map(Variable::name).filter(name -> name.startsWith(prefix))
        .forEach(name -> wanted.add(name.substring(prefix.length())));
    Tensors parameters = trace.parameters().filter((path, value) -> wanted.contains(path));
    Findings findings = new Findings();
    findings.add(pass.loss());
    Tensor weight = task.loss().weight(pass.outputs(), pass.examples())
        .orElseGet(() -> pass.examples().weight().sum()).cast(DType.F32);
    Tensors gradients = pass.objective(parameters, remat).at(parameters).gradients();
    findings.add(gradients);
    gradients.asMap().forEach((path, gradient) -> {
      State sum = sum(path, gradient.type(), training);
      sum.set(sum.value().add(gradient.mul(weight.cast(gradient.dtype()))));
    });
    State weights = weights(training);
    weights.set(weights.value().add(weight));
    trace.waiting().set(trace.waiting().value().add(1));
    return pass.computation("accumulate", task, findings);
  }

  /**
   * One update from the gradients that wait, which are the mean over all examples since the last one. Results: {@link
   * Programs#FINITE}, and {@link Programs#LEARNING_RATE} where there is one.
   */
  Computation apply(Map<String, TensorType> columns, int batch) {
    Trace trace = pass(columns, batch).trace();
    // What the model notes of its batches, such as running means, the batches have noted; this one is empty.
    Set<String> noted = trace.variables().stream().filter(Variable::isUpdated).map(Variable::name)
        .collect(Collectors.toSet());
    Tensors parameters = trace.parameters();
    Scope training = trace.root().again(TRAINING);
    State weights = weights(training);
    Tensor total = weights.value().maximum(1e-30);
    Map<String, State> sums = new LinkedHashMap<>();
    Optimizer.Objective objective = at -> {
      if (at.asMap().entrySet().stream().anyMatch(value -> value.getValue() != parameters.get(value.getKey()))) {
        throw new ShapeException("accumulation of gradients",
            "an optimizer that asks for them where the parameters are", "one that also asks elsewhere",
            "leave out 'accumulate', or take another optimizer");
      }
      return new Optimizer.Evaluation(Tensor.scalar(DType.F32, 0), at.map((path, value) ->
          sums.computeIfAbsent(path, p -> sum(p, value.type(), training)).value().div(total.cast(value.dtype()))));
    };
    Findings findings = new Findings();
    update(trace, objective, findings);
    sums.values().forEach(sum -> sum.set(Tensor.zeros(sum.value().type())));
    weights.set(Tensor.zeros(weights.value().type()));
    trace.waiting().set(Tensor.zeros(trace.waiting().value().type()));
    List<Variable> updated = trace.variables().stream()
        .map(v -> noted.contains(v.name()) ? v.withAfter(v.before()) : v).toList();
    Tensor good = findings.finite();
    return new Computation("apply", Tensors.of(Programs.FINITE, good).with(findings.rate()), gated(updated, good));
  }

  /** The largest magnitude in the gradient of each matrix, by path, as {@link #step} would find it. */
  Computation sizes(Map<String, TensorType> columns, int batch) {
    Pass pass = pass(columns, batch);
    Tensors parameters = pass.trace().parameters();
    Tensors sizes = pass.objective(parameters, remat).at(parameters).gradients()
        .filter((path, gradient) -> gradient.rank() > 1).map((path, gradient) -> gradient.abs().max().cast(DType.F32));
    return new Computation("sizes", sizes,
        pass.trace().variables().stream().map(variable -> variable.withAfter(variable.before())).toList());
  }

  /** Forgets the gradients that wait for an update that cannot be made. */
  static void forget(List<Variable> variables, VariableStore store) {
    Set<String> waiting = variables.stream().filter(variable -> variable.kind() == Variable.Kind.PARAMETER)
        .map(parameter -> TRAINING + "." + SUMS + "." + parameter.name()).collect(Collectors.toSet());
    waiting.add(TRAINING + ".examples.weight");
    waiting.add(Trace.WAITING);
    variables.stream().filter(variable -> waiting.contains(variable.name()))
        .forEach(variable -> store.write(variable.name(), NDArray.zeros(variable.type())));
  }

  private static State sum(String path, TensorType type, Scope training) {
    return training.again(SUMS).slot(path, type, Initializer.ZEROS);
  }

  private static State weights(Scope training) {
    return training.again("examples").slot("weight", TensorType.of(DType.F32), Initializer.ZEROS);
  }

  /** Lets the optimizer work; adds what it is told to the findings. */
  private void update(Trace trace, Optimizer.Objective plain, Findings findings) {
    Tensors parameters = trace.parameters();
    Scope training = trace.root().again(TRAINING);
    Optimizer.Objective objective = at -> {
      Optimizer.Evaluation here = plain.at(at);
      findings.add(here.gradients());
      return new Optimizer.Evaluation(here.loss(), transformed(here.gradients(), at, task.gradients(), training));
    };
    Tensors step = Objects.requireNonNull(task.optimizer()
        .step(parameters, objective, trace.root().child(TRAINING).child("optimizer")), "step gave null");
    step.names().stream().filter(name -> parameters.find(name).isEmpty()).findFirst().ifPresent(name -> {
      throw new IllegalStateException("step gave '" + name + "', which is no parameter that it was given");
    });
    findings.add(task.optimizer(), trace.progress());
    Tensors after = task.callbacks().stream().anyMatch(Callback::scalesUpdates)
        ? scaled(step, parameters, training.slot(SCALE, TensorType.of(DType.F32), Initializer.ONES).value()) : step;
    averaging.ifPresent(memory -> averages(
        after.with(noted(trace)), trace.step().value(), memory.at(trace.progress()), training));
    trace.update(after);
    trace.step().set(trace.step().value().add(1));
  }

  /** Updates of so many times the size; by a factor of 1 the same bits. */
  private static Tensors scaled(Tensors after, Tensors before, Tensor factor) {
    Tensor isPlain = factor.eq(1);
    return after.map((path, value) -> {
      Tensor start = before.get(path);
      return value == start ? value : isPlain.where(value, start.add(value.sub(start).mul(factor.cast(value.dtype()))));
    });
  }

  /** Whether it has a moving average: parameters, and running statistics, which must belong to them. */
  static boolean isAveraged(Variable variable) {
    return variable.isOfModel() && variable.type().dtype().isFloating();
  }

  /** What the model has noted of the batches of this update, such as running means; of several batches, before it. */
  private Tensors noted(Trace trace) {
    Map<String, Tensor> noted = new LinkedHashMap<>();
    trace.variables().stream().filter(v -> v.kind() == Variable.Kind.STATE && isAveraged(v))
        .forEach(v -> noted.put(v.name(), accumulates ? v.before() : v.after()));
    return Tensors.of(noted);
  }

  /** The first value is the average of one, as in {@code torch.optim.swa_utils.get_ema_multi_avg_fn}. */
  private static void averages(Tensors after, Tensor step, Tensor memory, Scope training) {
    Tensor isFirst = step.eq(0);
    after.asMap().forEach((path, value) -> {
      State average = training.again(AVERAGES).slot(path, value.type(), Initializer.ZEROS);
      Tensor moved = value.add(average.value().sub(value).mul(memory.cast(value.dtype())));
      average.set(isFirst.where(value, moved));
    });
  }

  private static Tensors transformed(
      Tensors gradients, Tensors parameters, List<GradientTransform> transforms, Scope training) {
    Tensors result = gradients;
    for (int i = 0; i < transforms.size(); i++) {
      result = transformed(result, parameters, transforms.get(i), training.again("gradients." + i));
    }
    return result;
  }

  private static Tensors transformed(
      Tensors gradients, Tensors parameters, GradientTransform transform, Scope scope) {
    try {
      return Objects.requireNonNull(transform.transform(gradients, parameters, scope), "transform gave null");
    } catch (IllegalArgumentException e) {
      throw e; // it says what it takes instead
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw new PartException(transform, e);
    }
  }

  /** Nothing changes where the step went wrong, so that it can be looked into. */
  private static List<Variable> gated(List<Variable> variables, Tensor good) {
    return variables.stream()
        .map(v -> v.isUpdated() ? v.withAfter(good.where(v.after(), v.before())) : v)
        .toList();
  }
}
