package dev.ashlar.runtime;

import dev.ashlar.model.Link;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.training.Answers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** The examples with the greatest loss, and what a model tells of them. */
final class Worst {

  private static final int MOST = 12;
  /** Classes that are told of an example. */
  private static final int LIKELIEST = 3;
  /** Positions of a sequence that are told one by one. */
  static final int LONGEST = 256;
  /** Numbers of an example that are told one by one. */
  private static final int WIDEST = 8;

  private final Answers answers;
  private final PriorityQueue<Case> cases = new PriorityQueue<>(Comparator.comparingDouble(Case::loss)
      .thenComparing(Comparator.comparingLong(Case::position).reversed()));

  /** @param told what is said of it */
  private record Case(long position, double loss, Map<String, Object> told) {}

  Worst(Answers answers) {
    this.answers = answers;
  }

  /**
   * Keeps an example if it is among the worst.
   *
   * @param told what the model tells of the batch, if that is not too much
   * @param row of the example in the batch
   */
  void offer(long position, double loss, Optional<float[]> told, Optional<NDArray> target, int row) {
    // What is no number is the worst.
    double rank = Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    if (cases.size() == MOST && rank <= cases.peek().loss) {
      return;
    }
    cases.add(new Case(position, rank, told.map(t -> said(t, target, row)).orElseGet(Map::of)));
    if (cases.size() > MOST) {
      cases.remove();
    }
  }

  private Map<String, Object> said(float[] told, Optional<NDArray> target, int row) {
    Map<String, Object> said = new LinkedHashMap<>();
    boolean isClass = !answers.classes().isEmpty() && answers.positions() == 1;
    boolean isSequence = answers.link() == Link.SOFTMAX && (answers.classes().isEmpty() || answers.positions() > 1);
    int each = isSequence && answers.classes().isEmpty() ? told.length : answers.positions() * answers.width();
    if (isClass) {
      said.put("likeliest", likeliest(told, row * answers.width()));
      target.filter(t -> t.size() == t.shape().dim(0)).map(t -> (int) t.get(row))
          .filter(right -> right >= 0 && right < answers.classes().size())
          .ifPresent(right -> {
            said.put("right", answers.classes().get(right));
            said.put("right_probability", Findings.number(told[row * answers.width() + right]));
          });
    } else if (isSequence) {
      target.ifPresent(right -> said.putAll(positions(told, right, row)));
    } else if (each <= WIDEST) {
      said.put("told", list(told, row * each, each));
      target.filter(t -> t.size() == (long) t.shape().dim(0) * each)
          .ifPresent(t -> said.put("right_numbers", list(t.toFloats(), row * each, each)));
    }
    return said;
  }

  private List<Object> likeliest(float[] told, int from) {
    return IntStream.range(0, answers.width()).boxed()
        .sorted(Comparator.comparingDouble(i -> -told[from + i])).limit(LIKELIEST)
        .<Object>map(i -> List.of(answers.classes().get(i), Findings.number(told[from + i]))).toList();
  }

  private static List<Object> list(float[] values, int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> Findings.number(values[i])).toList();
  }

  /** Of each position of a sequence the right symbol, its probability, and the likeliest one. */
  private Map<String, Object> positions(float[] told, NDArray target, int row) {
    int batch = target.shape().dim(0);
    int length = Math.toIntExact(target.size() / batch);
    int symbols = answers.classes().isEmpty() ? answers.scores() : answers.width();
    if (length == 0 || (row + 1L) * length * symbols > told.length) {
      return Map.of();
    }
    List<Object> right = new ArrayList<>();
    List<Object> probability = new ArrayList<>();
    List<Object> likeliest = new ArrayList<>();
    for (int i = row * length; i < row * length + Math.min(length, LONGEST); i++) {
      int symbol = (int) target.get(i);
      boolean isOne = symbol >= 0 && symbol < symbols;
      right.add(isOne ? symbol : -1); // others are left out by the loss
      probability.add(isOne ? Findings.number(told[i * symbols + symbol]) : 0);
      likeliest.add(Answers.greatest(told, i * symbols, symbols));
    }
    return Map.of("sequence", Map.of("right", right, "probability", probability, "likeliest", likeliest));
  }

  /** From the worst on. */
  List<Object> json(Shown shown) throws IOException {
    List<Case> all = new ArrayList<>(cases);
    all.sort(Comparator.comparingDouble((Case one) -> -one.loss).thenComparingLong(Case::position));
    List<Object> json = new ArrayList<>();
    List<Map<String, Object>> inputs = shown.of(all.stream().mapToLong(Case::position).toArray());
    for (int i = 0; i < all.size(); i++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("position", all.get(i).position);
      one.put("loss", Findings.number(all.get(i).loss));
      one.putAll(shown.named(all.get(i).told));
      one.put("input", inputs.get(i));
      json.add(one);
    }
    return json;
  }
}
