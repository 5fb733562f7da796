package dev.ashlar.io.data;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A task for a small language model: {@code BOS a b c SEP}, to be gone on with {@code a b c EOS}, or {@code c
 * b a EOS}. Input: i32[2 length + 2], the sequence but its last token. Target: i32[2 length + 2], the token
 * that follows each; where it belongs to the question it is {@code ignore}. Classes are the tokens: symbols,
 * then BOS, SEP, EOS.
 *
 * @param ignore target of tokens that do not count; the loss must know it: {@code cross_entropy:
 *     {ignore_index: -100}}
 */
@Name("sequences")
@Doc("sequences of random symbols to be copied or reversed, token by token")
public record Sequences(
    @Doc("copy or reverse") @Default("reverse") Task task,
    @Doc("symbols in a sequence") @Default("8") @Range(atLeast = 1) int length,
    @Doc("different symbols") @Default("10") @Range(atLeast = 1) int symbols,
    @Doc("number of sequences") @Default("1000") @Range(atLeast = 1) int rows,
    @Doc("target of tokens that do not count in the loss") @Default("-100") int ignore,
    @Doc("another seed, other sequences") @Default("0") long seed)
    implements DataSource {

  /** What is to be done with a sequence. */
  public enum Task {
    /** The same again. */
    COPY,
    /** From the last symbol to the first. */
    REVERSE
  }

  /** Refuses an {@code ignore} that is a token, and more tokens than an array holds. */
  public Sequences {
    if (ignore >= 0) throw new IllegalArgumentException("an 'ignore' below 0: others are tokens");
    ArraySize.check("'rows' times (2 'length' + 2)", rows, 2L * length + 2);
  }

  @Override
  public Dataset open() {
    int bos = symbols;
    int sep = symbols + 1;
    int eos = symbols + 2;
    int given = 2 * length + 2;
    var inputs = new int[rows * given];
    var targets = new int[inputs.length];
    var tokens = new int[given + 1];
    for (int row = 0; row < rows; row++) {
      var random = new RandomStream(seed, "sequence", row);
      tokens[0] = bos;
      tokens[length + 1] = sep;
      tokens[given] = eos;
      for (int i = 0; i < length; i++) {
        tokens[1 + i] = (int) random.below(symbols);
        tokens[length + 2 + (task == Task.COPY ? i : length - 1 - i)] = tokens[1 + i];
      }
      for (int i = 0; i < given; i++) {
        inputs[row * given + i] = tokens[i];
        targets[row * given + i] = i <= length ? ignore : tokens[i + 1];
      }
    }
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, NDArray.of(Shape.of(rows, given), inputs));
    columns.put(Batch.TARGET, NDArray.of(Shape.of(rows, given), targets));
    return Datasets.of(columns, vocabulary(), List.of());
  }

  private List<String> vocabulary() {
    var names = new ArrayList<String>();
    for (int i = 0; i < symbols; i++) names.add(Integer.toString(i));
    names.addAll(List.of("BOS", "SEP", "EOS"));
    return names;
  }
}
