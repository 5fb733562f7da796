package dev.ashlar.io.data;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.text.TextSource;
import dev.ashlar.io.text.Tokenization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Text for a language model, in windows of tokens. Input: i32[length], the numbers of tokens that follow each other.
 * Target: i32[length], the token that follows each. Classes are the tokens. Tokens at the end that fill no window are
 * left out.
 *
 * <p>A file is a document; of JSON Lines (by their name) each line is one. Between documents stands a token for the end
 * of a text: the tokenizer's own, or a number behind all bytes or characters. Parts that are set apart are whole
 * documents, or the end of the text where there is one document only or nothing is drawn by chance ({@code shuffle:
 * false}); their windows never overlap.
 *
 * @param path UTF-8 text, perhaps gzipped; or a folder, for all its .txt, .md and .jsonl; or a pattern with stars
 * @param others more of these
 * @param tokenizer what makes tokens of text
 * @param length tokens in a window
 * @param stride tokens from the beginning of a window to that of the next; as many as it has by default. With 1 and
 *     shuffled examples, windows begin anywhere
 * @param crossing whether windows go on from one document to the next; if not, what they have behind a document's end
 *     are targets of -100, which the loss must know: {@code cross_entropy: -100}
 * @param field of lines of JSON that holds the text
 * @param cache a folder that keeps the numbers of tokens, mapped into memory as they are needed, from run to run; for
 *     text of any size. Without it they are in memory
 */
@Name("text")
@Doc("text in windows of tokens, to learn which token follows")
public record Text(
    @Doc("the file, in UTF-8, perhaps gzipped; or a folder, or a pattern such as docs/*.md") Path path,
    @Doc("more files, folders or patterns") @Default("[]") List<Path> others,
    @Alias("tokens") @Doc("what makes tokens of text: bytes, characters, {file: tokenizer.json} or {bpe: 1000}")
        @Default("bytes") Tokenization tokenizer,
    @Doc("tokens in an example") @Default("64") @Range(atLeast = 1) int length,
    @Doc("tokens from the beginning of an example to that of the next; by default as many as it has; 1: anywhere")
        @Range(atLeast = 1) Optional<Integer> stride,
    @Doc("whether examples go on from one document to the next; if not, targets behind an end are -100")
        @Default("true") boolean crossing,
    @Doc("of JSON Lines, what holds the text") @Default("text") String field,
    @Doc("a folder that keeps the tokens from run to run, for text of any size; without it they are in memory")
        Optional<Path> cache)
    implements TextSource {

  /** The target of tokens that do not count. */
  static final int IGNORED = -100;

  /** Copies the list. */
  public Text {
    others = List.copyOf(others);
  }

  /** A file in windows that follow each other. */
  public static Text of(Path path, Tokenization tokenizer, int length) {
    return new Text(path, List.of(), tokenizer, length, Optional.empty(), true, "text", Optional.empty());
  }

  /** The same with windows that begin so many tokens one behind the other. */
  public Text withStride(int tokens) {
    return new Text(path, others, tokenizer, length, Optional.of(tokens), crossing, field, cache);
  }

  /** The same with tokens that are kept in a folder. */
  public Text withCache(Path folder) {
    return new Text(path, others, tokenizer, length, stride, crossing, field, Optional.of(folder));
  }

  @Override
  public Dataset open() throws IOException {
    return text(null).checked();
  }

  @Override
  public Dataset open(TextEncoding encoding, List<String> classes) throws IOException {
    return text(encoding).checked();
  }

  private TextDataset text(@Nullable TextEncoding encoding) throws IOException {
    var paths = new ArrayList<>(List.of(path));
    paths.addAll(others);
    return new TextDataset(TextTokens.of(paths, field, tokenizer, length, crossing, cache), TextPart.ALL,
        stride.orElse(length), encoding);
  }

  @Override
  public List<Path> files() throws IOException {
    var read = new ArrayList<Path>(List.of(path));
    read.addAll(others);
    var files = new ArrayList<Path>(TextFiles.of(read, field).files());
    if (tokenizer instanceof Tokenization.FromFile file) files.add(file.path());
    return List.copyOf(files);
  }
}
