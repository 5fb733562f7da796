package dev.ashlar.training;

import dev.ashlar.model.Batch;
import dev.ashlar.model.GradientTransform;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Objectives;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The programs that improve parameters: {@code step}, or {@code accumulate} for each batch and then {@code apply}.
 *
 * @param task what is to be learned
 * @param total number of updates in the whole run, for schedules
 * @param accumulates whether an update is made of several batches
 * @param ema memory of a moving average of the parameters
 * @param remat which parts' values are computed again in the backward pass, as {@link Settings#remat} has it
 */
record Updates(Task task, long total, boolean accumulates, Optional<Double> ema, Optional<String> remat) {

  private static final String TRAINING = "training";
  private static final String SUMS = "gradients";
  private static final String AVERAGES = "averages";

  /** Of a run. */
  static Updates of(Task task, Settings settings, long total) {
    return new Updates(task, total, settings.accumulate() > 1, settings.ema(), settings.remat());
  }

  /** The same with other parts computed again. */
  Updates withRemat(Optional<String> parts) {
    return new Updates(task, total, accumulates, ema, parts);
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
    Computation computation(String name, Task task, Tensor good) {
      Tensors results = Tensors.of(Programs.LOSS, loss, Programs.FINITE, good)
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
    Tensor good = update(pass.trace(), objective, new ArrayList<>(List.of(pass.loss().isFinite())));
    return pass.computation("step", task, good);
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
    List<Tensor> finite = new ArrayList<>(List.of(pass.loss().isFinite()));
    Tensor weight = task.loss().weight(pass.outputs(), pass.examples())
        .orElseGet(() -> pass.examples().weight().sum()).cast(DType.F32);
    pass.objective(parameters, remat).at(parameters).gradients().asMap().forEach((path, gradient) -> {
      finite.add(allFinite(gradient));
      State sum = sum(path, gradient.type(), training);
      sum.set(sum.value().add(gradient.mul(weight.cast(gradient.dtype()))));
    });
    State weights = weights(training);
    weights.set(weights.value().add(weight));
    trace.waiting().set(trace.waiting().value().add(1));
    return pass.computation("accumulate", task, all(finite));
  }

  /**
   * One update from the gradients that wait, which are the mean over all examples since the last one. Result: {@link
   * Programs#FINITE}.
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
    Tensor good = update(trace, objective, new ArrayList<>());
    sums.values().forEach(sum -> sum.set(Tensor.zeros(sum.value().type())));
    weights.set(Tensor.zeros(weights.value().type()));
    trace.waiting().set(Tensor.zeros(trace.waiting().value().type()));
    List<Variable> updated = trace.variables().stream()
        .map(v -> noted.contains(v.name()) ? v.withAfter(v.before()) : v).toList();
    return new Computation("apply", Tensors.of(Programs.FINITE, good), gated(updated, good));
  }

  private static State sum(String path, TensorType type, Scope training) {
    return training.again(SUMS).slot(path, type, Initializer.ZEROS);
  }

  private static State weights(Scope training) {
    return training.again("examples").slot("weight", TensorType.of(DType.F32), Initializer.ZEROS);
  }

  /** Lets the optimizer work; gives whether all that it was told is finite. */
  private Tensor update(Trace trace, Optimizer.Objective plain, List<Tensor> finite) {
    Tensors parameters = trace.parameters();
    Scope training = trace.root().again(TRAINING);
    Optimizer.Objective objective = at -> {
      Optimizer.Evaluation here = plain.at(at);
      here.gradients().values().forEach(gradient -> finite.add(allFinite(gradient)));
      return new Optimizer.Evaluation(here.loss(), transformed(here.gradients(), at, task.gradients(), training));
    };
    Tensors after = task.optimizer().step(parameters, objective, trace.root().child(TRAINING).child("optimizer"));
    ema.ifPresent(memory -> averages(after.with(noted(trace)), trace.step().value(), memory, training));
    trace.update(after);
    trace.step().set(trace.step().value().add(1));
    return all(finite);
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
  private static void averages(Tensors after, Tensor step, double memory, Scope training) {
    Tensor isFirst = step.eq(0);
    after.asMap().forEach((path, value) -> {
      State average = training.again(AVERAGES).slot(path, value.type(), Initializer.ZEROS);
      Tensor moved = value.add(average.value().sub(value).mul(memory));
      average.set(isFirst.where(value, moved));
    });
  }

  /**
   * The last first: so gradients come up in the order of the backward pass, each where its operands are at hand, and
   * what it is made of need not be kept until those of the first layers are known.
   */
  private static Tensor all(List<Tensor> conditions) {
    return conditions.reversed().stream().reduce(Tensor::and).orElseGet(() -> Tensor.full(TensorType.of(DType.BOOL), 1));
  }

  private static Tensors transformed(
      Tensors gradients, Tensors parameters, List<GradientTransform> transforms, Scope training) {
    Tensors result = gradients;
    for (int i = 0; i < transforms.size(); i++) {
      result = transforms.get(i).transform(result, parameters, training.again("gradients." + i));
    }
    return result;
  }

  /** NaN and infinity survive both the magnitude and the maximum: one pass, one scalar. */
  private static Tensor allFinite(Tensor gradient) {
    return gradient.abs().max().isFinite();
  }

  /** Nothing changes where the step went wrong, so that it can be looked into. */
  private static List<Variable> gated(List<Variable> variables, Tensor good) {
    return variables.stream()
        .map(v -> v.isUpdated() ? v.withAfter(good.where(v.after(), v.before())) : v)
        .toList();
  }
}
