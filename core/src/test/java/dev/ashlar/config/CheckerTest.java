package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckerTest {
  private final Binder binder = Fixtures.binder();

  static final class NotARecord {}

  interface NoKind {}

  record UnsupportedTypes(
      Set<String> set,
      int[] array,
      short small,
      Optional<Optional<String>> twice,
      List<Optional<String>> holes,
      Map<Integer, String> byNumber,
      List<?> any,
      Named<String> named,
      NoKind kind) {}

  record Generic<T>(T value) {}

  record Defaults(
      @Default("abc") int word,
      @Default("[1, 2") List<Integer> open,
      @Default("") String empty,
      @Default("true") String truth,
      @Default("1.5") @Range(atLeast = 0, below = 1) double outside,
      @Default("reul") Fixtures.Activation misspelt,
      @Default("SAME") Fixtures.Padding capitals) {}

  record Endless(@Default("{}") Endless inner) {}

  record Names(
      int rate,
      @Name("rate") int again,
      @Alias("again") int other,
      @Name("Not Good") int bad) {}

  record Ranges(
      @Range(above = 1, below = 1) double none,
      @Range(atLeast = 2, atMost = 1) int less,
      @Range double open,
      @Range(atLeast = 0) String text) {}

  @Version(0)
  record Versions() {}

  record Migrates() {
    static Value migrate(int from, Value tree) {
      return tree;
    }
  }

  @Tuple
  record Nothing() {}

  sealed interface Open permits Closed, Free {}

  record Closed() implements Open {}

  static final class Free implements Open {}

  sealed interface Clash permits Same, Other {}

  record Same() implements Clash {}

  @Alias("same")
  record Other(Set<String> deep) implements Clash {}

  @Shorthand(number = "absent")
  sealed interface Short permits Long {}

  record Long() implements Short {}

  sealed interface Reserved permits As, Truths {}

  record As(@Name("null") int none) implements Reserved {}

  enum Truths implements Reserved { TRUE }

  record Deep(Optional<List<Endless>> list, Map<String, Versions> map) {}

  @Test
  void everyReasonIsTold() throws IOException {
    var reasons = Stream.of(NotARecord.class, NoKind.class, UnsupportedTypes.class, Generic.class,
            Defaults.class, Endless.class, Names.class, Ranges.class, Versions.class, Migrates.class,
            Nothing.class, Open.class, Clash.class, Short.class, Reserved.class, Deep.class)
        .map(type -> "# " + type.getSimpleName() + "\n" + String.join("\n", binder.check(type)))
        .collect(Collectors.joining("\n\n", "", "\n"));
    Golden.compare("types/reasons.txt", reasons.replace(CheckerTest.class.getName() + "$", ""));
  }

  @Test
  void goodTypesHaveNoReasons() {
    for (var type : List.of(Fixtures.Run.class, Fixtures.Dense.class, Fixtures.Conv.class,
        Fixtures.AdamW.class, Fixtures.Layer.class, Fixtures.Split.class, Fixtures.Activations.class,
        int.class)) {
      assertThat(binder.check(type)).as(type.getName()).isEmpty();
    }
    assertThat(binder.check(Fixtures.NeedsAbsent.class)).singleElement().asString().contains("'absent'");
  }

  @ParameterizedTest
  @ValueSource(classes = {NotARecord.class, UnsupportedTypes.class, Generic.class, Open.class})
  void whatCannotBeBoundSaysSo(Class<?> type) {
    assertThatThrownBy(() -> binder.bind(Value.parse("{closed: 1}", "t"), type))
        .isInstanceOf(UnboundTypeException.class)
        .hasMessageContaining("cannot be bound");
  }

  @Test
  void anEndlessDefaultEnds() {
    assertThatThrownBy(() -> binder.bind(Value.parse("{}", "t"), Endless.class).orThrow())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nothing but itself, the default");
  }

  record Lossy(int a) {
    public static @Nullable Value migrate(int from, Value tree) {
      return null;
    }
  }

  record OfNobody(int a) {
    public Value migrate(int from, Value tree) {
      return tree;
    }
  }

  @Test
  void aFaultyMigrateIsItsAuthorsMistake() {
    assertThatThrownBy(() -> RecordType.migrated(Lossy.class, 1, Value.parse("{a: 1}", "t")))
        .isInstanceOf(UnboundTypeException.class).hasMessageContaining("migrate returned null");
    assertThatThrownBy(() -> RecordType.migrated(OfNobody.class, 1, Value.parse("{a: 1}", "t")))
        .isInstanceOf(UnboundTypeException.class).hasMessageContaining("'migrate' must be 'public static Value migrate");
  }
}
