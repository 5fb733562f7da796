package dev.ashlar.io.data;

import dev.ashlar.config.FileException;
import dev.ashlar.io.text.TextCodec;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.text.Tokenization;
import dev.ashlar.io.tokenizers.BpeTrainer;
import dev.ashlar.io.tokenizers.Tokenizer;
import dev.ashlar.io.tokenizers.WordPattern;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Documents, how they become numbers, and where these are kept.
 *
 * @param files with the documents
 * @param glance what is in them
 * @param tokenization what makes numbers of them, unless an encoding says so
 * @param length tokens of a window
 * @param crosses whether windows go on from one document to the next
 * @param cache folder that keeps numbers from run to run; without it they are in memory
 */
record TextTokens(TextFiles files, TextGlance glance, Tokenization tokenization, int length, boolean crosses,
    Optional<Path> cache) {

  private static final String END = "<|endoftext|>";

  /** More text than this is not kept in memory, in characters. */
  private static final long LARGEST = 1L << 28;

  static TextTokens of(List<Path> paths, String field, Tokenization tokenization, int length, boolean crosses,
      Optional<Path> cache) throws IOException {
    var files = TextFiles.of(paths, field);
    var glance = TextGlance.of(files);
    if (cache.isEmpty() && glance.characters() > LARGEST) {
      throw FileException.at(name(files), String.format("%,d characters", glance.characters()),
          String.format("at most %,d without a place for their tokens on disk", LARGEST),
          "say where: 'cache: FOLDER'; what is there is used again while the text stays the same");
    }
    return new TextTokens(files, glance, tokenization, length, crosses, cache);
  }

  /** What messages call the text. */
  String name() {
    return name(files);
  }

  private static String name(TextFiles files) {
    var all = files.files();
    return all.getFirst() + (all.size() == 1 ? "" : " and " + (all.size() - 1) + " more");
  }

  /** What numbers stand for text, as a part of it teaches. */
  TextEncoding learnt(TextPart part) throws IOException {
    var encoding = switch (tokenization) {
      case TextEncoding.Tokens tokens -> TextEncoding.of(tokens, glance.letters());
      case Tokenization.FromFile(var path) -> TextEncoding.of(read(path));
      case Tokenization.BytePairs(int vocabulary) -> TextEncoding.of(pairs(part, vocabulary));
    };
    return glance.documents() > 1 ? encoding.withEnd() : encoding;
  }

  /** A mistake in it is told with its name: the place is that of the configuration. */
  private static Tokenizer read(Path path) throws FileException {
    try {
      return Tokenizer.read(path);
    } catch (FileException e) {
      var told = e.problem();
      throw told.place().path().isEmpty()
          ? FileException.at(path.toString(), told.found(), told.expected(), told.help()) : e;
    }
  }

  private Tokenizer pairs(TextPart part, int vocabulary) throws IOException {
    var kept = cache.map(folder -> folder.resolve(key("bpe", part, Integer.toString(vocabulary)) + ".json"));
    if (kept.isPresent() && Files.exists(kept.get())) return Tokenizer.read(kept.get());
    var trainer = new BpeTrainer(new BpeTrainer.Options(vocabulary, WordPattern.GPT2, List.of(END), 0));
    part.read(files, (_, _, _, text) -> trainer.add(text));
    var learnt = trainer.train();
    if (kept.isPresent()) learnt.write(kept.get());
    return learnt;
  }

  /**
   * The numbers of a part's tokens, two bytes each, or four where there are many different ones; between documents, and
   * behind the last, what stands for the end of one.
   */
  MemorySegment tokens(TextPart part, TextEncoding encoding, TextCodec codec) throws IOException {
    TokenWriter.Content content = writer -> write(part, codec, writer);
    if (cache.isEmpty()) return TokenWriter.toMemory(codec.size(), content);
    var file = cache.get().resolve(key("tokens", part, encoding.toString())
        + (TokenWriter.isWide(codec.size()) ? ".u32" : ".u16"));
    if (Files.notExists(file)) TokenWriter.toFile(file, codec.size(), content);
    return TokenWriter.map(file);
  }

  /** A name that no other content has. */
  private String key(String kind, TextPart part, String how) {
    var digest = TextGlance.sha256();
    for (var text : List.of(kind, glance.hash(), part.key(), how)) {
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0xff);
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }

  private void write(TextPart part, TextCodec codec, TokenWriter writer) throws IOException {
    OptionalInt end = glance.documents() > 1 ? codec.end() : OptionalInt.empty();
    int[] last = {-1};
    part.read(files, (document, file, line, text) -> {
      if (end.isPresent() && last[0] >= 0 && document != last[0]) writer.write(end.getAsInt());
      last[0] = document;
      for (int token : codec.encode(text, file.toString(), line)) writer.write(token);
    });
    if (end.isPresent()) writer.write(end.getAsInt());
  }
}
