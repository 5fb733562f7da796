package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Value;
import dev.ashlar.plugin.Registry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplacementTest {

  private static final Registry PLUGINS = Registry.discover();
  private static final String TREE = "{model: [{dense: 10}, {dropout: 0.1}], train: {epochs: 3}, optimizer: adam}";

  private static Value replaced(String tree, String replacement) {
    return Replacement.parse(replacement).applyTo(Value.parse(tree, "run.yaml"), PLUGINS);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "train.epochs=5 | {model: [{dense: 10}, {dropout: 0.1}], train: {epochs: 5}, optimizer: adam}",
    "model[1].dropout=0.2 | {model: [{dense: 10}, {dropout: 0.2}], train: {epochs: 3}, optimizer: adam}",
    "model[0]={dense: {units: 4}} | {model: [{dense: {units: 4}}, {dropout: 0.1}], train: {epochs: 3}, optimizer: adam}",
    "optimizer.adam.beta1=0.5 | {model: [{dense: 10}, {dropout: 0.1}], train: {epochs: 3}, optimizer: {adam: {beta1: 0.5}}}",
    "backend.cpu.threads=1 | {model: [{dense: 10}, {dropout: 0.1}], train: {epochs: 3}, optimizer: adam, backend: {cpu: {threads: 1}}}",
  })
  void takesThePlaceOfAValue(String replacement, String expected) {
    assertThat(replaced(TREE, replacement)).hasToString(expected);
  }

  /** Each shorthand that our plug-ins have, with something beside it. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{optimizer: {sgd: 1}}      | optimizer.sgd.momentum=0.9  | {optimizer: {sgd: {learning_rate: 1, momentum: 0.9}}}",
    "{optimizer: {sgd: 0.1}}      | optimizer.sgd.learning_rate=1 | {optimizer: {sgd: {learning_rate: 1}}}",
    "{optimizer: adamw}           | optimizer.adamw.beta1=0.5     | {optimizer: {adamw: {beta1: 0.5}}}",
    "{model: [{dropout: 0.5}]}    | model[0].dropout.rate=0.2     | {model: [{dropout: {rate: 0.2}}]}",
    "{model: [{dense: 3}, tanh]}  | model[0].dense.bias=false     | {model: [{dense: {units: 3, bias: false}}, tanh]}",
    "{loss: cross_entropy}        | loss.cross_entropy.ignore_index=1 | {loss: {cross_entropy: {ignore_index: 1}}}",
    "{metrics: [accuracy]}        | metrics[0].as=hits            | {metrics: [{accuracy: {}, as: hits}]}",
    "{model: {sequential: {layers: [{dense: 3}]}}} | model[0].dense.bias=false | {model: {sequential: {layers: [{dense: {units: 3, bias: false}}]}}}",
    "{model: {'layers:sequential@1': {layers: [{'layers:dropout@1': {rate: 0.5}}]}}} | model[0].dropout.rate=0 | {model: {layers:sequential@1: {layers: [{layers:dropout@1: {rate: 0}}]}}}",
    "{train: 3}                   | train.batch=8                 | {train: {epochs: 3, batch: 8}}",
    "{backend: reference}         | backend.reference.checked=true | {backend: {reference: {checked: true}}}",
    "{backend: cpu}               | backend.cpu.threads=1         | {backend: {cpu: {threads: 1}}}",
  })
  void standsBesideAShorthand(String tree, String replacement, String expected) {
    assertThat(replaced(tree, replacement)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"epochs", "=3", "a..b=1", "a[x]=1", "a=[1", "model[2]=1", "train.epochs.x=1", "model.x=1",
    "optimizer.sgd.momentum=0.9"})
  void saysWhyItCannot(String replacement) {
    assertThatThrownBy(() -> replaced(TREE, replacement))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--set " + replacement);
  }

  @Test
  void onesThatLeadNowhereHideNoOthers() {
    var replacements = List.of(Replacement.parse("model[2]=1"), Replacement.parse("train.epochs=many"));
    assertThatThrownBy(() -> Configuration.of(Value.parse(TREE, "run.yaml"), replacements, Path.of(""), PLUGINS))
        .hasMessageContaining("--set model[2]=1")
        .hasMessageContaining("text 'many'");
  }
}
