package dev.ashlar.training;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How often each target comes up, and the loss of a model that looks at nothing and always answers with that: the share
 * of each class, or the mean. A model that learns is better.
 */
final class BaseRates {

  /** Counted are that many targets, from the first batches. */
  private static final int MOST = 1 << 20;
  private static final int MOST_CLASSES = 1 << 18;
  /** A batch with each class once, and as many scores for each, is made of no more classes. */
  private static final int FEW_CLASSES = 256;
  /** Targets that are numbers are kept, so many examples. */
  private static final int MOST_EXAMPLES = 512;

  private final Task task;
  private final @Nullable TensorType type;
  private int[] counts = new int[2];
  private long seen;
  private boolean isUnfit;
  private final List<double[]> rows = new ArrayList<>();

  /**
   * For targets of a type.
   *
   * @param target of a batch; null if there is none
   */
  BaseRates(Task task, @Nullable TensorType target) {
    this.task = task;
    this.type = target;
  }

  /** Whether more targets are of use. */
  boolean isHungry() {
    return type != null && !isUnfit && (type.dtype().isInteger() ? seen < MOST : rows.size() < MOST_EXAMPLES);
  }

  /** Adds the targets of the first examples of a batch. */
  void add(NDArray targets, int examples) {
    int size = Math.toIntExact(targets.size() / targets.shape().dim(0));
    if (targets.dtype().isInteger()) {
      for (long i = 0; i < (long) examples * size; i++) {
        count(targets.getLong(i));
      }
      return;
    }
    for (int i = 0; i < examples && rows.size() < MOST_EXAMPLES; i++) {
      double[] row = new double[size];
      for (int j = 0; j < size; j++) {
        row[j] = targets.get((long) i * size + j);
      }
      rows.add(row);
    }
  }

  private void count(long label) {
    if (label < 0) {
      return; // stands for nothing
    }
    if (label >= MOST_CLASSES) {
      isUnfit = true;
      return;
    }
    if (label >= counts.length) {
      counts = Arrays.copyOf(counts, (int) Math.max(label + 1, counts.length * 2L));
    }
    counts[(int) label]++;
    seen++;
  }

  /**
   * The loss of such a model; empty where nobody can tell.
   *
   * @param output of a batch, the main one
   */
  OptionalDouble loss(TensorType output) {
    if (type == null || isUnfit || seen == 0 && rows.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      Link link = task.loss().link(output, type);
      double loss = type.dtype().isInteger() ? ofClasses(link, output) : ofNumbers(link, output);
      return Double.isFinite(loss) && loss > 0 ? OptionalDouble.of(loss) : OptionalDouble.empty();
    } catch (RuntimeException e) {
      return OptionalDouble.empty(); // a loss that looks at more than targets
    }
  }

  private double share(int label) {
    return label < counts.length ? (double) counts[label] / seen : 0;
  }

  private double ofClasses(Link link, TensorType output) {
    int scores = output.shape().dim(-1);
    if (link == Link.SOFTMAX && output.shape().rank() == type.shape().rank() + 1) {
      return scores <= FEW_CLASSES ? ofFewClasses(scores) : ofManyClasses(scores);
    }
    if (link == Link.SIGMOID && type.shape().rank() == 1 && output.shape().size() == type.shape().size()) {
      double odds = Math.log(Math.max(share(1), 1e-30) / Math.max(share(0), 1e-30));
      return loss(filled(output, 2, (row, column) -> odds), filled(type, 2, (row, column) -> row),
          new double[] {share(0), share(1)});
    }
    return Double.NaN;
  }

  /** Each class once, with its share as the weight of the example. */
  private double ofFewClasses(int classes) {
    double[] weights = IntStream.range(0, classes).mapToDouble(this::share).toArray();
    return loss(filled(scores(classes), classes, (row, column) -> Math.log(Math.max(share(column), 1e-30))),
        filled(type.withShape(ones(type)), classes, (row, column) -> row), weights);
  }

  /** The entropy of the shares, if the loss is the logarithm of a probability: two examples show it. */
  private double ofManyClasses(int classes) {
    for (double score : new double[] {0, 3}) {
      double found = loss(filled(scores(classes), 1, (row, column) -> column == 0 ? score : 0),
          filled(type.withShape(ones(type)), 1, (row, column) -> 0), new double[] {1});
      if (!(Math.abs(found - Math.log(Math.exp(score) + classes - 1) + score) < 1e-3)) {
        return Double.NaN;
      }
    }
    return IntStream.range(0, counts.length).filter(label -> counts[label] > 0)
        .mapToDouble(label -> -share(label) * Math.log(share(label))).sum();
  }

  /** Scores of one example, whatever its axes: one of each but for the classes. */
  private TensorType scores(int classes) {
    return TensorType.of(DType.F32, append(ones(type), classes));
  }

  private static Shape ones(TensorType type) {
    int[] dims = new int[type.shape().rank()];
    Arrays.fill(dims, 1);
    return Shape.of(dims);
  }

  private static int[] append(Shape shape, int last) {
    int[] dims = Arrays.copyOf(shape.dims(), shape.rank() + 1);
    dims[shape.rank()] = last;
    return dims;
  }

  /** The mean of each number, or its median where that has the smaller loss. */
  private double ofNumbers(Link link, TensorType output) {
    if (link == Link.EMBEDDING || output.shape().size() != type.shape().size()) {
      return Double.NaN;
    }
    double[] weights = new double[rows.size()];
    Arrays.fill(weights, 1);
    NDArray targets = filled(type, rows.size(), (row, column) -> rows.get(row)[column]);
    double least = Double.NaN;
    for (boolean isMean : new boolean[] {true, false}) {
      double[] answers = IntStream.range(0, rows.getFirst().length).mapToDouble(column -> {
        double[] values = rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
        return score(link, isMean ? Arrays.stream(values).sum() / values.length : values[values.length / 2]);
      }).toArray();
      double loss = loss(filled(output, rows.size(), (row, column) -> answers[column]), targets, weights);
      least = loss < least || Double.isNaN(least) ? loss : least;
    }
    return least;
  }

  private static double score(Link link, double answer) {
    return switch (link) {
      case SIGMOID -> Math.log(Math.max(answer, 1e-30) / Math.max(1 - answer, 1e-30));
      case EXP -> Math.log(Math.max(answer, 1e-30));
      default -> answer;
    };
  }

  private interface Values {
    double at(int row, int column);
  }

  /** Rows of the type's examples; columns count all their elements. */
  private static NDArray filled(TensorType type, int rows, Values values) {
    int size = Math.toIntExact(type.shape().size() / type.shape().dim(0));
    int[] dims = type.shape().dims().clone();
    dims[0] = rows;
    NDArray array = NDArray.zeros(type.withShape(Shape.of(dims)));
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < size; column++) {
        array.set((long) row * size + column, values.at(row, column));
      }
    }
    return array;
  }

  private double loss(NDArray outputs, NDArray targets, double[] weights) {
    NDArray weight = NDArray.of(Shape.of(weights.length), weights).cast(DType.F32);
    Batch batch = new Batch(Tensors.of(Batch.TARGET, Tensor.constant(targets), Batch.WEIGHT, Tensor.constant(weight)));
    return Reference.evaluate(task.loss().of(Tensors.of(Programs.OUTPUT, Tensor.constant(outputs)), batch)).item();
  }
}
