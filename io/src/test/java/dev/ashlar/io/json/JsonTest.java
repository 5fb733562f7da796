package dev.ashlar.io.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.Golden;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {
  @TempDir Path folder;

  @Test
  void everyValueKnowsWhereItStands() throws IOException {
    var tree = (Value.Mapping) Json.read("{\n  \"a\": [1, true],\n  \"b c\": {\"d\": null}\n}", "x.json");

    assertThat(tree.withoutLocations().toString()).isEqualTo("{a: [1, true], \"b c\": {d: null}}");
    var list = (Value.Sequence) tree.get("a");
    assertThat(list.place().path()).isEqualTo("a");
    assertThat(list.items().get(1).place().path()).isEqualTo("a[1]");
    assertThat(list.items().get(1).place().location()).hasToString("x.json:2:12");
    var inner = (Value.Mapping) tree.get("b c");
    assertThat(inner.entries().getFirst().location()).hasToString("x.json:3:11");
    assertThat(inner.get("d").place().path()).isEqualTo("[\"b c\"].d");
  }

  @Test
  void numbersAreExact() throws IOException {
    var text = "[0.1, 1e400, -12345678901234567890.5, 1E-7, 9223372036854775807]";
    var numbers = (Value.Sequence) Json.read(text, "x");

    assertThat(((Value.Num) numbers.items().get(1)).value()).isEqualByComparingTo(new BigDecimal("1e400"));
    assertThat(((Value.Num) numbers.items().get(2)).value())
        .isEqualTo(new BigDecimal("-12345678901234567890.5"));
    assertThat(Json.read(Json.write(numbers), "y").withoutLocations()).isEqualTo(numbers.withoutLocations());
  }

  @Test
  void roundTrip() throws IOException {
    var tree = Value.parse("{a: [1, 2.5, null, true, {}, []], \"\": \"\\u0000 ü \\\" \\\\ \\n\", b: {c: x}}",
        "x")
        .withoutLocations();

    assertThat(Json.read(Json.write(tree), "x").withoutLocations()).isEqualTo(tree);
    assertThat(Json.read(Json.writeIndented(tree), "x").withoutLocations()).isEqualTo(tree);
    assertThat(Json.writeIndented(Value.parse("{a: [1, {b: c}]}", "x")))
        .isEqualTo("{\n  \"a\" : [\n    1,\n    {\n      \"b\" : \"c\"\n    }\n  ]\n}\n");
  }

  @Test
  void messages() throws IOException {
    var messages = new LinkedHashMap<String, String>();
    for (var text : new String[] {"", "  ", "{", "[1,]", "{\"a\": 1, \"a\": 2}", "{a: 1}", "[1] 2",
        "// no\n1", "NaN", "01",
        "\"\n\"", "\"\\x\"", "[\n1,\n  oops]", "[".repeat(201), "{\"a\":".repeat(201), "1e99999999999",
        "9".repeat(1001)}) {
      assertThatThrownBy(() -> Json.read(text, "x.json")).as(text)
          .isInstanceOfSatisfying(FileException.class, e ->
          messages.put(Value.quoted(text.length() > 40 ? text.substring(0, 40) + "..." : text),
              e.getMessage()));
    }
    var path = Files.write(folder.resolve("x.json"), new byte[] {'"', (byte) 0xc3, '"'});
    assertThatThrownBy(() -> Json.read(path)).isInstanceOfSatisfying(FileException.class, e ->
        messages.put("not UTF-8", e.getMessage().replace(folder.toString(), "DIR")));
    assertThatThrownBy(() -> Json.read(folder.resolve("none")))
        .isInstanceOfSatisfying(FileException.class, e ->
        messages.put("no such file", e.getMessage().replace(folder.toString(), "DIR")));
    Golden.check("dev/ashlar/io/json/bad.txt", messages);
  }

  @Test
  void damageNeverGivesAnythingButAProblem() throws IOException {
    var good = "{\"a\": [1, -2.5e3, null, true], \"b\": {\"c\": \"x\\u00e4\\n\"}, \"d\": [[]]}";
    var random = new Random(2);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      var bad = new StringBuilder(i % 3 == 0 ? good.substring(0, random.nextInt(good.length())) : good);
      for (int k = random.nextInt(3); k >= 0 && !bad.isEmpty(); k--) {
        bad.setCharAt(random.nextInt(bad.length()),
            (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt()));
      }
      try {
        var tree = Json.read(bad.toString(), "x");
        assertThat(Json.read(Json.write(tree), "y").withoutLocations()).isEqualTo(tree.withoutLocations());
      } catch (FileException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(3000, 4999);
  }
}
