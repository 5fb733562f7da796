package dev.ashlar.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.Binder;
import dev.ashlar.config.BindResult;
import dev.ashlar.config.Value;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.joining.NamedGraph;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.metrics.Auroc;
import dev.ashlar.layers.metrics.Average;
import dev.ashlar.layers.metrics.F1;
import dev.ashlar.model.Block;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Metric;
import dev.ashlar.plugin.Registry;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayersPluginTest {

  private static final Binder BINDER = new Binder(Registry.discover(), Path.of("."));

  private static <T> T bind(String text, Class<T> type) {
    return BINDER.bind(Value.parse(text, "test"), type).orThrow();
  }

  @Test
  void the_plugin_is_found_and_nothing_in_it_is_refused() {
    assertThat(Registry.discover().refusals()).isEmpty();
    assertThat(Registry.discover().entries()).extracting(Registry.Entry::name).contains("layers");
  }

  @Test
  void a_list_is_a_sequence_and_a_number_the_first_component() {
    Block model = bind("[{dense: {units: 128, activation: relu}}, {dropout: 0.1}, {dense: 10, as: head}]",
        Block.class);
    assertThat(model).isEqualTo(
        Sequential.of(Dense.of(128).withActivation(Activations.RELU), new Dropout(0.1))
            .then("head", Dense.of(10)));
  }

  @Test
  void blocks_nest() {
    Block model = bind("{repeat: {times: 2, block: {residual: [layer_norm, {dense: 4}]}}}", Block.class);
    assertThat(model).isEqualTo(new Repeat(2, Residual.of(new LayerNorm(), Dense.of(4))));
  }

  @Test
  void a_graph_says_what_was_left_to_the_default_and_is_written_and_read_back() {
    Block model = bind("{graph: {nodes: {a: {layer: {dense: 8}}, b: {layer: relu},"
        + " sum: {layer: add, from: [a, b]}}}}", Block.class);
    assertThat(model).isInstanceOfSatisfying(NamedGraph.class, graph -> {
      assertThat(graph.nodes().keySet()).containsExactly("a", "b", "sum");
      assertThat(graph.nodes().get("a").from()).containsExactly("input");
      assertThat(graph.nodes().get("b").from()).containsExactly("a");
      assertThat(graph.outputs()).containsExactly("sum");
    });
    assertThat(BINDER.bind(BINDER.write(model, Block.class), Block.class)).isEqualTo(new BindResult.Bound<>(model));
  }

  @Test
  void every_value_is_written_and_read_back() {
    Block model = Sequential.of(Dense.of(8), Embedding.of(10, 4), Reshape.to(2, -1),
        new Unembedding("tokens"));
    Value written = BINDER.write(model, Block.class);
    assertThat(BINDER.bind(written, Block.class)).isEqualTo(new BindResult.Bound<>(model));
  }

  @Test
  void what_others_call_it_is_read_too() {
    assertThat(bind("{dense: {units: 3, activation: swish, initializer: xavier_uniform}}", Layer.class))
        .isEqualTo(Dense.of(3).withActivation(Activations.SILU));
    assertThat(bind("roc_auc", Metric.class)).isEqualTo(new Auroc());
    assertThat(bind("{f1_score: micro}", Metric.class)).isEqualTo(new F1(Average.MICRO));
  }

  @Test
  void a_number_for_both_extents_is_wrong_once() {
    BindResult<Layer> result = BINDER.bind(Value.parse("{adaptive_avg_pool2d: 0}", "test"), Layer.class);
    assertThat(((BindResult.Refused<Layer>) result).problems()).hasSize(1);
  }

  @Test
  void what_cannot_be_is_refused_with_its_place() {
    assertThatThrownBy(() -> bind("{embedding: {vocabulary: 5, width: 2, padding: 5}}", Layer.class))
        .hasMessageContaining("embedding.padding").hasMessageContaining("from 0 to 4");
    assertThatThrownBy(() -> bind("{cross_entropy: {class_weights: [1, -1]}}", Loss.class))
        .hasMessageContaining("cross_entropy.class_weights[1]").hasMessageContaining(">= 0");
  }

  @Test
  void a_loss_needs_no_settings() {
    assertThat(bind("cross_entropy", Loss.class)).isEqualTo(new CrossEntropy());
    assertThat(bind("{cross_entropy: {ignore_index: -100}}", Loss.class))
        .isEqualTo(new CrossEntropy(Optional.of(-100)));
  }
}
