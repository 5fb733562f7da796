package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.Ranges;
import dev.ashlar.model.Block;
import dev.ashlar.model.Callback;
import dev.ashlar.model.GradientTransform;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Metric;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What is to be learned.
 *
 * @param model from the columns of a batch to outputs
 * @param loss what is made small
 * @param optimizer how the parameters improve
 * @param gradients what happens to gradients before the optimizer sees them, in order
 * @param metrics what else is measured, by name
 * @param precision element types
 * @param callbacks follow the run, and may end it
 */
@Stable
public record Task(
    Block model,
    Loss loss,
    Optimizer optimizer,
    List<GradientTransform> gradients,
    SequencedMap<String, Metric> metrics,
    Precision precision,
    List<Callback> callbacks) {

  /** Copies the collections. */
  public Task {
    gradients = List.copyOf(gradients);
    callbacks = List.copyOf(callbacks);
    metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
    if (metrics.containsKey(Programs.LOSS)) {
      throw new IllegalArgumentException("a metric may not be called '" + Programs.LOSS + "'");
    }
  }

  /** Without callbacks. */
  public Task(Block model, Loss loss, Optimizer optimizer, List<GradientTransform> gradients,
      SequencedMap<String, Metric> metrics, Precision precision) {
    this(model, loss, optimizer, gradients, metrics, precision, List.of());
  }

  /**
   * Without metrics, in single precision.
   *
   * @throws IllegalArgumentException if a number of one of these is out of its range
   */
  public static Task of(Block model, Loss loss, Optimizer optimizer) {
    Ranges.check(model);
    Ranges.check(loss);
    Ranges.check(optimizer);
    return new Task(model, loss, optimizer, List.of(), new LinkedHashMap<>(), Precision.F32);
  }

  /** With these metrics, each under the name that it has in configurations: {@code accuracy}. */
  public Task withMetrics(Metric... measured) {
    SequencedMap<String, Metric> named = new LinkedHashMap<>();
    for (Metric metric : measured) {
      String name = nameOf(metric);
      if (named.putIfAbsent(name, metric) != null) {
        throw new IllegalArgumentException("two metrics are called '" + name + "'; give withMetrics(Map) names");
      }
    }
    return withMetrics(named);
  }

  /** With these metrics, by name. */
  public Task withMetrics(SequencedMap<String, Metric> measured) {
    measured.values().forEach(Ranges::check);
    return new Task(model, loss, optimizer, gradients, measured, precision, callbacks);
  }

  /** With gradients changed by these, in order, before the optimizer uses them. */
  public Task withGradients(GradientTransform... transforms) {
    List.of(transforms).forEach(Ranges::check);
    return new Task(model, loss, optimizer, List.of(transforms), metrics, precision, callbacks);
  }

  /** For another model. */
  public Task withModel(Block other) {
    return new Task(other, loss, optimizer, gradients, metrics, precision, callbacks);
  }

  /** In other element types. */
  public Task withPrecision(Precision other) {
    return new Task(model, loss, optimizer, gradients, metrics, other, callbacks);
  }

  /** Followed by these. */
  public Task withCallbacks(Callback... followers) {
    List.of(followers).forEach(Ranges::check);
    return new Task(model, loss, optimizer, gradients, metrics, precision, List.of(followers));
  }

  /** What a metric is called in configurations. */
  public static String nameOf(Metric metric) {
    return Implementation.of("", metric.getClass()).stream()
        .filter(i -> i.constant() == null || i.constant() == metric)
        .findFirst()
        .map(Implementation::name)
        .orElse("metric");
  }
}
