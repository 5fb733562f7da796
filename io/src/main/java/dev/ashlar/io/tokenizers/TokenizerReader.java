package dev.ashlar.io.tokenizers;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.io.jackson.JsonValues;
import dev.ashlar.io.jackson.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code tokenizer.json}. */
final class TokenizerReader {
  private static final String EXPECTED = "a tokenizer.json, as Hugging Face's tokenizers write it";

  private final JsonParser parser;
  private final String source;
  private final List<Value.Entry> others = new ArrayList<>();
  private ModelReader.@Nullable Read model;

  private TokenizerReader(JsonParser parser, String source) {
    this.parser = parser;
    this.source = source;
  }

  /**
   * Reads a text.
   *
   * @param source how messages call it
   * @throws FileException if it is no JSON or no tokenizer, or has a part that is not known
   */
  static Tokenizer read(String json, String source) throws FileException {
    try (var parser = StrictJson.factory().createParser(json)) {
      try {
        return new TokenizerReader(parser, source).read(json);
      } catch (JsonProcessingException | NumberFormatException | ArithmeticException e) {
        throw StrictJson.problem(source, parser, e);
      }
    } catch (FileException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("text cannot fail to be read", e);
    }
  }

  private Tokenizer read(String json) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      var found = parser.currentToken() == null ? "nothing" : "no object";
      throw FileException.at(source, found, EXPECTED, "");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      var at = JsonValues.location(parser, source);
      parser.nextToken();
      if (name.equals("model")) model = ModelReader.read(parser, source);
      else others.add(new Value.Entry(name, at, JsonValues.read(parser, source)));
    }
    if (parser.nextToken() != null) {
      throw FileException.at(JsonValues.location(parser, source).toString(), "more after the end of the object",
          "one object of JSON", "");
    }
    if (model == null) throw FileException.at(source, "no 'model'", EXPECTED, "");
    return build(new Fields((Value.Mapping) new Value.Mapping(others, Place.ROOT).placed(Place.ROOT)), model, json);
  }

  private static Tokenizer build(Fields fields, ModelReader.Read model, String json) throws FileException {
    var normalizer = part(fields, "normalizer", Normalizer::read);
    var preTokenizer = part(fields, "pre_tokenizer", PreTokenizer::read);
    var postProcessor = part(fields, "post_processor", PostProcessor::read);
    var decoder = part(fields, "decoder", Decoder::read);
    var truncation = part(fields, "truncation", Truncation::read);
    var padding = part(fields, "padding", Padding::read);
    return new Tokenizer(json, model.model(), model.vocabulary(), added(fields, model.vocabulary()), normalizer,
        preTokenizer, postProcessor, decoder == null ? new Decoder.Joined() : decoder, truncation, padding);
  }

  private static <T> @Nullable T part(Fields fields, String name, Fields.Reader<T> reader) throws FileException {
    return fields.has(name) ? reader.read(fields.object(name)) : null;
  }

  /**
   * Added tokens. One that the vocabulary has too has its number, and others are numbered on: so the reference does it,
   * whatever numbers the file gives.
   */
  private static List<AddedToken> added(Fields fields, Vocabulary vocabulary) throws FileException {
    if (!fields.has("added_tokens")) return List.of();
    Map<String, Integer> ids = new HashMap<>();
    int next = vocabulary.count();
    var added = new ArrayList<AddedToken>();
    for (var item : fields.items("added_tokens")) {
      var token = AddedToken.read(Fields.of(item));
      if (token.content().isEmpty()) continue;
      int known = vocabulary.id(token.content());
      int id = ids.getOrDefault(token.content(), known < 0 ? next : known);
      ids.put(token.content(), id);
      next = Math.max(next, id + 1);
      added.add(token.numbered(id));
    }
    return added;
  }
}
