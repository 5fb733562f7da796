package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.text.TextSource;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One text for a language model, in pieces. Input: i32[length], the numbers of tokens that follow each other. Target:
 * i32[length], the token that follows each. Classes are the tokens. Tokens at the end that fill no piece are left out.
 * The file is read into memory.
 *
 * @param path UTF-8 text, perhaps gzipped
 * @param tokens what is numbered
 * @param length tokens in a piece
 * @param stride tokens from the beginning of a piece to that of the next; as many as it has by default
 */
@Name("text")
@Doc("one text in pieces, to learn which token follows")
public record Text(
    @Doc("the file, in UTF-8; may be gzipped") Path path,
    @Doc("what is numbered: bytes or characters") @Default("bytes") TextEncoding.Tokens tokens,
    @Doc("tokens in an example") @Default("64") @Range(atLeast = 1) int length,
    @Doc("tokens from the beginning of an example to that of the next; by default as many as it has")
        @Range(atLeast = 1) Optional<Integer> stride)
    implements TextSource {

  @Override
  public Dataset open() throws IOException {
    var text = Streams.text(path);
    return open(text, TextEncoding.of(tokens, text));
  }

  @Override
  public Dataset open(TextEncoding encoding, List<String> classes) throws IOException {
    return open(Streams.text(path), encoding);
  }

  private Dataset open(String text, TextEncoding encoding) throws IOException {
    var numbers = encoding.encode(text, path.toString(), 1);
    if (numbers.length <= length) {
      throw FileException.at(path.toString(), numbers.length + " tokens", "more than 'length', " + length,
          "give a longer text, or a smaller 'length'");
    }
    int step = stride.orElse(length);
    int pieces = (numbers.length - 1 - length) / step + 1;
    if ((long) pieces * length > Integer.MAX_VALUE - 8) {
      throw FileException.at(path.toString(), (long) pieces * length + " tokens in " + pieces + " pieces",
          "at most " + (Integer.MAX_VALUE - 8), "take a larger 'stride', or a part of the text");
    }
    var inputs = new int[pieces * length];
    var targets = new int[inputs.length];
    for (int i = 0; i < pieces; i++) {
      System.arraycopy(numbers, i * step, inputs, i * length, length);
      System.arraycopy(numbers, i * step + 1, targets, i * length, length);
    }
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, NDArray.of(Shape.of(pieces, length), inputs));
    columns.put(Batch.TARGET, NDArray.of(Shape.of(pieces, length), targets));
    return Datasets.ofText(columns, encoding.names(), encoding);
  }
}
