package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

  private static final Map<String, String> VARIABLES = Map.of("A", "data", "EMPTY", "", "DEEP", "${A}", "NUMBER", "5",
      "REGEX", "a\\$1");

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "${A}/x.csv | data/x.csv",
      "x${A}y${A} | xdataydata",
      "${A:-other} | data",
      "${B:-other} | other",
      "${EMPTY:-other} | other",
      "a${EMPTY}b | ab",
      "${B:-} x | x",
      "${B:-a:-b} | a:-b",
      "$${A} | ${A}",
      "$$${A} | $${A}",
      "${DEEP} | ${A}",
      "${REGEX} | a\\$1",
      "$A, $, $$, 5 $ | $A, $, $$, 5 $"})
  void isPutIntoTexts(String written, String read) {
    Value tree = Value.of(Map.of("path", java.util.List.of(written)));
    Value expanded = Environment.expand(tree, VARIABLES);
    assertThat(((Value.Sequence) ((Value.Mapping) expanded).get("path")).items().getFirst().plain().toString().strip())
        .isEqualTo(read);
  }

  @Test
  void neitherKeysNorNumbersComeFromVariables() {
    Value expanded = Environment.expand(Yaml.parse("${A}: ${NUMBER}\nb: '${NUMBER}'\n", "x"), VARIABLES);
    assertThat(((Value.Mapping) expanded).keys()).containsExactly("${A}", "b");
    assertThat(((Value.Mapping) expanded).get("${A}")).isEqualTo(Value.of("5")).isNotEqualTo(Value.of(5));
    assertThat(((Value.Mapping) expanded).get("b").place().location().line()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${A}", "$${A}", "$$$${A}", "a$ ${ b", "$"})
  void whatIsEscapedReadsAsItself(String text) {
    Value tree = Value.of(Map.of("a", text));
    assertThat(Environment.expand(Environment.escaped(tree), Map.of())).isEqualTo(tree);
  }
}
