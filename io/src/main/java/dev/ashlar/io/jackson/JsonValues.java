package dev.ashlar.io.jackson;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Location;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import java.io.IOException;
import java.util.ArrayList;

/** Values out of a parser, as trees. */
public final class JsonValues {
  private JsonValues() {}

  /**
   * The tree of the value whose first token the parser has read; afterwards it has read the last. Paths are not known
   * yet: {@link Value#placed} finds them.
   *
   * @throws FileException if there is none
   */
  public static Value read(JsonParser parser, String source) throws IOException {
    var token = parser.currentToken();
    var at = token == null ? Place.ROOT : Place.at(location(parser, source));
    return switch (token) {
      case null -> throw FileException.at(source, "nothing", "a value of JSON", "");
      case VALUE_NULL -> new Value.Null(at);
      case VALUE_TRUE, VALUE_FALSE -> new Value.Bool(token == JsonToken.VALUE_TRUE, at);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.Num(parser.getDecimalValue(), at);
      case VALUE_STRING -> new Value.Text(parser.getText(), at);
      case START_ARRAY -> {
        var items = new ArrayList<Value>();
        while (parser.nextToken() != JsonToken.END_ARRAY) items.add(read(parser, source));
        yield new Value.Sequence(items, at);
      }
      case START_OBJECT -> {
        var entries = new ArrayList<Value.Entry>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          var key = parser.currentName();
          var keyAt = location(parser, source);
          parser.nextToken();
          entries.add(new Value.Entry(key, keyAt, read(parser, source)));
        }
        yield new Value.Mapping(entries, at);
      }
      default -> throw new IllegalStateException("unexpected " + token);
    };
  }

  /** Where the token begins that the parser has read last. */
  public static Location location(JsonParser parser, String source) {
    return StrictJson.location(source, parser.currentTokenLocation());
  }
}
