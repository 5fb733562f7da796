package dev.ashlar.io.tokenizers;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Location;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.jackson.JsonValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the field {@code model}. Vocabulary and rules come as a stream, for there may be hundreds of thousands of them;
 * the rest is small.
 */
final class ModelReader {
  private static final Place PLACE = Place.ROOT.key("model");
  private static final List<String> TYPES = List.of("BPE", "WordPiece", "WordLevel");

  private final JsonParser parser;
  private final String source;
  private final Vocabulary vocabulary = new Vocabulary();
  private final List<String> left = new ArrayList<>();
  private final List<String> right = new ArrayList<>();
  private final List<Value.Entry> others = new ArrayList<>();
  private @Nullable Location mergesAt;
  private @Nullable Location vocabularyAt;

  private ModelReader(JsonParser parser, String source) {
    this.parser = parser;
    this.source = source;
  }

  /** What was read. */
  record Read(Model model, Vocabulary vocabulary) {}

  /** Reads the object that the parser stands before. */
  static Read read(JsonParser parser, String source) throws IOException {
    return new ModelReader(parser, source).read();
  }

  private Read read() throws IOException {
    var at = JsonValues.location(parser, source);
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw problem(PLACE.located(at), "no object", "an object with 'type' and 'vocab'", "");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      var nameAt = JsonValues.location(parser, source);
      parser.nextToken();
      if (name.equals("vocab") && parser.currentToken() == JsonToken.START_OBJECT) {
        vocabularyAt = nameAt;
        readVocabulary();
      } else if (name.equals("merges") && parser.currentToken() == JsonToken.START_ARRAY) {
        mergesAt = nameAt;
        readMerges();
      } else {
        others.add(new Value.Entry(name, nameAt, JsonValues.read(parser, source)));
      }
    }
    var fields = new Fields((Value.Mapping) new Value.Mapping(others, Place.at(at)).placed(PLACE));
    var model = model(fields);
    return new Read(model, vocabulary);
  }

  private void readVocabulary() throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var token = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
        throw problem(entry(token), FileProblems.shown(parser.getText()), "the number of the token", "");
      }
      // A number of many digits is no int, and told by its digits.
      int id = parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : -1;
      if (id < 0 || id >= Vocabulary.MOST) {
        throw problem(entry(token), "the number " + FileProblems.shown(parser.getText()),
            "a number from 0 to " + (Vocabulary.MOST - 1), "");
      }
      var other = vocabulary.add(token, id);
      if (other != null) {
        throw problem(entry(token), "the number " + id + ", which " + FileProblems.shown(other) + " has already",
            "a number of its own for each token", "");
      }
    }
  }

  /** The place of the value that was just read: told only where it is wrong, for there are many. */
  private Place entry(String token) {
    return PLACE.key("vocab").key(token).located(JsonValues.location(parser, source));
  }

  private void readMerges() throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        var text = parser.getText();
        if (text.startsWith("#version") && left.isEmpty()) continue;
        int blank = text.indexOf(' ');
        if (blank < 0 || blank != text.lastIndexOf(' ')) throw badMerge(FileProblems.shown(text));
        left.add(text.substring(0, blank));
        right.add(text.substring(blank + 1));
      } else if (parser.currentToken() == JsonToken.START_ARRAY) {
        if (parser.nextToken() != JsonToken.VALUE_STRING) throw badMerge("a list without two texts");
        left.add(parser.getText());
        if (parser.nextToken() != JsonToken.VALUE_STRING) throw badMerge("a list without two texts");
        right.add(parser.getText());
        if (parser.nextToken() != JsonToken.END_ARRAY) throw badMerge("a list of more than two");
      } else {
        throw badMerge("something else");
      }
    }
  }

  private FileException badMerge(String found) {
    var at = PLACE.key("merges").index(right.size()).located(JsonValues.location(parser, source));
    return problem(at, found, "two tokens, such as \"t h\" or [\"t\", \"h\"]", "");
  }

  private Model model(Fields fields) throws FileException {
    var type = fields.has("type") ? fields.type() : likelyType(fields);
    if (!TYPES.contains(type)) {
      throw problem(fields.get("type").place(), "a model of the kind " + FileProblems.shown(type),
          "one of " + String.join(", ", TYPES), type.equals("Unigram")
              ? "models of SentencePiece that are not BPE cannot be read yet" : Nearest.advice(type, TYPES));
    }
    if (vocabularyAt == null) Fields.of(fields.get("vocab"));
    return switch (type) {
      case "BPE" -> bpe(fields);
      case "WordPiece" -> new WordPiece(vocabulary, fields.text("continuing_subword_prefix", "##"),
          required(fields, "[UNK]"), fields.count("max_input_chars_per_word", 100), new WordCache());
      case "WordLevel" -> new WordLevel(vocabulary, required(fields, "<unk>"));
      default -> throw new IllegalStateException(type);
    };
  }

  /** Old files do not say it. */
  private String likelyType(Fields fields) {
    if (mergesAt != null) return "BPE";
    if (fields.find("vocab") instanceof Value.Sequence) return "Unigram";
    return fields.has("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
  }

  private int required(Fields fields, String otherwise) throws FileException {
    var name = fields.text("unk_token", otherwise);
    int id = vocabulary.id(name);
    if (id >= 0) return id;
    var at = fields.has("unk_token") ? fields.get("unk_token").place() : fields.values().place();
    throw problem(at, "the unknown token " + FileProblems.shown(name) + ", which is not in 'vocab'",
        "a token of the vocabulary", "");
  }

  private Bpe bpe(Fields fields) throws FileException {
    var prefix = fields.text("continuing_subword_prefix", "");
    var suffix = fields.text("end_of_word_suffix", "");
    boolean hasUnknown = !fields.text("unk_token", "").isEmpty();
    boolean wholeWords = fields.flag("ignore_merges", false);
    boolean isPlain = prefix.isEmpty() && suffix.isEmpty() && !wholeWords;
    int unknown = hasUnknown ? required(fields, "") : -1;
    var bytes = fields.flag("byte_fallback", false) ? Bpe.byteTokens(vocabulary) : null;
    var merges = merges(prefix);
    var search = isPlain ? TokenSearch.of(vocabulary, merges, unknown, bytes) : null;
    return new Bpe(vocabulary, merges, prefix, suffix, unknown, fields.flag("fuse_unk", false), bytes, wholeWords,
        search, isPlain && search == null ? new Seams(vocabulary, left, right) : null, new WordCache());
  }

  private Merges merges(String prefix) throws FileException {
    int count = left.size();
    var lefts = new int[count];
    var rights = new int[count];
    var merged = new int[count];
    for (int i = 0; i < count; i++) {
      var second = right.get(i);
      lefts[i] = mergeToken(i, left.get(i));
      rights[i] = mergeToken(i, second);
      // The prefix says that no word begins here: inside of the whole it has no place.
      merged[i] = mergeToken(i, left.get(i) + second.substring(Math.min(prefix.length(), second.length())));
    }
    return new Merges(lefts, rights, merged);
  }

  private int mergeToken(int index, String token) throws FileException {
    int id = vocabulary.id(token);
    if (id >= 0) return id;
    throw problem(PLACE.key("merges").index(index).located(mergesAt),
        "the token " + FileProblems.shown(token) + ", which is not in 'vocab'",
        "two tokens of the vocabulary that are one of it together", "");
  }

  private static FileException problem(Place at, String found, String expected, String help) {
    return new FileException(new Problem(at, found, expected, help));
  }
}
