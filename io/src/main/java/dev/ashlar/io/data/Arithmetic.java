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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sums for a small language model: {@code 4 7 + 1 5 =} is to be gone on with {@code 2 6 0}, the answer from its last
 * digit to its first, as it is worked out on paper; all numbers have as many digits as the longest. No problem comes
 * twice, so those that are set apart are never learnt from. Input: i32[length], all tokens but the last. Target:
 * i32[length], the token that follows each; where it belongs to the question it is {@code ignore}. Classes are the
 * tokens: ten digits, the sign, the sign of equality. The idea is that of the adder in Karpathy's minGPT.
 *
 * @param operation what is to be worked out
 * @param digits of both numbers
 * @param rows number of problems; all there are, if these are fewer
 * @param reversed whether the answer stands from its last digit to its first
 * @param ignore target of tokens that do not count; the loss must know it: {@code cross_entropy: -100}
 * @param seed another one, other problems, or the same in another order
 */
@Name("arithmetic")
@Doc("sums to be worked out digit by digit, no two alike")
public record Arithmetic(
    @Doc("add, subtract (what is not negative) or multiply") @Default("add") Operation operation,
    @Doc("digits of both numbers") @Default("2") @Range(atLeast = 1, atMost = 8) int digits,
    @Doc("number of problems; all there are, if these are fewer") @Default("10000") @Range(atLeast = 1) int rows,
    @Doc("whether the answer stands from its last digit to its first") @Default("true") boolean reversed,
    @Doc("target of tokens that do not count in the loss") @Default("-100") int ignore,
    @Doc("another seed, other problems") @Default("0") long seed)
    implements DataSource {

  private static final int BASE = 10;
  private static final int SIGN = BASE;
  private static final int EQUALS = BASE + 1;

  /** What is to be worked out. */
  public enum Operation {
    /** The sum. */
    ADD,
    /** The first number, which is the larger, less the second. */
    SUBTRACT,
    /** The product. */
    MULTIPLY
  }

  /** Refuses an {@code ignore} that is a token, and more tokens than an array holds. */
  public Arithmetic {
    if (ignore >= 0) throw new IllegalArgumentException("an 'ignore' below 0: others are tokens");
    ArraySize.check("'rows' times the tokens of a problem", rows, 4L * digits + 2);
  }

  @Override
  public Dataset open() {
    var problems = problems();
    int length = 2 * digits + 2 + answerDigits() - 1;
    var inputs = new int[problems.size() * length];
    var targets = new int[inputs.length];
    var tokens = new int[length + 1];
    int row = 0;
    for (long problem : problems) {
      write(problem / limit(), problem % limit(), tokens);
      for (int i = 0; i < length; i++) {
        inputs[row * length + i] = tokens[i];
        targets[row * length + i] = i <= 2 * digits ? ignore : tokens[i + 1];
      }
      row++;
    }
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put(Batch.INPUT, NDArray.of(Shape.of(row, length), inputs));
    columns.put(Batch.TARGET, NDArray.of(Shape.of(row, length), targets));
    return Datasets.of(columns, vocabulary(), List.of());
  }

  /** Both numbers of each problem as the digits of one. */
  private Set<Long> problems() {
    long all = limit() * limit();
    // Of few problems all are asked for in any order; of many, drawing one twice is rare.
    if (all <= 1 << 20) {
      var order = new long[(int) all];
      new RandomStream(seed, "arithmetic").permutation(order);
      Set<Long> chosen = new LinkedHashSet<>();
      for (int i = 0; i < order.length && chosen.size() < rows; i++) {
        if (isAsked(order[i])) chosen.add(order[i]);
      }
      return chosen;
    }
    Set<Long> chosen = new LinkedHashSet<>();
    var random = new RandomStream(seed, "arithmetic");
    long most = operation == Operation.SUBTRACT ? all / 2 : all;
    while (chosen.size() < Math.min(rows, most)) {
      long problem = random.below(all);
      if (isAsked(problem)) chosen.add(problem);
    }
    return chosen;
  }

  private boolean isAsked(long problem) {
    return operation != Operation.SUBTRACT || problem / limit() >= problem % limit();
  }

  private long limit() {
    return power(digits);
  }

  private static long power(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) power *= BASE;
    return power;
  }

  private int answerDigits() {
    return switch (operation) {
      case ADD -> digits + 1;
      case SUBTRACT -> digits;
      case MULTIPLY -> 2 * digits;
    };
  }

  private void write(long a, long b, int[] tokens) {
    int count = answerDigits();
    long answer = switch (operation) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
    };
    for (int i = 0; i < digits; i++) {
      long place = power(digits - 1 - i);
      tokens[i] = (int) (a / place % BASE);
      tokens[digits + 1 + i] = (int) (b / place % BASE);
    }
    tokens[digits] = SIGN;
    tokens[2 * digits + 1] = EQUALS;
    for (int i = 0; i < count; i++) {
      tokens[2 * digits + 2 + i] = (int) (answer / power(reversed ? i : count - 1 - i) % BASE);
    }
  }

  private List<String> vocabulary() {
    String sign = switch (operation) {
      case ADD -> "+";
      case SUBTRACT -> "-";
      case MULTIPLY -> "*";
    };
    return Stream.concat(IntStream.range(0, BASE).mapToObj(Integer::toString), Stream.of(sign, "=")).toList();
  }
}
