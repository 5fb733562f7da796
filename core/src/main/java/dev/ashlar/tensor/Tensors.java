package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;

/**
 * Ordered, named tensors: what goes into and comes out of a block, the parameters of a model by
 * path, their gradients. Immutable.
 */
@Stable
public final class Tensors {

  private static final Tensors EMPTY = new Tensors(new LinkedHashMap<>());

  private final LinkedHashMap<String, Tensor> values;

  private Tensors(LinkedHashMap<String, Tensor> values) {
    this.values = values;
  }

  /** Nothing. */
  public static Tensors empty() {
    return EMPTY;
  }

  /** One tensor, under the name {@code value}. */
  public static Tensors of(Tensor value) {
    return EMPTY.with("value", value);
  }

  /** One named tensor. */
  public static Tensors of(String name, Tensor value) {
    return EMPTY.with(name, value);
  }

  /** Two named tensors. */
  public static Tensors of(String name, Tensor value, String name2, Tensor value2) {
    return of(name, value).with(name2, value2);
  }

  /** Three named tensors. */
  public static Tensors of(
      String name, Tensor value, String name2, Tensor value2, String name3, Tensor value3) {
    return of(name, value, name2, value2).with(name3, value3);
  }

  /** A copy of a map, in its order. */
  public static Tensors of(Map<String, Tensor> values) {
    return EMPTY.with(values);
  }

  /** These and one more; a value of that name is replaced in its place. */
  public Tensors with(String name, Tensor value) {
    var copy = new LinkedHashMap<>(values);
    copy.put(name, Objects.requireNonNull(value, () -> "null in place of tensor '" + name + "'"));
    return new Tensors(copy);
  }

  private Tensors with(Map<String, Tensor> others) {
    var copy = new LinkedHashMap<>(values);
    others.forEach((name, value) ->
        copy.put(name, Objects.requireNonNull(value, () -> "null in place of tensor '" + name + "'")));
    return new Tensors(copy);
  }

  /** These and others; values of equal names are replaced. */
  public Tensors with(Tensors others) {
    var copy = new LinkedHashMap<>(values);
    copy.putAll(others.values);
    return new Tensors(copy);
  }

  /**
   * The tensor of a name.
   *
   * @throws IllegalArgumentException if there is none: the message lists the names
   */
  public Tensor get(String name) {
    Tensor value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no tensor '" + name + "' among " + values.keySet());
    }
    return value;
  }

  /** The tensor of a name, if there is one. */
  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * The only tensor.
   *
   * @throws IllegalArgumentException if there is not exactly one
   */
  public Tensor only() {
    if (values.size() != 1) {
      throw new IllegalArgumentException("expected one tensor, found " + values.keySet());
    }
    return first();
  }

  /** The first tensor: by convention a model's main input or output. */
  public Tensor first() {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("expected a tensor, found none");
    }
    return values.firstEntry().getValue();
  }

  /** The names, in order. */
  public Set<String> names() {
    return java.util.Collections.unmodifiableSet(values.keySet());
  }

  /** The tensors, in order. */
  public List<Tensor> values() {
    return new ArrayList<>(values.values());
  }

  /** Names and tensors, in order. */
  public Map<String, Tensor> asMap() {
    return java.util.Collections.unmodifiableMap(values);
  }

  /** How many. */
  public int size() {
    return values.size();
  }

  /** Each tensor replaced, names and order kept. */
  public Tensors map(BiFunction<String, Tensor, Tensor> function) {
    var result = new LinkedHashMap<String, Tensor>();
    values.forEach((name, value) -> result.put(name, function.apply(name, value)));
    return new Tensors(result);
  }

  /** Those that satisfy a condition. */
  public Tensors filter(BiPredicate<String, Tensor> condition) {
    var result = new LinkedHashMap<String, Tensor>();
    values.forEach((name, value) -> {
      if (condition.test(name, value)) {
        result.put(name, value);
      }
    });
    return new Tensors(result);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
