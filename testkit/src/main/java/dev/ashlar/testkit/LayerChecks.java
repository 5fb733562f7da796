package dev.ashlar.testkit;

import static dev.ashlar.testkit.Promises.require;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.autodiff.Vmap;
import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Block;
import dev.ashlar.model.Mode;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Variable;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.testkit.LayerExample.Trait;
import dev.ashlar.testkit.Promises.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/** The promises of {@link LayerContract}, for one example. */
record LayerChecks(LayerExample example, NameResolver names) {

  /** f64 results of the same maths in another order. */
  private static final double ROUNDING = 1e-11;

  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*");

  List<Promise> all() {
    List<Promise> checks = new ArrayList<>(List.of(
        new Promise("is shown by its example", this::enough),
        new Promise("gives the shape and element type that it should", this::shapes),
        new Promise("has the parameters that it should, whatever the batch", this::parameters),
        new Promise("has the gradients that differences say", this::gradients),
        new Promise("depends on its input and its scope alone", this::purity),
        new Promise("has the same variables in training and inference", this::modes),
        new Promise("at inference draws no random numbers and changes no state", this::inference),
        new Promise("at inference treats every example by itself", () -> independence(Mode.INFERENCE)),
        new Promise("in training treats examples as it claims", this::mixing),
        new Promise("does not heed padded examples", this::padding),
        new Promise("can be batched by vmap", this::vmap),
        new Promise("shares its parameters when it is used again", this::again),
        new Promise("computes in the precision asked for", this::precision),
        new Promise("decodes piece by piece as it claims", this::decoding),
        new Promise("can be written to a configuration and read back", () -> new ConfigurationCheck(names)
            .check(example.block(), Block.class))));
    LayerOnBackends backends = new LayerOnBackends(example, names);
    if (!backends.others().isEmpty()) {
      checks.add(new Promise("is the same on all backends at hand, fused as they like", backends::check));
    }
    return checks;
  }

  private void enough() {
    require(!example.inputs().isEmpty(), "the example has no input: nothing is tried; give one");
    Values.requireVaried(2, example.inputs());
  }

  private Trial trial(Mode mode) {
    return Trial.of(example.block(), mode, DType.F64, example.inputs());
  }

  private void shapes() {
    for (Mode mode : Mode.values()) {
      Tensor y = trial(mode).outputs().first();
      example.output().ifPresent(claimed -> require(y.shape().equals(claimed),
          mode + " gives " + y.shape() + ", the example claims " + claimed + ": correct one of them"));
      require(y.rank() > 0 && y.dim(0) == example.batch(),
          mode + " gives " + y.shape() + ", whose first axis is not the batch of " + example.batch());
    }
  }

  private void parameters() {
    Trial trial = trial(Mode.TRAINING);
    long count = trial.trace().parameters().values().stream().mapToLong(p -> p.shape().size()).sum();
    example.parameters().ifPresent(claimed ->
        require(count == claimed, "there are " + count + " trained numbers in "
        + types(trial) + ", the example claims " + claimed + ": correct one of them"));
    Trial one = Trial.of(example.block(), Mode.TRAINING, DType.F64, example.rows(0, 1));
    require(types(one).equals(types(trial)), "for one example the variables are " + types(one) + ", for "
        + example.batch() + " " + types(trial) + ": their shapes must not depend on the batch");
    for (Variable v : trial.trace().variables()) {
      require(PATH.matcher(v.name()).matches(),
          "variable '" + v.name() + "': name parts in letters, digits, '_' and '-'");
      NDArray start = trial.values().get(v.name());
      for (long i = 0; i < start.size(); i++) {
        require(Double.isFinite(start.get(i)), "variable '" + v.name() + "' starts with " + start.get(i)
            + ": correct its initializer");
      }
    }
  }

  private void gradients() {
    GradientCheck.check(trial(Mode.TRAINING));
    if (!graph(Mode.TRAINING).equals(graph(Mode.INFERENCE))) {
      GradientCheck.check(trial(Mode.INFERENCE));
    }
  }

  private void purity() {
    require(graph(Mode.TRAINING).equals(graph(Mode.TRAINING)),
        "two calls of forward build different graphs: keep no state in the layer");
  }

  private String graph(Mode mode) {
    return Graph.of(trial(mode).outputs().values()).toString();
  }

  private void modes() {
    Map<String, TensorType> training = types(trial(Mode.TRAINING));
    Map<String, TensorType> inference = types(trial(Mode.INFERENCE));
    require(training.equals(inference), "training has " + training + ", inference " + inference
        + ": ask the scope for the same parameters and state in both modes");
  }

  private void inference() {
    Trial trial = trial(Mode.INFERENCE);
    require(!drawsBits(trial), "random numbers at inference: draw them only if scope.training()");
    trial.trace().variables().stream().filter(Variable::isUpdated).findFirst().ifPresent(v -> {
      throw new AssertionError("variable '" + v.name()
          + "' changes at inference: set it only if scope.training()");
    });
  }

  private void mixing() {
    Trial trial = trial(Mode.TRAINING);
    require(drawsBits(trial) == example.has(Trait.RANDOM), drawsBits(trial)
        ? "it draws random numbers in training: claim RANDOM" : "it claims RANDOM and draws nothing");
    if (example.has(Trait.RANDOM)) {
      return; // What is drawn depends on the shape.
    }
    if (!example.has(Trait.MIXES_EXAMPLES)) {
      independence(Mode.TRAINING);
      return;
    }
    boolean mixes = false;
    for (int i = 0; i < example.batch() && !mixes; i++) {
      mixes = !close(alone(i, Mode.TRAINING), firstOf(trial).rows(i, i + 1));
    }
    require(mixes, "it claims MIXES_EXAMPLES, but examples do not depend on each other");
  }

  private void independence(Mode mode) {
    NDArray together = firstOf(trial(mode));
    for (int i = 0; i < example.batch(); i++) {
      ExpectedNumbers.assertClose("example " + i + " by itself, in " + mode + " (or claim MIXES_EXAMPLES)",
          alone(i, mode), together.rows(i, i + 1), ROUNDING);
    }
  }

  private NDArray alone(int row, Mode mode) {
    return firstOf(Trial.of(example.block(), mode, DType.F64, example.rows(row, row + 1)));
  }

  /** Other numbers in the last example, whose weight is 0: nothing else may change. */
  private void padding() {
    int real = example.batch() - 1;
    NDArray weights = NDArray.zeros(TensorType.of(DType.F32, example.batch()));
    for (int i = 0; i < real; i++) {
      weights.set(i, 1);
    }
    Trace trace = Trace.training(Precision.F64, 100).withExampleWeights(Tensor.constant(weights));
    Trial plain = Trial.of(example.block(), trace, example.inputs());
    SequencedMap<String, NDArray> changed = new LinkedHashMap<>();
    plain.inputs().asMap().forEach((name, input) -> {
      NDArray copy = plain.values().get(name).copy();
      NDArray last = copy.rows(real, example.batch());
      for (long i = 0; i < last.size(); i++) {
        last.set(i, input.dtype().isFloating() ? last.get(i) * 3 + 7 : copy.get(0));
      }
      changed.put(name, copy);
    });
    Tensor y = plain.outputs().first().slice(0, 0, real);
    Tensors watched = Tensors.of("outputs of the others", y);
    if (y.dtype().isFloating()) {
      Tensors gradients = Gradients.of(Values.project(y, 5), trace.parameters());
      for (String name : gradients.names()) {
        watched = watched.with("gradient of " + name, gradients.get(name));
      }
    }
    for (Variable v : trace.variables()) {
      watched = v.isUpdated() ? watched.with("'" + v.name() + "' after", v.after()) : watched;
    }
    SequencedMap<String, NDArray> after = plain.with(changed).evaluate(watched);
    plain.evaluate(watched).forEach((name, before) -> ExpectedNumbers.assertClose(
        name + ", with other numbers in an example of weight 0 (obey scope.exampleWeights())",
        after.get(name), before, ROUNDING));
  }

  private void vmap() {
    Trial whole = trial(Mode.INFERENCE);
    Trace trace = Trace.inference(Precision.F64);
    List<Tensor> operands = whole.inputs().values();
    Tensor batched = Vmap.apply(rows -> {
      Tensors one = Tensors.empty();
      for (String name : whole.inputs().names()) {
        one = one.with(name, rows.get(one.size()).expandDims(0));
      }
      return List.of(trace.root().apply(example.block(), one).first());
    }, operands).getFirst();
    ExpectedNumbers.assertClose("vmap over examples",
        whole.evaluate(batched.reshape(whole.outputs().first().shape())),
        firstOf(whole), ROUNDING);
  }

  private void again() {
    Block twice = (in, scope) -> {
      scope.child("part").apply(example.block(), in);
      return scope.again("part").apply(example.block(), in);
    };
    Trial once = trial(Mode.TRAINING);
    Trial both = Trial.of(twice, Mode.TRAINING, DType.F64, example.inputs());
    require(types(once).size() == types(both).size(),
        "used twice it has " + types(both).keySet() + ", used once "
        + types(once).keySet() + ": take parts by scope.child, scope.call and scope.apply alone");
  }

  private void precision() {
    Precision mixed = new Precision(DType.F32, DType.BF16, DType.F32);
    for (Trace trace : List.of(Trace.training(mixed, 1), Trace.inference(mixed))) {
      Trial trial = Trial.of(example.block(), trace, example.inputs());
      trial.outputs().asMap().forEach((name, y) -> require(!y.dtype().isFloating() || y.dtype() == DType.BF16,
          "output '" + name + "' is " + y.dtype() + " though the layer should compute in bf16"));
      types(trial).forEach((name, type) -> require(!type.dtype().isFloating() || type.dtype() == DType.F32,
          "variable '" + name + "' is " + type.dtype() + " though parameters and state should be f32"));
    }
  }

  private void decoding() {
    if (!example.has(Trait.SEQUENTIAL)) {
      Trace trace = Trace.decoding(Precision.F64, 64);
      try {
        Trial.of(example.block(), trace, example.inputs());
      } catch (ShapeException e) {
        return; // It says that it cannot go piece by piece, as it should.
      }
      require(trace.variables().stream().noneMatch(v -> v.kind() == Variable.Kind.SESSION),
          "it keeps a session while decoding: claim SEQUENTIAL, so that this is checked");
      return;
    }
    int length = example.inputs().firstEntry().getValue().shape().dim(1);
    NDArray whole = firstOf(trial(Mode.INFERENCE));
    for (int first : List.of(1, length / 2 + 1)) {
      pieces(whole, length, first);
    }
  }

  /** A piece of {@code first} positions, then one after the other, against the whole. */
  private void pieces(NDArray whole, int length, int first) {
    Map<String, NDArray> session = new LinkedHashMap<>();
    int from = 0;
    while (from < length) {
      int to = from == 0 ? first : from + 1;
      Map<String, NDArray> piece = new LinkedHashMap<>();
      for (var entry : example.inputs().entrySet()) {
        piece.put(entry.getKey(), slice(entry.getValue(), from, to));
      }
      Trace trace = Trace.decoding(Precision.F64, length + 3);
      Scope root = trace.root();
      Trial trial = Trial.of((in, scope) -> root.apply(example.block(), in), trace, piece);
      Map<String, NDArray> values = new LinkedHashMap<>(trial.values());
      values.putAll(session);
      values.put(Trace.POSITION, NDArray.scalar(DType.I32, from));
      Trial now = new Trial(trace, trial.inputs(), trial.outputs(), values);
      ExpectedNumbers.assertClose("positions " + from + " to " + (to - 1) + ", decoded", firstOf(now),
          slice(whole, from, to), ROUNDING);
      trace.variables().stream().filter(v -> v.kind() == Variable.Kind.SESSION)
          .forEach(v -> session.put(v.name(), now.evaluate(v.after())));
      from = to;
    }
  }

  private static NDArray slice(NDArray array, int from, int to) {
    Tensor x = Tensor.constant(array);
    return Reference.evaluate(x.slice(1, from, to));
  }

  private static NDArray firstOf(Trial trial) {
    return trial.evaluate(trial.outputs().first());
  }

  private static boolean close(NDArray a, NDArray b) {
    for (long i = 0; i < a.size(); i++) {
      if (Math.abs(a.get(i) - b.get(i)) > ROUNDING) {
        return false;
      }
    }
    return true;
  }

  private static boolean drawsBits(Trial trial) {
    return Graph.of(trial.outputs().values()).nodes().stream().anyMatch(n -> n.op() instanceof Op.RandomBits);
  }

  /** Parameters and state. */
  private static Map<String, TensorType> types(Trial trial) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    trial.trace().variables().stream()
        .filter(Variable::isOfModel)
        .forEach(v -> types.put(v.name(), v.type()));
    return types;
  }
  }
