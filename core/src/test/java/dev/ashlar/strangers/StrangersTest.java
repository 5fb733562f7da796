package dev.ashlar.strangers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.model.Initializer;
import dev.ashlar.model.Objectives;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.model.Trace;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.model.Layer;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.autodiff.Gradients;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The interfaces as strangers use them: what each of the six programs promises, checked. */
class StrangersTest {

  private static final NDArray SEED = NDArray.of(Shape.of(2), 1, 2);

  @Test
  void crossAttentionLooksAwayFromPadding() {
    Trace trace = Trace.inference(Precision.F64);
    Tensor query = Tensor.input("query", TensorType.of(DType.F64, 2, 3, 8));
    Tensor memory = Tensor.input("memory", TensorType.of(DType.F64, 2, 4, 6));
    Tensor padding = Tensor.input("padding", TensorType.of(DType.BOOL, 2, 4));
    Tensor out = trace.root()
        .call(new CrossAttention(2), Tensors.of("query", query, "memory", memory, "padding", padding))
        .only();
    assertThat(out.shape()).isEqualTo(Shape.of(2, 3, 8));

    NDArray mask = NDArray.zeros(padding.type());
    mask.set(2, 1);
    mask.set(3, 1);
    Map<String, NDArray> values = new HashMap<>(Map.of(
        "query", random(query.type(), 1), "memory", random(memory.type(), 2), "padding", mask));
    NDArray first = run(out, trace, values);
    NDArray changed = values.get("memory").copy();
    for (int i = 0; i < 6; i++) {
      changed.set(2 * 6 + i, 100); // example 0, position 2: padding
    }
    values.put("memory", changed);
    assertThat(run(out, trace, values).toDoubles()).containsExactly(first.toDoubles());
    changed.set(0, 5); // example 0, position 0: not padding
    assertThat(run(out, trace, values).toDoubles()).isNotEqualTo(first.toDoubles());
  }

  @Test
  void lstmGoesOnFromTheStateThatTheCallerKept() {
    Lstm lstm = new Lstm(5);
    TensorType state = TensorType.of(DType.F64, 2, 5);
    NDArray x = random(TensorType.of(DType.F64, 2, 6, 3), 3);

    Map<String, NDArray> start = Map.of("value", x, "hidden", NDArray.zeros(state), "cell", NDArray.zeros(state));
    Map<String, NDArray> whole = lstm(lstm, state, start);

    Map<String, NDArray> first = new HashMap<>(start);
    first.put("value", half(x, 0));
    Map<String, NDArray> second = new HashMap<>(lstm(lstm, state, first));
    second.put("value", half(x, 3));
    Map<String, NDArray> end = lstm(lstm, state, second);
    assertThat(end.get("hidden").toDoubles()).containsExactly(whole.get("hidden").toDoubles());
    assertThat(end.get("cell").toDoubles()).containsExactly(whole.get("cell").toDoubles());
  }

  /** The state after all steps of {@code value [2, steps, 3]}. */
  private static Map<String, NDArray> lstm(Lstm lstm, TensorType state, Map<String, NDArray> values) {
    Trace trace = Trace.inference(Precision.F64);
    Tensors out = trace.root().call(lstm, Tensors.of(
        "value", Tensor.input("value", values.get("value").type()),
        "hidden", Tensor.input("hidden", state),
        "cell", Tensor.input("cell", state)));
    return Map.of("hidden", run(out.get("hidden"), trace, values), "cell", run(out.get("cell"), trace, values));
  }

  private static NDArray half(NDArray x, int from) {
    NDArray part = NDArray.zeros(TensorType.of(DType.F64, 2, 3, 3));
    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 9; i++) {
        part.set(b * 9 + i, x.get(b * 18 + from * 3 + i));
      }
    }
    return part;
  }

  @Test
  void tiedEmbeddingIsStoredOnceAndLearnsFromBothUses() {
    Trace trace = Trace.training(Precision.F64, 1);
    Tensor ids = Tensor.input("ids", TensorType.of(DType.I32, 1, 3));
    Tensor logits = trace.root().call("lm", new TiedLanguageModel(7, 4), ids);
    assertThat(logits.shape()).isEqualTo(Shape.of(1, 3, 7));
    assertThat(trace.parameters().names())
        .containsExactly("lm.embedding.weight", "lm.mix.weight", "lm.mix.bias");
    assertThat(trace.aliases()).containsValue("lm.embedding.weight");

    // Token 6 never occurs in the input: its row learns from the output alone, the others from both.
    Tensor loss = logits.square().sum();
    Tensor gradient = Gradients.of(loss, trace.parameters()).get("lm.embedding.weight");
    Tensor output = logits.mul(2).reshape(3, 7).transpose()
        .matmul(hiddenOf(logits)); // d loss / d weight through the product alone
    double[] all = run(gradient, trace, Map.of("ids", NDArray.of(Shape.of(1, 3), 0, 1, 5))).toDoubles();
    double[] part = run(output, trace, Map.of("ids", NDArray.of(Shape.of(1, 3), 0, 1, 5))).toDoubles();
    assertThat(all[6 * 4]).isCloseTo(part[6 * 4], within(1e-12));
    assertThat(all[5 * 4]).isNotCloseTo(part[5 * 4], within(1e-9));
  }

  /** What the tied product multiplies: [3, width]. */
  private static Tensor hiddenOf(Tensor logits) {
    Tensor product = logits.node().inputs().getFirst();
    return product.node().inputs().getFirst();
  }

  @Test
  void ganStepsTouchTheirOwnHalfOfOneStore() {
    Gan gan = new Gan(
        (z, scope) -> scope.call("out", StrangersTest::affine, z),
        (x, scope) -> scope.call("score", StrangersTest::affine, x.square()),
        new Descent(0.1), new Descent(0.1));
    Computation d = gan.discriminatorStep(TensorType.of(DType.F32, 4, 2), TensorType.of(DType.F32, 4, 2));
    Computation g = gan.generatorStep(TensorType.of(DType.F32, 4, 2));
    assertThat(updatedParameters(d)).allMatch(name -> name.startsWith("discriminator.")).isNotEmpty();
    assertThat(updatedParameters(g)).allMatch(name -> name.startsWith("generator.")).isNotEmpty();
    assertThat(types(d)).containsAllEntriesOf(types(g).entrySet().stream()
        .filter(e -> e.getKey().startsWith("discriminator."))
        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  @Test
  void sharpnessAwareStepFollowsItsFormula() {
    // Loss w^2 at w = (3, 4): gradient (6, 8), unit (0.6, 0.8), so the worst point is w + 0.1 (0.6, 0.8).
    Trace trace = Trace.training(Precision.F64, 1);
    Tensor w = trace.root().parameter("w", Shape.of(2), (type, fans, key) ->
        Tensor.constant(NDArray.of(Shape.of(2), 3.0, 4.0)));
    Tensors parameters = trace.parameters();
    Tensors next = new SharpnessAware(0.1, new Descent(0.5))
        .step(parameters, Objectives.of(w.square().sum(), parameters), trace.root().child("optimizer"));
    double[] after = run(next.get("w"), trace, Map.of()).toDoubles();
    assertThat(after[0]).isCloseTo(3 - 0.5 * 2 * 3.06, within(1e-10));
    assertThat(after[1]).isCloseTo(4 - 0.5 * 2 * 4.08, within(1e-10));
  }

  @Test
  void gatedLinearUnitIsFoundByItsNameOnceItsJarIsThere() {
    Registry registry = Registry.of(new GatedLinear.Jar());
    assertThat(registry.refusals()).isEmpty();
    assertThat(registry.implementations(Layer.class).orElseThrow())
        .singleElement()
        .satisfies(found -> assertThat(found.qualifiedName()).isEqualTo("acme:gated_linear"));
    Trace trace = Trace.inference(Precision.F32);
    Tensor y = trace.root().call(new GatedLinear(3), Tensor.input("x", TensorType.of(DType.F32, 5, 2)));
    assertThat(y.shape()).isEqualTo(Shape.of(5, 3));
    assertThat(trace.parameters().names()).containsExactly("gated_linear.value", "gated_linear.gate");
  }

  // ---------------------------------------------------------------- helpers

  /** Gradient descent. */
  record Descent(double rate) implements UpdateRule {
    @Override
    public Tensor update(Tensor parameter, Tensor gradient, Scope scope) {
      return parameter.sub(gradient.mul(rate));
    }
  }

  private static Tensor affine(Tensor x, Scope scope) {
    return x.matmul(scope.parameter("weight", Shape.of(x.dim(-1), 2), CrossAttention.Weights.SMALL));
  }

  private static List<String> updatedParameters(Computation computation) {
    return computation.variables().stream()
        .filter(v -> v.isUpdated() && v.kind() == Variable.Kind.PARAMETER)
        .map(Variable::name)
        .toList();
  }

  private static Map<String, TensorType> types(Computation computation) {
    Map<String, TensorType> types = new HashMap<>();
    computation.variables().forEach(v -> types.put(v.name(), v.type()));
    return types;
  }

  /** Evaluates with every variable at its first value. */
  private static NDArray run(Tensor tensor, Trace trace, Map<String, NDArray> arguments) {
    Map<Tensor, Tensor> starts = new IdentityHashMap<>();
    trace.variables().forEach(v -> starts.put(v.before(), v.start()));
    Tensor started = dev.ashlar.tensor.Graph.of(List.of(tensor)).substitute(starts).getFirst();
    Map<String, NDArray> all = new HashMap<>(arguments);
    all.put(Trace.SEED, SEED);
    return Reference.evaluate(started, all);
  }

  private static NDArray random(TensorType type, long seed) {
    Random random = new Random(seed);
    NDArray array = NDArray.zeros(type);
    for (long i = 0; i < array.size(); i++) {
      array.set(i, random.nextGaussian());
    }
    return array;
  }
}
