package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DescriptionTest {
  private final Binder binder = Fixtures.binder();

  @Test
  void aRecordIsDescribedAsData() {
    assertThat(binder.describe(Fixtures.Dense.class)).isEqualTo(new Description(
        "dense", 1, "every output sees every input", List.of(
            new Description.Field(
                "units", "whole number >= 1", Optional.empty(), true, "width of the output", List.of()),
            new Description.Field("activation", "activation", Optional.of("linear"), false, "", List.of()),
            new Description.Field("bias", "true or false", Optional.of("true"), false, "", List.of()))));
    assertThatThrownBy(() -> binder.describe(Fixtures.Layer.class)).hasMessageContaining("only records");
  }

  @Test
  void implementationsAreDescribedWhetherRecordsOrConstants() {
    var activations = Implementation.of("layers", Fixtures.Activations.class);
    assertThat(activations).extracting(binder::describe).containsExactly(
        new Description("linear", 1, "", List.of()),
        new Description("relu", 1, "zero where x is negative", List.of()),
        new Description("gelu_tanh", 1, "", List.of()));
    assertThat(Implementation.of("layers", Fixtures.Conv.class)).singleElement()
        .satisfies(conv -> assertThat(binder.describe(conv)).isEqualTo(binder.describe(Fixtures.Conv.class)));
  }

  @Test
  void everyKindOfComponentIsDescribed() throws IOException {
    var types = Stream.of(
        Fixtures.Run.class, Fixtures.Conv.class, Fixtures.AdamW.class, Fixtures.Data.class);
    var described = types
        .map(binder::describe)
        .map(DescriptionTest::text)
        .collect(Collectors.joining("\n"));
    Golden.compare("schema/described.txt", described);
  }

  @Test
  void theSchemaSaysWhatTheBinderReads() throws IOException {
    Golden.compare("schema/run.json", Json.pretty(binder.jsonSchema(Fixtures.Run.class)));
  }

  private static String text(Description description) {
    return description.name() + "@" + description.version() + "\n" + description.fields().stream()
        .map(f -> "  " + f.name() + ": " + f.type() + (f.required() ? " (required)" : "")
            + f.defaultValue().map(d -> " = " + d).orElse("")
            + (f.aliases().isEmpty() ? "" : " " + f.aliases()) + "\n")
        .collect(Collectors.joining());
  }

  /** Just enough to read a schema in a diff and to hand it to a validator. */
  private static final class Json {
    static String pretty(Value value) {
      return text(value, "\n") + "\n";
    }

    private static String text(Value value, String newLine) {
      var deeper = newLine + "  ";
      return switch (value) {
        case Value.Text(var text, _) -> Value.quoted(text);
        case Value.Sequence(var items, _) when !items.isEmpty() -> items.stream()
            .map(item -> text(item, deeper))
            .collect(Collectors.joining("," + deeper, "[" + deeper, newLine + "]"));
        case Value.Mapping(var entries, _) when !entries.isEmpty() -> entries.stream()
            .map(e -> Value.quoted(e.key()) + ": " + text(e.value(), deeper))
            .collect(Collectors.joining("," + deeper, "{" + deeper, newLine + "}"));
        default -> value.toString();
      };
    }
  }
}
