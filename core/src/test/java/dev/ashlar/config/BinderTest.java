package dev.ashlar.config;

import static dev.ashlar.config.Fixtures.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.Fixtures.Activations;
import dev.ashlar.config.Fixtures.AdamW;
import dev.ashlar.config.Fixtures.ByColumn;
import dev.ashlar.config.Fixtures.Chain;
import dev.ashlar.config.Fixtures.Clip;
import dev.ashlar.config.Fixtures.Constant;
import dev.ashlar.config.Fixtures.Conv;
import dev.ashlar.config.Fixtures.Cosine;
import dev.ashlar.config.Fixtures.Data;
import dev.ashlar.config.Fixtures.Dense;
import dev.ashlar.config.Fixtures.Dropout;
import dev.ashlar.config.Fixtures.Flatten;
import dev.ashlar.config.Fixtures.Layer;
import dev.ashlar.config.Fixtures.LeakyRelu;
import dev.ashlar.config.Fixtures.NoSplit;
import dev.ashlar.config.Fixtures.Optimizer;
import dev.ashlar.config.Fixtures.Padding;
import dev.ashlar.config.Fixtures.Residual;
import dev.ashlar.config.Fixtures.Run;
import dev.ashlar.config.Fixtures.Share;
import dev.ashlar.config.Fixtures.Size;
import dev.ashlar.config.Fixtures.Train;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinderTest {
  private final Binder binder = Fixtures.binder();

  @Test
  void namesShorthandsAndMapsAreTheSame() {
    var dense = new Dense(10, Activations.LINEAR, true);
    assertThat(layer("{dense: 10}")).isEqualTo(dense);
    assertThat(layer("{dense: {units: 10}}")).isEqualTo(dense);
    assertThat(layer("{dense: {bias: true, units: 1e1, activation: linear}}")).isEqualTo(dense);
    assertThat(layer("{'layers:dense': 10.0}")).isEqualTo(dense);
    assertThat(layer("{dense@1: 10}")).isEqualTo(dense);
    assertThat(layer("flatten")).isEqualTo(layer("{flatten: {}}")).isEqualTo(layer("{flatten: null}"))
        .isEqualTo(new Flatten());
    assertThat(layer("acme:twice")).isInstanceOf(Fixtures.OtherTwice.class);
  }

  @Test
  void namesNestAndConstantsAreNamesToo() {
    var gelu = new Dense(1, Activations.GELU, true);
    assertThat(layer("{dense: {units: 1, activation: gelu_tanh}}")).isEqualTo(gelu);
    assertThat(layer("{dense: {units: 1, activation: gelu_new}}")).isEqualTo(gelu);
    assertThat(layer("{dense: {units: 1, activation: {leaky_relu: 0.2}}}"))
        .isEqualTo(new Dense(1, new LeakyRelu(0.2), true));
    assertThat(layer("{dense: {units: 1, activation: leaky_relu}}"))
        .isEqualTo(new Dense(1, new LeakyRelu(0.01), true));
    assertThat(layer("{residual: [{dropout: 0.5}, flatten, {residual: []}]}"))
        .isEqualTo(new Residual(List.of(new Dropout(0.5), new Flatten(), new Residual(List.of()))));
  }

  @Test
  void tuplesAreListsMapsOrOneForAll() {
    assertThat(layer("{conv: 8}")).isEqualTo(new Conv(8, new Size(3, 3), Padding.VALID, 1));
    assertThat(layer("{conv: {filters: 8, kernel: [5, 7], padding: same}}"))
        .isEqualTo(new Conv(8, new Size(5, 7), Padding.SAME, 1));
    assertThat(layer("{conv: {filters: 8, kernel: {height: 2, width: 1}}}"))
        .isEqualTo(new Conv(8, new Size(2, 1), Padding.VALID, 1));
  }

  @Test
  void oldVersionsAreBroughtForward() {
    var same = new Conv(8, new Size(3, 3), Padding.SAME, 1);
    assertThat(layer("{'layers:conv@1': {channels: 8, same: true}}")).isEqualTo(same);
    assertThat(layer("{conv@2: {channels: 8, padding: same}}")).isEqualTo(same);
    assertThat(layer("{conv@3: {filters: 8, padding: same}}")).isEqualTo(same);
  }

  @Test
  void numbersAndListsStandForWhatTheInterfaceSays() {
    var adam = new AdamW(new Constant(0.1), 0.01f, List.of(0.9, 0.999));
    assertThat(optimizer("{adamw: 0.1}")).isEqualTo(adam);
    assertThat(optimizer("{adamw: {learning_rate: 0.1}}")).isEqualTo(adam);
    assertThat(optimizer("{adamw: {learning_rate: {cosine: 3e-3}}}"))
        .isEqualTo(new AdamW(new Cosine(0.003, 0), 0.01f, List.of(0.9, 0.999)));
    assertThat(optimizer("[{clip: 1}, {adamw: 0.1}]")).isEqualTo(new Chain(List.of(new Clip(1), adam)));
    assertThat(optimizer("clip")).isEqualTo(new Clip(Double.POSITIVE_INFINITY));
    assertThat(optimizer("{clip: .inf}")).isEqualTo(new Clip(Double.POSITIVE_INFINITY));
  }

  @Test
  void aWholeConfigurationIsBound() {
    var run = bind("""
        {model: [{dense: 10, as: head}, flatten, {flatten: null, as: tail}],
         data: {path: data/digits.csv, split: {share: 0.2}, label: label},
         train: {epochs: 3, batch_size: 64},
         weights: {cat: 1, dog: 2.5},
         resume: /old/run,
         notes: "as of today",
         extra: {any: [thing]}}""", Run.class);
    assertThat(run.model()).containsExactly(
        new Named<>(Optional.of("head"), new Dense(10, Activations.LINEAR, true)),
        new Named<>(Optional.empty(), new Flatten()),
        new Named<>(Optional.of("tail"), new Flatten()));
    assertThat(run.data())
        .contains(new Data(BASE.resolve("data/digits.csv"), new Share(0.2), Optional.of("label")));
    assertThat(run.train()).isEqualTo(new Train(3, 64, 1));
    assertThat(run.weights()).containsExactly(Map.entry("cat", 1.0), Map.entry("dog", 2.5));
    assertThat(run.resume()).contains(Path.of("/old/run"));
    assertThat(run.optimizer()).isEmpty();
    assertThat(run.extra()).hasToString("{any: [thing]}");
  }

  @Test
  void whatIsLeftOutIsItsDefault() {
    var run = bind("{model: [], data: null, train: null}", Run.class);
    assertThat(run.data()).isEmpty();
    assertThat(run.train()).isEqualTo(new Train(10, 32, 1));
    assertThat(run.notes()).isEmpty();
  }

  @Test
  void sealedInterfacesNeedNoResolver() {
    var plain = new Binder(NameResolver.NONE, BASE);
    assertThat(plain.bind(Value.parse("none", "t"), Fixtures.Split.class).orThrow()).isEqualTo(NoSplit.NONE);
    var byColumn = Value.parse("{by_column: {column: c, values: {train: a}}}", "t");
    assertThat(plain.bind(byColumn, Fixtures.Split.class).orThrow())
        .isEqualTo(new ByColumn("c", Map.of("train", "a")));
  }

  @Test
  void listsAndMapsCannotBeChanged() {
    var run = bind("{model: [flatten], weights: {a: 1}}", Run.class);
    assertThatThrownBy(() -> run.model().clear()).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> run.weights().clear()).isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483647", "-2147483648", "0"})
  void everyIntIsAnInt(String text) {
    record Whole(int x) {}

    assertThat(bind("{x: " + text + "}", Whole.class)).isEqualTo(new Whole(Integer.parseInt(text)));
  }

  @Test
  void roundingDoesNotLeadOutOfTheBounds() {
    record Narrow(@Range(above = 0, atMost = 0.1) float x) {}
    record Wide(@Range(above = 0, below = 1) double x) {}

    assertThat(bind("{x: 0.1}", Narrow.class)).isEqualTo(new Narrow(0.1f));
    assertThat(bind("{x: 1e-300}", Wide.class)).isEqualTo(new Wide(1e-300));
    for (var text : List.of("1e-60", "0.10000000001", "0.2", "0", "-1e-60")) {
      assertThatThrownBy(() -> bind("{x: " + text + "}", Narrow.class))
          .hasMessageContaining("> 0 and <= 0.1");
    }
    for (var text : List.of("1e-400", "0.99999999999999999999999", "1", "inf", "nan")) {
      assertThatThrownBy(() -> bind("{x: " + text + "}", Wide.class)).hasMessageContaining("> 0 and < 1");
    }
  }

  record Breaks(int x) {
    Breaks {
      if (x > 1) throw new IllegalStateException("bug");
      if (x > 0) throw new IllegalArgumentException();
    }
  }

  @Test
  void aBugInAConstructorIsNotTheUsersMistake() {
    assertThatThrownBy(() -> bind("{x: 2}", Breaks.class))
        .isInstanceOf(UnboundTypeException.class)
        .hasMessageContaining("Breaks")
        .hasMessageContaining("bug")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> bind("{x: 1}", Breaks.class))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Breaks");
  }

  @Test
  void aRefusalHoldsItsProblemsAsData() {
    var result = binder.bind(Value.parse("{model: [{dropout: 2}, {dens: 1}]}", "run.yaml"), Run.class);
    assertThatThrownBy(result::orThrow).isInstanceOfSatisfying(ConfigException.class, e -> {
      assertThat(e.problems().getFirst().place())
          .isEqualTo(new Place("model[0].dropout.rate", new Location("run.yaml", 1, 20)));
      assertThat(e.problems()).hasSize(2);
      assertThat(e.problems().get(1).help()).isEqualTo("did you mean 'dense'?");
    });
  }

  @Test
  void everyRecordThatWasMadeHasItsPlace() {
    var places = new Places();
    var tree = Value.parse("{model: [flatten,\n {residual: [{dense: 1}, {dense: 1}]}]}", "run.yaml");
    var run = binder.bind(tree, Run.class, places).orThrow();
    var residual = (Residual) run.model().get(1).value();
    assertThat(places.of(run).orElseThrow().path()).isEmpty();
    assertThat(places.of(residual.layers().get(1)))
        .contains(new Place("model[1].residual.layers[1].dense", new Location("run.yaml", 2, 34)));
    assertThat(places.of(new Dense(1, Activations.LINEAR, true))).isEmpty();
    assertThat(places.of(run.train())).isEmpty();
  }

  @Test
  void aConstantThatIsNoEnumIsFoundAndWritten() {
    Fixtures.Activation relu = new Fixtures.Activation() {};
    var names = NameResolver.of(
        Map.of(Fixtures.Activation.class, List.of(Implementation.of("mine", "relu", relu))));
    var own = new Binder(names, BASE);
    assertThat(own.bind(Value.of("relu"), Fixtures.Activation.class).orThrow()).isSameAs(relu);
    assertThat(own.write(relu, Fixtures.Activation.class)).hasToString("mine:relu@1");
  }

  record GPTBlock2Wide() {}

  @Test
  void namesComeFromAnnotationsOrFromJava() {
    assertThat(Implementation.nameOf(new GPTBlock2Wide())).isEqualTo("gpt_block2_wide");
    assertThat(Implementation.nameOf(new LeakyRelu(0))).isEqualTo("leaky_relu");
    assertThat(Implementation.nameOf(Activations.GELU)).isEqualTo("gelu_tanh");
    assertThat(Implementation.nameOf(Padding.SAME)).isEqualTo("same");
  }

  private Layer layer(String text) {
    return bind(text, Layer.class);
  }

  private Optimizer optimizer(String text) {
    return bind(text, Optimizer.class);
  }

  private <T> T bind(String text, Class<T> type) {
    return binder.bind(Value.parse(text, "test"), type).orThrow();
  }
}
