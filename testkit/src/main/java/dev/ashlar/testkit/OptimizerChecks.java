package dev.ashlar.testkit;

import dev.ashlar.model.Initializer;
import dev.ashlar.model.Objectives;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The promises of {@link OptimizerContract}, for one optimizer. */
record OptimizerChecks(Optimizer optimizer, int steps) {

  private static final Map<String, NDArray> SEED = Map.of(Trace.SEED, NDArray.of(Shape.of(2), 1, 2));

  /** Where parameters stand before a first step. */
  private static final Map<String, NDArray> START = Map.of(
      "part.weight", Values.normal(TensorType.of(DType.F64, 3, 2), 5),
      "part.bias", Values.normal(TensorType.of(DType.F64, 2), 6));

  /** How far a parameter may be from what is expected. */
  private static final double ROUNDING = 1e-9;

  /** One step of a regression with a matrix and a bias: 12 examples of 3 numbers, 2 targets each. */
  private Computation step(DType dtype) {
    Trace trace = Trace.training(Precision.of(dtype), steps);
    Scope part = trace.root().child("part");
    Tensor x = Tensor.constant(Values.normal(TensorType.of(dtype, 12, 3), 1));
    Tensor target = Tensor.constant(Values.normal(TensorType.of(dtype, 12, 2), 2)).mul(0.1)
        .add(x.slice(1, 0, 2)).add(1);
    Tensor y = x.matmul(part.parameter("weight", Shape.of(3, 2), Initializer.ZEROS))
        .add(part.parameter("bias", Shape.of(2), Initializer.ZEROS));
    Tensor loss = y.sub(target).square().mean();
    Tensors parameters = trace.parameters();
    Tensors after = optimizer.step(parameters, Objectives.of(loss, parameters),
        trace.root().child("optimizer"));
    for (String name : parameters.names()) {
      Tensor found = after.find(name).orElse(null);
      if (found == null || !found.type().equals(parameters.get(name).type())) {
        throw new AssertionError("parameter '" + name + "' is " + parameters.get(name)
            .type() + " and becomes "
            + (found == null ? "nothing" : found.type()) + ": return a value of its type for every parameter;"
            + " cast schedules to the parameter's element type");
      }
    }
    trace.update(after);
    trace.step().set(trace.step().value().add(1));
    return new Computation("step", Tensors.of("loss", loss), trace.variables());
  }

  void learns() {
    Run run = new Run(step(DType.F64));
    double first = run.loss();
    run.steps(steps);
    double last = run.loss();
    if (!(last < first / 2)) {
      throw new AssertionError("the loss of a regression goes from " + first + " to " + last + " in " + steps
          + " steps: choose settings that fit, more steps, or correct the update");
    }
  }

  void types() {
    for (DType dtype : new DType[] {DType.F64, DType.F32, DType.BF16}) {
      for (Variable v : step(dtype).variables()) {
        if (v.name().startsWith("optimizer") && v.kind() != Variable.Kind.SLOT) {
          throw new AssertionError("variable '" + v.name() + "' is a " + v.kind()
              + ": ask for it with scope.slot");
        }
      }
    }
  }

  /** Half the steps, everything copied to another store, and the other half: the bits of all in one go. */
  void resumes() {
    Run whole = new Run(step(DType.F32));
    whole.steps(10);
    Run first = new Run(step(DType.F32));
    first.steps(5);
    Run second = new Run(step(DType.F32));
    first.values().forEach(second.store::write);
    second.steps(5);
    Map<String, NDArray> expected = whole.values();
    second.values().forEach((name, value) -> {
      if (!Arrays.equals(value.toDoubles(), expected.get(name).toDoubles())) {
        throw new AssertionError("after 5 steps, a save and 5 more, '" + name + "' is " + value
            + ", after 10 steps "
            + expected.get(name) + ": keep what lasts in scope.slot, and count by scope.progress()");
      }
    });
  }

  void purity() {
    if (!step(DType.F32).graph().toString().equals(step(DType.F32).graph().toString())) {
      throw new AssertionError("two calls of step build different graphs: keep no state in the optimizer");
    }
  }

  void decays(OptimizerContract.Decay decay) {
    Map<String, NDArray> still = firstStep(optimizer, p -> p.mul(0).sum());
    switch (decay) {
      case OptimizerContract.Decay.None _ -> START.forEach((name, before) -> requireSame(still.get(name), before,
          "with a gradient of 0 and no decay declared, '" + name + "'"));
      case OptimizerContract.Decay.Apart apart -> START.forEach((name, before) -> {
        NDArray less = scaled(before, 1 - apart.share());
        boolean isExempt = before.shape().rank() < 2 && distance(still.get(name), before) == 0;
        requireSame(still.get(name), isExempt ? before : less,
            "with a gradient of 0 and a share of " + apart.share() + " that goes, '" + name + "'");
      });
      case OptimizerContract.Decay.InGradient more -> {
        Map<String, NDArray> expected =
            firstStep(more.without(), p -> p.square().sum().mul(more.factor() / 2)); // whose gradient is factor p
        START.forEach((name, _) -> requireSame(still.get(name), expected.get(name),
            "with a gradient of 0 and " + more.factor() + " times the parameter added to it, '" + name + "'"));
      }
    }
  }

  void isTwiceAsFarAs(Optimizer half) {
    Map<String, NDArray> whole = firstStep(optimizer, OptimizerChecks::slope);
    Map<String, NDArray> halves = firstStep(half, OptimizerChecks::slope);
    START.forEach((name, before) -> {
      NDArray expected = NDArray.zeros(before.type());
      for (long i = 0; i < before.size(); i++) {
        expected.set(i, before.get(i) + (whole.get(name).get(i) - before.get(i)) / 2);
      }
      requireSame(halves.get(name), expected, "at half the learning rate, '" + name + "'");
    });
  }

  /** Whose gradient is the same everywhere. */
  private static Tensor slope(Tensor parameter) {
    return parameter.mul(Tensor.constant(Values.normal(parameter.type(), 7))).sum();
  }

  private static NDArray scaled(NDArray values, double factor) {
    NDArray scaled = NDArray.zeros(values.type());
    for (long i = 0; i < values.size(); i++) {
      scaled.set(i, values.get(i) * factor);
    }
    return scaled;
  }

  private static double distance(NDArray a, NDArray b) {
    double largest = 0;
    for (long i = 0; i < a.size(); i++) {
      largest = Math.max(largest, Math.abs(a.get(i) - b.get(i)));
    }
    return largest;
  }

  private static void requireSame(NDArray found, NDArray expected, String what) {
    if (!(distance(found, expected) <= ROUNDING)) {
      throw new AssertionError(what + " becomes " + found + " in the first step, expected " + expected
          + ": say with 'decay' and 'halved' what the optimizer does, or correct the update");
    }
  }

  /**
   * Parameters after a first step from where they stand.
   *
   * @param loss of each parameter; they are added up
   */
  private Map<String, NDArray> firstStep(Optimizer stepping, UnaryOperator<Tensor> loss) {
    Trace trace = Trace.training(Precision.of(DType.F64), steps);
    START.forEach((name, value) -> trace.root().child("part")
        .parameter(name.substring("part.".length()), value.shape(), Initializer.ZEROS));
    Tensors parameters = trace.parameters();
    Tensor sum = parameters.values().stream().map(loss).reduce(Tensor::add).orElseThrow();
    trace.update(stepping.step(parameters, Objectives.of(sum, parameters), trace.root().child("optimizer")));
    trace.step().set(trace.step().value().add(1));
    Run run = new Run(new Computation("step", Tensors.of("loss", sum), trace.variables()));
    START.forEach(run.store::write);
    run.steps(1);
    return run.values();
  }

  /** A training run on the reference. */
  private static final class Run {
    private final ReferenceBackend backend = new ReferenceBackend(true);
    private final VariableStore store = backend.newStore();
    private final Program program;

    Run(Computation step) {
      program = backend.compile(step);
      backend.compile(Computation.initialize(step.variables())).run(store, SEED);
    }

    double loss() {
      VariableStore copy = backend.newStore();
      values().forEach(copy::write);
      return program.run(copy, Map.of()).get("loss").item();
    }

    void steps(int count) {
      for (int i = 0; i < count; i++) {
        program.run(store, Map.of());
      }
    }

    Map<String, NDArray> values() {
      Map<String, NDArray> values = new LinkedHashMap<>();
      store.types().keySet().forEach(name -> values.put(name, store.read(name)));
      return values;
    }
  }
}
