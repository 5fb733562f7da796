package dev.ashlar.io.tokenizers;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.ashlar.io.jackson.StrictJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Learns a byte-level BPE (Sennrich et al., 2016; Radford et al., 2019) from texts. Texts are handed over in turn and
 * none is kept, only the different words and how often they come: there may be more text than memory. The result does
 * not depend on the order of texts, and is that of {@code BpeTrainer} of the Python package {@code tokenizers}, which
 * reads files line by line. For one thread.
 */
public final class BpeTrainer {
  /** Bytes are tokens from the start. */
  public static final int BYTES = 256;

  private final Options options;
  private final WordScanner scanner;
  private final Map<String, long[]> words = new HashMap<>();

  /**
   * What is learnt.
   *
   * @param vocabulary number of tokens, with special ones and those of the 256 bytes; fewer if the texts do not yield
   *     them
   * @param pattern what finds words
   * @param special special tokens, which get the lowest numbers, in their order
   * @param leastFrequency how often two neighbours must come to become a token
   */
  public record Options(int vocabulary, WordPattern pattern, List<String> special, long leastFrequency) {
    /** Checks. */
    public Options {
      special = List.copyOf(special);
      if (special.contains("")) throw new IllegalArgumentException("a special token without a character");
      if (new HashSet<>(special).size() < special.size()) {
        throw new IllegalArgumentException("a special token that is given twice: " + special);
      }
      int least = BYTES + special.size();
      if (vocabulary < least || vocabulary > Vocabulary.MOST) {
        throw new IllegalArgumentException("a vocabulary of " + vocabulary + ": it must be from " + least
            + ", for the bytes and special tokens, to " + Vocabulary.MOST);
      }
      if (leastFrequency < 0) throw new IllegalArgumentException("a frequency of " + leastFrequency);
    }

    /** GPT-2's words, no special tokens, any frequency. */
    public static Options ofSize(int vocabulary) {
      return new Options(vocabulary, WordPattern.GPT2, List.of(), 0);
    }
  }

  /** With nothing learnt yet. */
  public BpeTrainer(Options options) {
    this.options = options;
    scanner = Objects.requireNonNull(WordScanner.of(options.pattern.regex()));
  }

  /** Counts the words of a text. */
  public void add(String text) {
    var characters = Characters.whole(text).toCharArray();
    for (int from = 0; from < characters.length;) {
      int to = scanner.end(characters, from);
      words.computeIfAbsent(new String(characters, from, to - from), _ -> new long[1])[0]++;
      from = to;
    }
  }

  /** Learns from what was counted. */
  public Tokenizer train() {
    Map<String, long[]> letters = HashMap.newHashMap(words.size());
    words.forEach((word, count) -> letters.put(ByteLetters.of(word), count));
    var learner = new BpeLearner(options.special);
    learner.learn(letters, options.vocabulary, options.leastFrequency);
    try {
      return Tokenizer.parse(json(learner), "the tokenizer");
    } catch (IOException e) {
      throw new UncheckedIOException("what is written can be read", e);
    }
  }

  private String json(BpeLearner learner) throws IOException {
    var text = new StringWriter();
    try (var json = StrictJson.factory().createGenerator(text)) {
      var lines = new DefaultIndenter("  ", "\n");
      json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
      json.writeStartObject();
      json.writeStringField("version", "1.0");
      json.writeNullField("truncation");
      json.writeNullField("padding");
      writeSpecial(json);
      json.writeNullField("normalizer");
      json.writeFieldName("pre_tokenizer");
      writePreTokenizer(json);
      json.writeNullField("post_processor");
      json.writeFieldName("decoder");
      writeByteLevel(json, true);
      writeModel(json, learner);
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private void writeSpecial(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("added_tokens");
    for (int i = 0; i < options.special.size(); i++) {
      json.writeStartObject();
      json.writeNumberField("id", i);
      json.writeStringField("content", options.special.get(i));
      for (var flag : List.of("single_word", "lstrip", "rstrip", "normalized")) json.writeBooleanField(flag, false);
      json.writeBooleanField("special", true);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writePreTokenizer(JsonGenerator json) throws IOException {
    if (options.pattern == WordPattern.GPT2) {
      writeByteLevel(json, true);
      return;
    }
    json.writeStartObject();
    json.writeStringField("type", "Sequence");
    json.writeArrayFieldStart("pretokenizers");
    json.writeStartObject();
    json.writeStringField("type", "Split");
    json.writeObjectFieldStart("pattern");
    json.writeStringField("Regex", options.pattern.regex());
    json.writeEndObject();
    json.writeStringField("behavior", "Isolated");
    json.writeBooleanField("invert", false);
    json.writeEndObject();
    writeByteLevel(json, false);
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeByteLevel(JsonGenerator json, boolean words) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "ByteLevel");
    json.writeBooleanField("add_prefix_space", false);
    json.writeBooleanField("trim_offsets", true);
    json.writeBooleanField("use_regex", words);
    json.writeEndObject();
  }

  private void writeModel(JsonGenerator json, BpeLearner learner) throws IOException {
    json.writeObjectFieldStart("model");
    json.writeStringField("type", "BPE");
    for (var none : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      json.writeNullField(none);
    }
    json.writeBooleanField("fuse_unk", false);
    json.writeBooleanField("byte_fallback", false);
    json.writeBooleanField("ignore_merges", options.pattern == WordPattern.LLAMA3);
    json.writeObjectFieldStart("vocab");
    for (int i = 0; i < learner.tokens().size(); i++) json.writeNumberField(learner.tokens().get(i), i);
    json.writeEndObject();
    json.writeArrayFieldStart("merges");
    for (var merge : learner.merges()) {
      json.writeStartArray();
      json.writeString(merge[0]);
      json.writeString(merge[1]);
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
