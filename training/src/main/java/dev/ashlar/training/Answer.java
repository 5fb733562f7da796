package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a model says of one example: a class, with a probability of each, or numbers in the units of what was learnt.
 * Immutable.
 */
@Experimental(since = "0.1")
public final class Answer {

  private final Answers meaning;
  private final float[] scores;
  private final float[] told;

  Answer(Answers meaning, float[] scores) {
    this.scores = scores;
    this.told = meaning.told(scores);
    this.meaning = meaning.of(told.length);
  }

  /**
   * The most likely class; of a sequence, that of its only position.
   *
   * @throws IllegalStateException if the model tells no classes, or one for each of several positions
   */
  public String label() {
    return meaning.classes().get(best(only()));
  }

  /** The most likely class at each position of a sequence. */
  public List<String> labels() {
    checkClasses();
    return IntStream.range(0, meaning.positions()).mapToObj(i -> meaning.classes().get(best(i))).toList();
  }

  /**
   * How likely the most likely class is, from 0 to 1; its score where the loss does not make probabilities of scores.
   *
   * @throws IllegalStateException as {@link #label}
   */
  public double probability() {
    int position = only();
    return told[position * meaning.width() + best(position)];
  }

  /**
   * How likely each class is, in the order of the signature; together 1.
   *
   * @throws IllegalStateException as {@link #label}
   */
  public SequencedMap<String, Double> probabilities() {
    return named(meaning.classes(), only() * meaning.width());
  }

  /**
   * The number that was asked for, in its unit.
   *
   * @throws IllegalStateException if the model tells classes, or more than one number
   */
  public double number() {
    if (!meaning.classes().isEmpty()) {
      throw new IllegalStateException(
          "the answer is one of the classes " + Asking.some(meaning.classes()) + ": ask for label()");
    }
    if (told.length != 1) {
      throw new IllegalStateException("the answer is " + told.length + " numbers: ask for numbers()");
    }
    return told[0];
  }

  /** All numbers, in the units of what was learnt: of classes the probabilities. */
  public float[] numbers() {
    return told.clone();
  }

  /**
   * The numbers by the names that they have, such as the columns that were learnt.
   *
   * @throws IllegalStateException if they have no names
   */
  public SequencedMap<String, Double> named() {
    if (meaning.targets().size() != told.length) {
      throw new IllegalStateException("the " + told.length + " numbers of the answer have no names: ask for numbers()");
    }
    return named(meaning.targets(), 0);
  }

  /** What the model gives as it is, row-major: of classes scores, before they become probabilities. */
  public float[] scores() {
    return scores.clone();
  }

  private void checkClasses() {
    if (meaning.classes().isEmpty()) {
      throw new IllegalStateException("the answer is a number, or several, and no class: ask for number() or numbers()");
    }
  }

  private int only() {
    checkClasses();
    if (meaning.positions() != 1) {
      throw new IllegalStateException(
          "the answer is a class at each of " + meaning.positions() + " positions: ask for labels()");
    }
    return 0;
  }

  private int best(int position) {
    return Answers.greatest(told, position * meaning.width(), meaning.width());
  }

  private SequencedMap<String, Double> named(List<String> names, int from) {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      values.put(names.get(i), (double) told[from + i]);
    }
    return values;
  }

  /** {@code virginica (0.97)}, or the numbers. */
  @Override
  public String toString() {
    if (!meaning.classes().isEmpty()) {
      return meaning.positions() == 1 ? label() + " (" + (float) probability() + ")" : String.join(" ", labels());
    }
    return meaning.targets().size() == told.length
        ? named(meaning.targets(), 0).entrySet().stream().map(e -> e.getKey() + " " + e.getValue().floatValue())
            .collect(Collectors.joining(", "))
        : IntStream.range(0, told.length).mapToObj(i -> Float.toString(told[i])).collect(Collectors.joining(", "));
  }
}
