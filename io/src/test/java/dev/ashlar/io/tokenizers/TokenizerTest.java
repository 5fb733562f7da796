package dev.ashlar.io.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.FileException;
import dev.ashlar.io.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  private static final Path FILES = Path.of("src/test/resources/dev/ashlar/io/tokenizers");
  private static final String ALPHABET =
      "  abcdest'SLl\n\r\t19\u00bd\u00e9\u0301\u017f\u3000\u5927\u0e44-.,!_\ud83d\udc69\u200d";

  @TempDir Path folder;

  private static String random(Random random, int longest) {
    var text = new StringBuilder();
    int length = random.nextInt(longest);
    while (text.length() < length) {
      if (random.nextInt(20) == 0) text.appendCodePoint(random.nextInt(0x110000));
      else text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  @Test
  void scannersFindTheWordsOfTheirPatterns() {
    var random = new Random(1);
    for (var pattern : WordPattern.values()) {
      var scanner = WordScanner.of(pattern.regex());
      var regex = TextPattern.compile(pattern.regex());
      for (int i = 0; i < 20_000; i++) {
        var text = Characters.whole(random(random, 30));
        var ends = new ArrayList<Integer>();
        for (int at = 0; at < text.length(); at = ends.getLast()) ends.add(scanner.end(text.toCharArray(), at));
        assertThat(ends).as("%s in '%s'", pattern, text)
            .isEqualTo(regex.spans(text).stream().map(Separation.Span::to).toList());
      }
    }
  }

  @Test
  void scannersKnowEveryCharacter() {
    for (var pattern : WordPattern.values()) {
      var scanner = WordScanner.of(pattern.regex());
      var regex = TextPattern.compile(pattern.regex());
      for (int from = 0; from <= Character.MAX_CODE_POINT; from += 0x400) {
        if (from >= Character.MIN_SURROGATE && from <= Character.MAX_SURROGATE) continue;
        var all = new StringBuilder();
        for (int c = from; c < from + 0x400; c++) all.append('a').appendCodePoint(c).append(" 1");
        var text = all.toString().toCharArray();
        var ends = new ArrayList<Integer>();
        for (int at = 0; at < text.length; at = ends.getLast()) ends.add(scanner.end(text, at));
        assertThat(ends).as("%s from U+%04X", pattern, from)
            .isEqualTo(regex.spans(all.toString()).stream().map(Separation.Span::to).toList());
      }
    }
  }

  @Test
  void theFastWayGivesWhatTheGeneralOneGives() throws IOException {
    var random = new Random(2);
    for (var name : List.of("llama3", "qwen")) {
      var json = Files.readString(FILES.resolve(name).resolve("tokenizer.json"));
      var fast = Tokenizer.parse(json, name);
      // A group around it is another pattern that finds the same.
      var general = Tokenizer.parse(json.replace("\"Regex\":\"", "\"Regex\":\"(?=.|\\n)"), name);
      for (int i = 0; i < 5_000; i++) {
        var text = random(random, 60);
        assertThat(fast.encode(text)).as(text).isEqualTo(general.encode(text));
      }
    }
  }

  @Test
  void wordsOfBertAreFoundTheSame() throws IOException {
    var random = new Random(6);
    var json = Files.readString(FILES.resolve("bert").resolve("tokenizer.json"));
    var one = "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"}";
    assertThat(json).contains(one);
    var fast = Tokenizer.parse(json, "bert");
    // In a list it is known as no pair of the fast way.
    var general = Tokenizer.parse(json.replace(one, "\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":"
        + "[{\"type\":\"BertPreTokenizer\"}]}"), "bert");
    for (int i = 0; i < 5_000; i++) {
      var text = random(random, 60);
      assertThat(fast.encode(text)).as(text).isEqualTo(general.encode(text));
    }
  }

  /** Rules in the order of how good what they make is, as SentencePiece's are, and each way to make it. */
  @Test
  void rulesThatAreNeverUsedDoNotPreventSearching() {
    var orderly = bpe(List.of("a", "b", "c", "ab", "abc", "bc"), "a b", "ab c", "a bc", "b c");
    assertThat(orderly.search()).isNotNull();
    assertThat(encoded(orderly, "abcbcab")).containsExactly(5, 6, 4);

    // Here the second rule is used as soon as the third one has made its part.
    var other = bpe(List.of("a", "b", "c", "d", "bc", "abc", "cd"), "c d", "a bc", "b c");
    assertThat(other.search()).isNull();
    assertThat(encoded(other, "abcd")).containsExactly(1, 2, 7);
    assertThat(encoded(other, "abcabc")).containsExactly(6, 6);
  }

  /** Tokens are numbered from 1; 0 is the unknown one. */
  private static Bpe bpe(List<String> tokens, String... rules) {
    var vocabulary = new Vocabulary();
    vocabulary.add("?", 0);
    for (var token : tokens) vocabulary.add(token, vocabulary.size());
    var parts = Arrays.stream(rules).map(r -> r.split(" ")).toList();
    var merges = new Merges(parts.stream().mapToInt(p -> vocabulary.id(p[0])).toArray(),
        parts.stream().mapToInt(p -> vocabulary.id(p[1])).toArray(),
        parts.stream().mapToInt(p -> vocabulary.id(p[0] + p[1])).toArray());
    var search = TokenSearch.of(vocabulary, merges, 0, null);
    return new Bpe(vocabulary, merges, "", "", 0, false, null, false, search, null, new WordCache());
  }

  private static int[] encoded(Model model, String word) {
    var ids = new Ids(0);
    model.encode(word, ids);
    return ids.toArray();
  }

  @Test
  void longWordsAreMergedLikeShortOnes() {
    var random = new Random(3);
    for (int round = 0; round < 2000; round++) {
      // Tokens are runs of a: token n has n + 1 of them.
      int rules = random.nextInt(12);
      var left = new int[rules];
      var right = new int[rules];
      var merged = new int[rules];
      for (int i = 0; i < rules; i++) {
        left[i] = random.nextInt(6);
        right[i] = random.nextInt(6);
        merged[i] = left[i] + right[i] + 1;
      }
      var merges = new Merges(left, right, merged);
      int count = 1 + random.nextInt(120);
      var tokens = random.ints(count, 0, 3).toArray();
      var expected = naive(tokens, left, right, merged);
      int size = merges.apply(tokens, count);
      assertThat(Arrays.copyOf(tokens, size)).isEqualTo(expected);
    }
  }

  /** Rules, letters that have no token, and what becomes of these are drawn anew in each round. */
  @Test
  void cuttingOrSearchingChangesNothing() {
    var random = new Random(5);
    int cuts = 0;
    int searches = 0;
    for (int round = 0; round < 6000; round++) {
      var vocabulary = new Vocabulary();
      var tokens = new ArrayList<String>();
      for (var token : List.of("<unk>", "<0xF0>", "<0x9F>", "<0x91>", "<0xA9>", "a", "b", "c", "d", "\u2581")) {
        vocabulary.add(token, tokens.size());
        tokens.add(token);
      }
      var left = new ArrayList<String>();
      var right = new ArrayList<String>();
      // Of rules that join bytes there is no search.
      int least = random.nextInt(4) == 0 ? 1 : 5;
      for (int i = random.nextInt(16); i > 0; i--) {
        left.add(tokens.get(least + random.nextInt(tokens.size() - least)));
        right.add(tokens.get(least + random.nextInt(tokens.size() - least)));
        if (vocabulary.id(left.getLast() + right.getLast()) < 0) {
          tokens.add(left.getLast() + right.getLast());
          vocabulary.add(tokens.getLast(), tokens.size() - 1);
        }
      }
      var merges = new Merges(left.stream().mapToInt(vocabulary::id).toArray(),
          right.stream().mapToInt(vocabulary::id).toArray(),
          IntStream.range(0, left.size()).map(i -> vocabulary.id(left.get(i) + right.get(i))).toArray());
      boolean fuses = random.nextBoolean();
      var bytes = random.nextBoolean() ? Bpe.byteTokens(vocabulary) : null;
      var seams = new Seams(vocabulary, left, right);
      var whole = new Bpe(vocabulary, merges, "", "", 0, fuses, bytes, false, null, null, new WordCache());
      var cut = new Bpe(vocabulary, merges, "", "", 0, fuses, bytes, false, null, seams, new WordCache());
      var search = TokenSearch.of(vocabulary, merges, 0, bytes);
      var searched = new Bpe(vocabulary, merges, "", "", 0, fuses, bytes, false, search, null, new WordCache());
      var word = new StringBuilder();
      for (int i = random.nextInt(40); i >= 0; i--) {
        word.append(List.of("a", "b", "c", "d", "\u2581", "x", "y", "\ud83d\udc69").get(random.nextInt(8)));
      }
      var expected = new Ids(0);
      var found = new Ids(0);
      whole.encode(word.toString(), expected);
      cut.encode(word.toString(), found);
      assertThat(found.toArray()).as("%s by %s and %s", word, left, right).isEqualTo(expected.toArray());
      cuts += seams.next(word.toString().toCharArray(), 0) < word.length() ? 1 : 0;
      if (search == null) continue;
      found = new Ids(0);
      searched.encode(word.toString(), found);
      assertThat(found.toArray()).as("%s by %s and %s", word, left, right).isEqualTo(expected.toArray());
      searches++;
    }
    assertThat(cuts).isGreaterThan(2000);
    assertThat(searches).isBetween(2000, 5500);
  }

  /** A later rule for the same pair counts. */
  private static int[] naive(int[] tokens, int[] left, int[] right, int[] merged) {
    var word = new ArrayList<Integer>();
    for (int token : tokens) word.add(token);
    Map<List<Integer>, Integer> ranks = new LinkedHashMap<>();
    for (int i = 0; i < left.length; i++) ranks.put(List.of(left[i], right[i]), i);
    while (true) {
      int best = -1;
      int at = -1;
      for (int i = 0; i + 1 < word.size(); i++) {
        var rank = ranks.get(List.of(word.get(i), word.get(i + 1)));
        if (rank != null && (best < 0 || rank < best)) {
          best = rank;
          at = i;
        }
      }
      if (at < 0) return word.stream().mapToInt(Integer::intValue).toArray();
      word.set(at, merged[best]);
      word.remove(at + 1);
    }
  }

  @Test
  void aMegabyteOfOneLetterIsNoTrouble() throws IOException {
    for (var name : List.of("gpt2", "llama3", "gpt4o", "llama2", "clip", "bert", "words")) {
      var tokenizer = Tokenizer.read(FILES.resolve(name));
      for (var letter : List.of("a", " ", "\u5927")) {
        int count = tokenizer.encode(letter.repeat(1 << 20)).length;
        assertThat(count > 0 || letter.equals(" ")).as("%s '%s'", name, letter).isTrue();
      }
    }
  }

  @Test
  void threadsShareOne() throws Exception {
    var tokenizer = Tokenizer.read(FILES.resolve("gpt2"));
    var random = new Random(4);
    var texts = random.ints(200, 0, 1000).mapToObj(i -> random(new Random(i), 400)).toList();
    var expected = texts.stream().map(Tokenizer.read(FILES.resolve("gpt2"))::encode).toList();
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<List<int[]>> work = () -> texts.stream().map(tokenizer::encode).toList();
      for (var done : threads.invokeAll(Collections.nCopies(8, work))) {
        for (int i = 0; i < expected.size(); i++) assertThat(done.get().get(i)).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void isWrittenAsItWasRead() throws IOException {
    var tokenizer = Tokenizer.read(FILES.resolve("llama3"));
    tokenizer.write(folder.resolve("tokenizer.json"));
    assertThat(folder.resolve("tokenizer.json")).hasSameBinaryContentAs(FILES.resolve("llama3/tokenizer.json"));
    assertThat(Tokenizer.read(folder).encode("to be")).isEqualTo(tokenizer.encode("to be"));
  }

  @Test
  void tellsItsTokens() throws IOException {
    var tokenizer = Tokenizer.read(FILES.resolve("gpt2"));
    assertThat(tokenizer.size()).isEqualTo(303);
    assertThat(tokenizer.id("<mask>")).hasValue(300);
    assertThat(tokenizer.token(300)).isEqualTo("<mask>");
    assertThat(tokenizer.token(303)).isNull();
    assertThat(tokenizer.token(-1)).isNull();
    assertThat(tokenizer.id("no such token")).isEmpty();
    assertThat(tokenizer.specialTokens()).containsExactly("<s>", "</s>", "<mask>");
    assertThat(tokenizer.isSpecial(300)).isTrue();
    assertThat(tokenizer.isSpecial(301)).isFalse();
  }

  @Test
  void halvesOfCharactersAreReadAsUnknown() throws IOException {
    for (var name : List.of("gpt2", "llama2", "bert")) {
      var tokenizer = Tokenizer.read(FILES.resolve(name));
      assertThat(tokenizer.encode("a\ud83d b")).isEqualTo(tokenizer.encode("a\ufffd b"));
    }
  }

  @Test
  void aStreamHoldsBackWhatMayChange() throws IOException {
    var bytes = Tokenizer.read(FILES.resolve("gpt2"));
    var stream = bytes.stream();
    var ids = bytes.encode("\ud83d\udc69");
    assertThat(ids).hasSize(4);
    assertThat(stream.next(ids[0]) + stream.next(ids[1]) + stream.next(ids[2])).isEmpty();
    assertThat(stream.next(ids[3])).isEqualTo("\ud83d\udc69");
    assertThat(stream.rest()).isEmpty();
    assertThatThrownBy(() -> stream.next(0)).isInstanceOf(IllegalStateException.class);

    var cut = bytes.stream();
    cut.next(ids[0]);
    assertThat(cut.rest()).isEqualTo("\ufffd");
  }

  @Test
  void trainingTellsWhatCannotBe() {
    assertThatThrownBy(() -> BpeTrainer.Options.ofSize(255)).hasMessageContaining("from 256");
    assertThatThrownBy(() -> new BpeTrainer.Options(300, WordPattern.GPT2, List.of("a", "a"), 0))
        .hasMessageContaining("given twice");
  }

  @Test
  void ofLittleTextLittleIsLearnt() {
    var trainer = new BpeTrainer(BpeTrainer.Options.ofSize(1000));
    trainer.add("aaaa");
    var tokenizer = trainer.train();
    assertThat(tokenizer.size()).isEqualTo(258);
    assertThat(tokenizer.decode(tokenizer.encode("aaaa \u00e9"))).isEqualTo("aaaa \u00e9");
  }

  private static String file(String model, String more) {
    var parts = more.isEmpty() ? "" : "  " + more + ",\n";
    return "{\n  \"added_tokens\": [],\n" + parts + "  \"model\": " + model + "\n}";
  }

  @Test
  void messages() throws IOException {
    var bpe = "{\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, \"merges\": [\"a b\"]}";
    var split = "\"pre_tokenizer\": {\"type\": \"Split\", \"behavior\": \"Isolated\","
        + " \"pattern\": {\"Regex\": \"%s\"}}";
    Map<String, String> files = new LinkedHashMap<>();
    files.put("empty", "");
    files.put("no JSON", "hello");
    files.put("a list", "[1]");
    files.put("no model", "{\"a\": 1}");
    files.put("deep", "{\"normalizer\": " + "[".repeat(300) + "]}");
    files.put("more", file(bpe, "") + " 1");
    files.put("unknown model", file(bpe.replace("BPE", "BPP"), ""));
    files.put("Unigram", file("{\"type\": \"Unigram\", \"vocab\": [[\"a\", -1.5]]}", ""));
    files.put("no vocabulary", file("{\"type\": \"BPE\", \"merges\": []}", ""));
    files.put("a list of words", file("{\"type\": \"WordLevel\", \"vocab\": [\"a\"]}", ""));
    files.put("number twice", file(bpe.replace("\"b\": 1", "\"b\": 0"), ""));
    files.put("token twice", file(bpe.replace("\"b\": 1", "\"a\": 1"), ""));
    files.put("stray number", file(bpe.replace("\"b\": 1", "\"b\": 99999999999"), ""));
    files.put("negative number", file(bpe.replace("\"b\": 1", "\"b\": -1"), ""));
    files.put("no number", file(bpe.replace("\"b\": 1", "\"b\": \"x\""), ""));
    files.put("merge of an unknown token", file(bpe.replace("a b", "a c"), ""));
    files.put("merge to an unknown token", file(bpe.replace("a b", "b a"), ""));
    files.put("merge of three", file(bpe.replace("a b", "a b c"), ""));
    files.put("unknown token", file(bpe.replace("\"vocab\"", "\"unk_token\": \"<u>\", \"vocab\""), ""));
    files.put("WordPiece without [UNK]", file("{\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}", ""));
    files.put("unknown normalizer", file(bpe, "\"normalizer\": {\"type\": \"NFKX\"}"));
    files.put("Precompiled", file(bpe, "\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"\"}"));
    files.put("unknown pre-tokenizer", file(bpe, "\"pre_tokenizer\": {\"type\": \"ByteLvel\"}"));
    files.put("unknown decoder", file(bpe, "\"decoder\": {\"type\": \"Whitespace\"}"));
    files.put("unknown post-processor", file(bpe, "\"post_processor\": {\"type\": \"Roberta\"}"));
    files.put("template of an unknown token", file(bpe, "\"post_processor\": {\"type\": \"TemplateProcessing\","
        + " \"single\": [{\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}], \"special_tokens\": {}}"));
    files.put("bad behavior", file(bpe, split.formatted("a").replace("Isolated", "Alone")));
    for (var regex : List.of("(a", "a)", "[a", "*", "\\\\p{Nonsense}", "(?<=a*)b", "\\\\1", "a{3,1}",
        "((ab{999}){999}){999}", "(?~a)")) {
      files.put("regex " + regex, file(bpe, split.formatted(regex)));
    }
    var messages = new LinkedHashMap<String, String>();
    files.forEach((name, text) -> assertThatThrownBy(() -> Tokenizer.parse(text, "tokenizer.json")).as(name)
        .isInstanceOfSatisfying(FileException.class, e -> messages.put(name, e.getMessage())));
    assertThatThrownBy(() -> Tokenizer.read(folder)).isInstanceOfSatisfying(FileException.class,
        e -> messages.put("no such file", e.getMessage().replace(folder.toString(), "DIR")));
    Golden.check("dev/ashlar/io/tokenizers/bad.txt", messages);
  }

  @Test
  void damageNeverGivesAnythingButAProblem() throws IOException {
    var random = new Random(6);
    int refused = 0;
    for (var name : List.of("llama3", "llama2", "bert", "clip", "words")) {
      var good = Files.readString(FILES.resolve(name).resolve("tokenizer.json"));
      int start = good.indexOf("\"vocab\"");
      for (int i = 0; i < 400; i++) {
        var bad = new StringBuilder(good);
        for (int k = random.nextInt(3); k >= 0; k--) {
          // Half of the damage where the parts are described.
          int at = random.nextInt(random.nextBoolean() ? start : good.length());
          if (random.nextBoolean()) bad.setCharAt(at, (char) (32 + random.nextInt(95)));
          else bad.deleteCharAt(at);
        }
        try {
          var tokenizer = Tokenizer.parse(bad.toString(), "x");
          tokenizer.decode(tokenizer.encode("To be, or not to be: 12's\n<s><mask> \u00e9"));
        } catch (FileException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isBetween(500, 1999);
  }
}
