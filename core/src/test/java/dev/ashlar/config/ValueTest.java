package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      relu                      | relu
      layers:dense@2            | layers:dense@2
      hello, world              | "hello, world"
      'it''s'                   | "it's"
      "a\\u0041\\n\\"\\/"       | "aA\\n\\"/"
      'true'                    | "true"
      "3"                       | "3"
      ~                         | null
      True                      | true
      3e-3                      | 0.003
      +.5                       | 0.5
      100                       | 100
      1e2                       | 100
      1.50                      | 1.5
      1e30                      | 1E+30
      -0                        | 0
      0x10                      | "0x10"
      1_000                     | "1_000"
      data/digits.csv           | data/digits.csv
      []                        | []
      { }                       | {}
      [1, 2,]                   | [1, 2]
      [a b, {c: [true, null]}]  | ["a b", {c: [true, null]}]
      {"a b": 1, c-d: x:y}      | {"a b": 1, c-d: x:y}
      """)
  void aLineIsReadAndWritten(String text, String written) {
    assertThat(Value.parse(text, "test")).hasToString(written);
    assertThat(Value.parse(written, "test")).hasToString(written);
  }

  @Test
  void everyTreeIsReadBackFromItsLine() {
    for (int seed = 0; seed < 500; seed++) {
      var value = Value.of(tree(new Random(seed), 4));
      var again = Value.parse(value.toString(), "test");
      assertThat(again).as("seed %d", seed).isEqualTo(value);
      assertThat(again.plain()).as("seed %d", seed).isEqualTo(value.plain());
    }
  }

  @Test
  void plainJavaComesBack() {
    var map = new LinkedHashMap<String, Object>();
    map.put("z", List.of(1L, 2.5, "x", true));
    map.put("a", new BigDecimal("0.12345678901234567890123"));
    map.put("n", null);
    assertThat(Value.of(map).plain()).isEqualTo(map);
    assertThat(Value.of(1.0).plain()).isEqualTo(1L);
    assertThatThrownBy(() -> Value.of(new Object())).hasMessageContaining("java.lang.Object");
  }

  @Test
  void aHugeExponentStaysSmall() {
    var huge = Value.parse("[1e999999999, -1e-999999999, 0e999999999]", "test");
    assertThat(huge).hasToString("[1E+999999999, -1E-999999999, 0]");
    assertThat(((Value.Sequence) huge).items()).extracting(v -> ((Value.Num) v).isLong())
        .containsExactly(false, false, true);
    assertThat(((Value.Sequence) huge).items().get(2).plain()).isEqualTo(0L);
  }

  @Test
  void valuesKnowTheirPlaces() {
    var root = (Value.Mapping) Value.parse("{model: [\n  {dense: 10},\n  {'a b': {x: 1}}]}", "run.yaml");
    var items = ((Value.Sequence) root.get("model")).items();
    var deep = (Value.Mapping) ((Value.Mapping) items.get(1)).get("a b");
    assertThat(((Value.Mapping) items.get(0)).get("dense").place())
        .isEqualTo(new Place("model[0].dense", new Location("run.yaml", 2, 11)));
    assertThat(deep.get("x").place())
        .isEqualTo(new Place("model[1][\"a b\"].x", new Location("run.yaml", 3, 15)));
    assertThat(deep.entries().getFirst().location()).isEqualTo(new Location("run.yaml", 3, 12));
  }

  @Test
  void aTreeWithoutLocationsTakesThoseAround() {
    var place = new Place("model[2]", new Location("run.yaml", 4, 7));
    var placed = (Value.Mapping) Value.of(Map.of("rate", List.of(1))).placed(place);
    assertThat(((Value.Sequence) placed.get("rate")).items().getFirst().place())
        .isEqualTo(new Place("model[2].rate[0]", place.location()));
  }

  @Test
  void mapsAreChangedInCopies() {
    var map = (Value.Mapping) Value.parse("{a: 1, b: 2}", "test");
    assertThat(map.with("a", Value.of(3))).hasToString("{a: 3, b: 2}");
    assertThat(map.with("c", Value.of(3))).hasToString("{a: 1, b: 2, c: 3}");
    assertThat(map.without("a")).hasToString("{b: 2}");
    assertThat(map.renamed("a", "z")).hasToString("{z: 1, b: 2}");
    assertThat(map).hasToString("{a: 1, b: 2}");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "", "[", "{a}", "{a: }", "{: 1}", "[1 2", "{a: 1 b: 2}", "'x", "\"\\u00g0\"", "[,]", "a: b"})
  void whatCannotBeReadIsTold(String text) {
    assertThatThrownBy(() -> Value.parse(text, "test"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("test:1:");
  }

  @Test
  void depthIsBounded() {
    assertThatThrownBy(() -> Value.parse("[".repeat(100_000), "test"))
        .hasMessageContaining("at most 100 levels");
    assertThat(Value.parse("[".repeat(100) + "]".repeat(100), "test")).isInstanceOf(Value.Sequence.class);
  }

  private static Object tree(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 8)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3 -> Double.longBitsToDouble(random.nextLong());
      case 4 -> random.nextGaussian();
      case 5 -> text(random);
      case 6 -> {
        var list = new ArrayList<Object>();
        for (int i = random.nextInt(4); i > 0; i--) list.add(tree(random, depth - 1));
        yield list;
      }
      default -> {
        var map = new LinkedHashMap<String, Object>();
        for (int i = random.nextInt(4); i > 0; i--) map.put(text(random), tree(random, depth - 1));
        yield map;
      }
    };
  }

  static String text(Random random) {
    var pieces = Arrays.asList("a", "Z", "0", "1", ".", "-", ":", ": ", ",", " ", "{", "]", "'", "\"", "\\",
        "\n", "\u0000", "\u00e9", "\ud83d\ude00", "#", "@", "true", "null", "~", "e5", "inf", "/", "\u2028",
        "\u007f");
    var text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) text.append(pieces.get(random.nextInt(pieces.size())));
    return text.toString();
  }

  /** Names come from files, and these from anybody. */
  @Test
  void aMessageHoldsNothingThatATerminalObeys() {
    var place = Place.ROOT.key("a\u001b[2J");
    var problem = new Problem(place, "'\u202e' and \ud800 and \u0000", "tab\tand 😀 and e\u0301", "two\nlines\r");
    assertThat(problem.toString()).isEqualTo("""
        ["a\\u001b[2J"]
          found:    '\\u202e' and \\ud800 and \\u0000
          expected: tab\tand 😀 and e\u0301
          help:     two
                    lines\\u000d""");
  }
}
