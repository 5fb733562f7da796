package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.io.model.Signature;
import dev.ashlar.model.Link;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/**
 * What is told of an output: of classes the most likely, and the probability of each; of numbers these. Classes, names
 * and probabilities are those of the main output; of others, numbers are told as the model gives them.
 *
 * @param name of the output
 * @param classes that its last axis counts; none where it counts something else
 * @param targets names of the numbers; none where they have none
 * @param positions how often there are scores of classes, or numbers
 * @param scores for each position as the model gives them
 * @param link how they become probabilities
 */
@Experimental(since = "0.1")
public record Answers(String name, List<String> classes, List<String> targets, int positions, int scores, Link link) {

  /** Copies the lists. */
  public Answers {
    classes = List.copyOf(classes);
    targets = List.copyOf(targets);
  }

  /** Of all outputs, the main one first. */
  public static List<Answers> all(Signature signature) {
    return Stream.concat(Stream.of(of(signature)), signature.outputTypes().entrySet().stream().skip(1)
        .map(output -> new Answers(output.getKey(), List.of(), List.of(),
            Math.toIntExact(output.getValue().shape().size()), 1, Link.IDENTITY))).toList();
  }

  /** Of the main output. */
  public static Answers of(Signature signature) {
    Map.Entry<String, TensorType> output = signature.outputTypes().firstEntry();
    Shape shape = output.getValue().shape();
    int size = Math.toIntExact(shape.size());
    int known = signature.classes().size();
    int last = shape.rank() > 0 ? shape.dim(-1) : 1;
    boolean yesOrNo = known == 2 && last == 1 && signature.link() == Link.SIGMOID;
    boolean isOfClasses = known > 0 && shape.rank() > 0 && (last == known || yesOrNo)
        && signature.link() != Link.EMBEDDING;
    // Without names, softmax still has its axis.
    int scores = isOfClasses || signature.link() == Link.SOFTMAX ? last : 1;
    List<String> targets = signature.targets().size() == size ? signature.targets() : List.of();
    return new Answers(output.getKey(), isOfClasses ? signature.classes() : List.of(), targets,
        isOfClasses ? size / last : size, scores, signature.link());
  }

  /** The same where so many numbers are told of an example: a sequence may be shorter than the signature speaks of. */
  public Answers of(int numbers) {
    return numbers == positions * width() ? this
        : new Answers(name, classes, targets, numbers / width(), scores, link);
  }

  /** Numbers that are told of each position. */
  public int width() {
    return Math.max(1, classes.size());
  }

  /** What is told of a batch, from what the model gave: [examples, positions, width]. */
  public float[] told(float[] outputs) {
    float[] linked = switch (link) {
      case IDENTITY, EMBEDDING -> outputs;
      case SIGMOID -> each(outputs, value -> 1 / (1 + StrictMath.exp(-value)));
      case EXP -> each(outputs, StrictMath::exp);
      case SOFTMAX -> softmax(outputs, scores);
    };
    if (classes.size() != 2 || scores != 1) {
      return linked;
    }
    float[] both = new float[2 * linked.length];
    for (int i = 0; i < linked.length; i++) {
      both[2 * i] = 1 - linked[i];
      both[2 * i + 1] = linked[i];
    }
    return both;
  }

  private static float[] each(float[] values, DoubleUnaryOperator function) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) function.applyAsDouble(values[i]);
    }
    return result;
  }

  private static float[] softmax(float[] values, int width) {
    float[] result = new float[values.length];
    for (int from = 0; from < values.length; from += width) {
      double most = values[from];
      for (int i = 1; i < width; i++) {
        most = Math.max(most, values[from + i]);
      }
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += StrictMath.exp(values[from + i] - most);
      }
      for (int i = 0; i < width; i++) {
        result[from + i] = (float) (StrictMath.exp(values[from + i] - most) / sum);
      }
    }
    return result;
  }

  /** Which of so many numbers is the greatest; the first of equals. */
  public static int greatest(float[] told, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = told[from + i] > told[from + best] ? i : best;
    }
    return best;
  }
}
