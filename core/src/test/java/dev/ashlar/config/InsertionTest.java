package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InsertionTest {

  private static Value put(String tree, String path, String value) {
    List<Object> steps = Arrays.stream(path.split("/"))
        .<Object>map(step -> step.matches("[0-9]+") ? Integer.valueOf(step) : step)
        .toList();
    return Fixtures.binder().put(Value.parse(tree, "run.yaml"), Fixtures.Run.class, steps,
        Value.parse(value, "--set x"), "--set x leads there");
  }

  private static void becomes(String tree, String path, String value, String expected) {
    assertThat(put(tree, path, value)).hasToString(expected);
  }

  @Test
  void aValueForTheFirstComponentIsWrittenOut() {
    becomes("{optimizer: {adamw: 0.1}}", "optimizer/adamw/weight_decay", "0",
        "{optimizer: {adamw: {learning_rate: 0.1, weight_decay: 0}}}");
    becomes("{optimizer: {adamw: 0.1}}", "optimizer/adamw/learning_rate", "0.2",
        "{optimizer: {adamw: {learning_rate: 0.2}}}");
    becomes("{optimizer: {adamw: {cosine: 0.1}}}", "optimizer/adamw/weight_decay", "0",
        "{optimizer: {adamw: {cosine: 0.1, weight_decay: 0}}}");
    becomes("{model: [{dropout: 0.5}]}", "model/0/dropout/rate", "0.2",
        "{model: [{dropout: {rate: 0.2}}]}");
    becomes("{model: [{dense: 3}]}", "model/0/dense/bias", "false",
        "{model: [{dense: {units: 3, bias: false}}]}");
    becomes("{data: a.csv}", "data/label", "kind",
        "{data: {path: a.csv, label: kind}}");
  }

  @Test
  void aNameAloneIsWrittenOut() {
    becomes("{optimizer: adamw}", "optimizer/adamw/learning_rate", "0.2",
        "{optimizer: {adamw: {learning_rate: 0.2}}}");
    becomes("{model: [flatten]}", "model/0/as", "flat",
        "{model: [{flatten: {}, as: flat}]}");
    becomes("{model: [{dense: 3, as: head}]}", "model/0/dense/units", "4",
        "{model: [{dense: {units: 4}, as: head}]}");
  }

  @Test
  void whatStandsForANamedValueIsWrittenOut() {
    becomes("{optimizer: {adamw: 0.1}}", "optimizer/adamw/learning_rate/constant/rate", "1",
        "{optimizer: {adamw: {learning_rate: {constant: {rate: 1}}}}}");
    becomes("{optimizer: [{adamw: 0.1}, clip]}", "optimizer/0/adamw/weight_decay", "0",
        "{optimizer: [{adamw: {learning_rate: 0.1, weight_decay: 0}}, clip]}");
    becomes("{optimizer: [{adamw: 0.1}]}", "optimizer/chain/steps/0/adamw/weight_decay", "0",
        "{optimizer: {chain: {steps: [{adamw: {learning_rate: 0.1, weight_decay: 0}}]}}}");
    becomes("{model: [{residual: [{dense: 3}]}]}", "model/0/residual/0/dense/bias", "false",
        "{model: [{residual: [{dense: {units: 3, bias: false}}]}]}");
  }

  /** So the same path leads to the same place in a configuration that was written with every value. */
  @Test
  void aPositionIsOneOfTheListThatIsWrittenOut() {
    becomes("{optimizer: {chain: {steps: [{adamw: 0.1}]}}}", "optimizer/0/adamw/weight_decay", "0",
        "{optimizer: {chain: {steps: [{adamw: {learning_rate: 0.1, weight_decay: 0}}]}}}");
    becomes("{optimizer: {chain: [{adamw: 0.1}, clip]}}", "optimizer/1", "adamw",
        "{optimizer: {chain: [{adamw: 0.1}, adamw]}}");
    becomes("{model: [{residual: {layers: [{dense: 3}]}}]}", "model/0/residual/0/dense/bias", "false",
        "{model: [{residual: {layers: [{dense: {units: 3, bias: false}}]}}]}");
  }

  @Test
  void aTupleIsWrittenOut() {
    becomes("{model: [{conv: {filters: 1, kernel: 5}}]}", "model/0/conv/kernel/width", "3",
        "{model: [{conv: {filters: 1, kernel: {height: 5, width: 3}}}]}");
    becomes("{model: [{conv: {filters: 1, kernel: [5, 7]}}]}", "model/0/conv/kernel/width", "3",
        "{model: [{conv: {filters: 1, kernel: {height: 5, width: 3}}}]}");
    becomes("{model: [{conv: {filters: 1, kernel: [5, 7]}}]}", "model/0/conv/kernel/1", "3",
        "{model: [{conv: {filters: 1, kernel: [5, 3]}}]}");
  }

  @Test
  void namesStayAsTheyAreWritten() {
    becomes("{optimizer: 'optimizers:adamw@1'}", "optimizer/adamw/weight_decay", "0",
        "{optimizer: {optimizers:adamw@1: {weight_decay: 0}}}");
    becomes("{optimizer: {adamw: 0.1}}", "optimizer/optimizers:adamw/weight_decay", "0",
        "{optimizer: {adamw: {learning_rate: 0.1, weight_decay: 0}}}");
    becomes("{train: {batch_size: 8}}", "train/batch", "4",
        "{train: {batch_size: 4}}");
  }

  @Test
  void ofAnEarlierVersionNothingIsKnown() {
    becomes("{model: [{'conv@1': {same: true}}]}", "model/0/conv/filters", "4",
        "{model: [{conv@1: {same: true, filters: 4}}]}");
  }

  @Test
  void mapsOnTheWayAreMade() {
    becomes("{}", "optimizer/clip/norm", "1",
        "{optimizer: {clip: {norm: 1}}}");
    becomes("{optimizer: null}", "optimizer/clip/norm", "1",
        "{optimizer: {clip: {norm: 1}}}");
    becomes("{weights: {a: 1}}", "weights/b", "2",
        "{weights: {a: 1, b: 2}}");
    becomes("{extra: {deep: {er: 1}}}", "extra/deep/est", "2",
        "{extra: {deep: {er: 1, est: 2}}}");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "{optimizer: adamw}        | optimizer/clip/norm       | optimizer       | adamw        | a map with 'clip'",
    "{optimizer: {adamw: 0.1}} | optimizer/clip/norm       | optimizer       | {adamw: 0.1} | a map with 'clip'",
    "{optimizer: 0.1}          | optimizer/clip/norm       | optimizer       | 0.1          | a map with 'clip'",
    "{model: [flatten]}        | model/1                   | model           | [flatten] | a list of more than 1 items",
    "{model: [{flatten: 3}]}   | model/0/flatten/x         | model[0].flatten | 3           | a map with 'x'",
    "{train: {epochs: 3}}      | train/epochs/x            | train.epochs    | 3            | a map with 'x'",
    "{train: 3}                | train/epochs/x            | train.epochs    | 3            | a map with 'x'",
    "{model: [{conv: {kernel: [5]}}]} | model/0/conv/kernel/width | model[0].conv.kernel | [5] | a map with 'width'",
    "{model: [{'conv@1': 3}]}  | model/0/conv/filters      | model[0].conv@1 | 3            | a map with 'filters'",
  })
  void aPathThroughSomethingElseIsAMistake(String tree, String path, String at, String found, String expected) {
    assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> put(tree, path, "1"))
        .satisfies(e -> assertThat(e.problems()).singleElement().satisfies(problem -> {
          assertThat(problem.place().path()).isEqualTo(at);
          assertThat(problem.place().location().file()).isEqualTo("run.yaml");
          assertThat(problem.found()).isEqualTo(found);
          assertThat(problem.expected()).isEqualTo(expected);
          assertThat(problem.help()).isEqualTo("--set x leads there");
        }));
  }

  @Test
  void whatIsNewStandsWhereItsValueIsWritten() {
    var tree = put("{train: {epochs: 3}}", "train/epoch", "5");
    assertThat(Fixtures.binder().bind(tree, Fixtures.Run.class)).isInstanceOfSatisfying(
        BindResult.Refused.class, refused -> assertThat(refused.problems().toString())
            .contains("--set x:1:1: train.epoch", "did you mean 'epochs'?"));
  }
}
