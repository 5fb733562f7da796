package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Value;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplacementTest {

  private static final String TREE = "{model: [{dense: 10}, {dropout: 0.1}], train: {epochs: 3}, optimizer: adam}";

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "train.epochs=5 | {model: [{dense: 10}, {dropout: 0.1}], train: {epochs: 5}, optimizer: adam}",
    "model[1].dropout=0.2 | {model: [{dense: 10}, {dropout: 0.2}], train: {epochs: 3}, optimizer: adam}",
    "model[0]={dense: {units: 4}} | {model: [{dense: {units: 4}}, {dropout: 0.1}], train: {epochs: 3}, optimizer: adam}",
    "optimizer.adam.beta1=0.5 | {model: [{dense: 10}, {dropout: 0.1}], train: {epochs: 3}, optimizer: {adam: {beta1: 0.5}}}",
    "backend.cpu.threads=1 | {model: [{dense: 10}, {dropout: 0.1}], train: {epochs: 3}, optimizer: adam, backend: {cpu: {threads: 1}}}",
  })
  void takesThePlaceOfAValue(String replacement, String expected) {
    assertThat(Replacement.parse(replacement).applyTo(Value.parse(TREE, "run.yaml"))).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"epochs", "=3", "a..b=1", "a[x]=1", "a=[1", "model[2]=1", "train.epochs.x=1", "model.x=1"})
  void saysWhyItCannot(String replacement) {
    assertThatThrownBy(() -> Replacement.parse(replacement).applyTo(Value.parse(TREE, "run.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--set " + replacement);
  }
}
