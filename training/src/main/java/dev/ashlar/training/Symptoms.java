package dev.ashlar.training;

import dev.ashlar.config.Value;
import dev.ashlar.model.Batch;
import dev.ashlar.program.Program;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at how a run goes and warns, each once, of what commonly goes wrong. It looks at numbers that are there anyway,
 * and changes nothing. What it has seen is kept in checkpoints, but for the answers that are right most often.
 */
final class Symptoms {

  /** Evaluations and updates before which nothing is said of what a run comes to. */
  private static final int SOON = 3;
  private static final int EARLY_STEPS = 100;
  /** Examples that a unit must be 0 for. */
  private static final int MANY_EXAMPLES = 100;
  /** Examples of a class that is never predicted. */
  private static final int SOME_EXAMPLES = 5;
  private static final int FIRST_STEPS = 10;

  private static final String SEEN = "symptoms";

  private static final double EXPLODED = 1e3;
  private static final double HUGE = 1e6;
  private static final double VANISHED = 1e-7;

  private final Settings settings;
  private final Course course;
  private final Warnings warnings;
  private final Weights weights;
  private final Probe probe;
  private final boolean hasGradients;
  private final boolean hasTargets;
  private final BaseRates rates;
  private @Nullable OptionalDouble guessing;

  private double first;
  private int firstSteps;
  private long countedUntil;
  /** Whether a batch was trained on since the run began or went on. */
  private boolean hasTrained;
  /** Of this period. */
  private long batches;
  /** Of this period: the largest gradient, and the largest of that matrix whose is least. */
  private double largest;
  private double least;
  private double usualLargest = Double.POSITIVE_INFINITY;
  private double lastLoss = Double.NaN;
  private double lastJudged = Double.NaN;

  private double bestValidation = Double.POSITIVE_INFINITY;
  private double trainAtBest;
  private int bestEpoch;

  /** What is asked of the model once there is a suspicion. */
  interface Probe {
    /** The type of the main output. */
    TensorType output();

    /** The largest magnitude in the gradient of each matrix, for the last batch. */
    Map<String, Double> gradients(Workspace last);
  }

  /**
   * Of a run.
   *
   * @param program what is run for each batch
   * @param weights of the model
   */
  Symptoms(Task task, Settings settings, Course course, Program program, Weights weights, Probe probe,
      Warnings warnings) {
    this.settings = settings;
    this.course = course;
    this.warnings = warnings;
    this.weights = weights;
    this.probe = probe;
    this.hasGradients = program.results().containsKey(Programs.GRADIENT);
    TensorType target = program.arguments().get(Batch.TARGET);
    this.hasTargets = target != null;
    this.rates = new BaseRates(task, target);
    this.countedUntil = course.end(1);
  }

  /** Adds what a checkpoint needs: a resumed run warns of what an uninterrupted one would. */
  void remember(Map<String, Object> state) {
    Map<String, Object> seen = new LinkedHashMap<>();
    numbers().forEach((name, number) -> seen.put(name, Double.toString(number))); // JSON has no infinity
    state.put(SEEN, seen);
  }

  private Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("first", first);
    numbers.put("first_steps", (double) firstSteps);
    numbers.put("batches", (double) batches);
    numbers.put("largest", largest);
    numbers.put("least", least);
    numbers.put("usual_largest", usualLargest);
    numbers.put("last_loss", lastLoss);
    numbers.put("last_judged", lastJudged);
    numbers.put("best_validation", bestValidation);
    numbers.put("train_at_best", trainAtBest);
    numbers.put("best_epoch", (double) bestEpoch);
    return numbers;
  }

  /** Goes on from a checkpoint. */
  void restore(Value.Mapping state) {
    Map<String, Double> seen = numbers();
    if (state.get(SEEN) instanceof Value.Mapping kept) {
      seen.replaceAll((name, before) -> RunState.number(kept.get(name), before));
    }
    first = seen.get("first");
    firstSteps = seen.get("first_steps").intValue();
    batches = seen.get("batches").longValue();
    largest = seen.get("largest");
    least = seen.get("least");
    usualLargest = seen.get("usual_largest");
    lastLoss = seen.get("last_loss");
    lastJudged = seen.get("last_judged");
    bestValidation = seen.get("best_validation");
    trainAtBest = seen.get("train_at_best");
    bestEpoch = seen.get("best_epoch").intValue();
  }

  /** A batch of so many examples went well. Allocates nothing after the first period. */
  void batch(Workspace workspace, int count, long stepsBefore) {
    hasTrained = true;
    batches++;
    if (hasGradients) {
      largest = Math.max(largest, workspace.result(Programs.GRADIENT).get(0));
      least = Math.max(least, workspace.result(Programs.LEAST_GRADIENT).get(0));
    }
    if (hasTargets && stepsBefore < countedUntil && rates.isHungry()) {
      rates.add(workspace.argument(Batch.TARGET), count);
    }
  }

  /** An update was made. Allocates nothing. */
  void step(long step, double loss) {
    if (step <= FIRST_STEPS) {
      first += loss;
      firstSteps++;
    }
  }

  /**
   * An epoch is measured.
   *
   * @param judged what measured the part that judges; null if none is set apart
   * @param last what ran the last batch
   */
  void epoch(EpochReport report, @Nullable Evaluation judged, Workspace last) {
    if (batches == 0) {
      return; // measured again, where a run goes on
    }
    batches = 0;
    SequencedMap<String, SequencedMap<String, Double>> metrics = report.metrics();
    double train = metrics.get(Examples.TRAIN).get(Programs.LOSS);
    boolean moved = !hasTrained || weights.haveMoved();
    if (!moved) {
      warnings.warn(report.step(), "weights_unchanged", "no weight has changed in " + report.step()
          + " steps: the learning rate is 0, or so small that nothing is left of it in the sum. Raise it;"
          + " 'train CONFIG --find-rate' looks for one that suits");
    } else {
      double judgedLoss = judged == null ? train : metrics.lastEntry().getValue().get(Programs.LOSS);
      learning(report, Math.min(train, judgedLoss));
    }
    gradients(report, train, last);
    if (metrics.containsKey(Examples.VALIDATION)) {
      overfitting(report, train, metrics.get(Examples.VALIDATION).get(Programs.LOSS));
    }
    if (judged != null) {
      observed(report.step(), judged, report.epoch() > course.periods() / 2);
    }
    lastLoss = train;
  }

  private boolean isSoon(EpochReport report) {
    return report.step() < EARLY_STEPS || report.epoch() < Math.min(SOON, course.periods());
  }

  private void learning(EpochReport report, double loss) {
    boolean falls = loss < 0.95 * lastJudged;
    lastJudged = loss;
    if (isSoon(report) || falls || warnings.isGiven("not_learning")) {
      return;
    }
    if (guessing == null) {
      guessing = rates.loss(probe.output());
    }
    if (guessing.isPresent() && loss >= 0.99 * guessing.getAsDouble()) {
      notLearning(report, "the loss of " + text(loss) + " after " + report.step()
          + " steps is no better than that of always giving the same answer, " + text(guessing.getAsDouble()));
    } else if (guessing.isEmpty() && firstSteps == FIRST_STEPS && first > 0 && loss >= 0.98 * first / firstSteps) {
      notLearning(report, "the loss does not fall: it was " + text(first / firstSteps) + " in the first steps and is "
          + text(loss) + " after " + report.step());
    }
  }

  private void notLearning(EpochReport report, String seen) {
    warnings.warn(report.step(), "not_learning", seen + ". Try another learning rate ('train CONFIG --find-rate' looks"
        + " for one), scale inputs to about 1, and see that inputs and targets belong together");
  }

  private void gradients(EpochReport report, double train, Workspace last) {
    if (!hasGradients) {
      return;
    }
    boolean exploded = largest > EXPLODED * usualLargest && train > lastLoss;
    if (exploded || largest > HUGE) {
      warnings.warn(report.step(), "exploding_gradients", "gradients grow large, to " + text(largest)
          + (exploded ? " from " + text(usualLargest) : "") + ". Lower the learning rate, clip them ('gradients:"
          + " [{clip_by_global_norm: 1}]')" + (exploded ? "" : ", or bring inputs and targets to about 1"));
    }
    if (hasTrained && report.step() >= EARLY_STEPS && largest > 0 && least < VANISHED * largest
        && !warnings.isGiven("vanishing_gradients")) {
      vanished(report, last);
    }
    usualLargest = Math.min(usualLargest, largest);
    largest = 0;
    least = 0;
  }

  private void vanished(EpochReport report, Workspace last) {
    Map.Entry<String, Double> small = probe.gradients(last).entrySet().stream()
        .min(Map.Entry.comparingByValue()).orElseThrow();
    boolean none = least == 0;
    warnings.warn(report.step(), "vanishing_gradients", "'" + small.getKey() + "' " + (none
        ? "gets no gradient at all: the loss does not depend on it, or all units behind it are dead"
        : "gets next to no gradient: at most " + text(least) + ", with " + text(largest) + " elsewhere")
        + ". Look at the layers between it and the loss; relu or gelu in place of sigmoid and tanh, normalization or"
        + " residual connections help");
  }

  private void overfitting(EpochReport report, double train, double validation) {
    if (validation < bestValidation) {
      bestValidation = validation;
      trainAtBest = train;
      bestEpoch = report.epoch();
      return;
    }
    boolean forLong = report.epoch() - bestEpoch >= Math.max(SOON, course.periods() / 10);
    if (forLong && validation > bestValidation + 0.1 * Math.abs(bestValidation) && train < trainAtBest) {
      warnings.warn(report.step(), "overfitting", "validation loss has risen from " + text(bestValidation)
          + (course.byEpoch() ? " in epoch " + bestEpoch : " at step " + course.end(bestEpoch)) + " to "
          + text(validation) + " while that of training falls: the model learns its examples by heart. More examples,"
          + " dropout, weight_decay or a smaller model help; 'callbacks: [early_stopping]' would end it"
          + (settings.keep() == Settings.Keep.BEST ? "; the best model is kept" : ""));
    }
  }

  /**
   * A model was measured.
   *
   * @param isLate whether it should know all classes by now
   */
  void observed(long step, Evaluation evaluation, boolean isLate) {
    Observations seen = evaluation.observations();
    if (seen.examples() >= MANY_EXAMPLES) {
      seen.dead().stream().filter(layer -> 2 * layer.dead() >= layer.units()).findFirst().ifPresent(layer ->
          warnings.warn(step, "dead_units", layer.dead() + " of " + layer.units() + " rectified units of layer '"
              + layer.path() + "' are 0 for all of " + seen.examples() + " examples, and learn no more. Lower the"
              + " learning rate, or take leaky_relu or gelu"));
    }
    if (isLate && step >= EARLY_STEPS) {
      int some = (int) Math.max(SOME_EXAMPLES, seen.examples() / MANY_EXAMPLES);
      unpredicted(step, seen, seen.unpredicted(some), evaluation.data().classes());
    }
  }

  private void unpredicted(long step, Observations seen, List<Integer> missing, List<String> classes) {
    if (!missing.isEmpty()) {
      int one = missing.getFirst();
      warnings.warn(step, "class_never_predicted", "class '" + classes.get(one) + "'"
          + (missing.size() > 1 ? " and " + (missing.size() - 1) + " more are" : " is") + " never predicted, though "
          + seen.of(one) + " of " + seen.examples() + " examples are of it. Metrics such as f1 and confusion_matrix show"
          + " it; more examples of it, or weights for classes in the loss, help");
    }
  }

  /**
   * What is set apart gave a loss that is not finite.
   *
   * @param found why, by name of the part
   */
  void notFinite(long step, Map<String, String> found) {
    found.forEach((part, why) -> warnings.warn(step, "not_finite_" + part, "the loss of the " + part
        + " data is not finite: " + why + (part.equals(Examples.VALIDATION)
            ? ". As long as it is so, no epoch can be told to be the best, and the latest is kept" : "")));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
