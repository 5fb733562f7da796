package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A family of models with settings, and what its publisher's files say of such a model: what {@link
 * ModelFamilyContract} checks. The claims are to be taken from the publisher, not from the family: a config.json and
 * the tensors of a small model that the publisher's own code has written, or what its source says.
 *
 * @param family with small sizes that differ from each other, and two blocks or more
 * @param config what config.json says of this model, all settings of the family among it; {@code null} where one is
 *     absent
 * @param tensors names and shapes of all tensors that a file of this model may have, also of those that are not needed
 * @param squares parameters that are square matrices whatever the sizes, so that nothing shows whether their axes are
 *     the right way round: names in which a star stands for any characters; all others must not be square
 */
@Stable
public record ModelFamilyExample(
    ModelFamily family, String config, SequencedMap<String, Shape> tensors, List<String> squares) {

  /** Copies the collections. */
  public ModelFamilyExample {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    squares = List.copyOf(squares);
  }

  /**
   * A family with settings, so far without tensors.
   *
   * @param config as {@link #config}: JSON, or the same with fewer quotes
   */
  public static ModelFamilyExample of(ModelFamily family, String config) {
    return new ModelFamilyExample(family, config, new LinkedHashMap<>(), List.of());
  }

  /** This with one more tensor of the file. */
  public ModelFamilyExample tensor(String name, int... shape) {
    return tensors(Map.of(name, Shape.of(shape)));
  }

  /** This with more tensors of the file. */
  public ModelFamilyExample tensors(Map<String, Shape> more) {
    SequencedMap<String, Shape> all = new LinkedHashMap<>(tensors);
    all.putAll(more);
    return new ModelFamilyExample(family, config, all, squares);
  }

  /** This with parameters that are square whatever the sizes. */
  public ModelFamilyExample squares(String... patterns) {
    List<String> all = new ArrayList<>(squares);
    all.addAll(List.of(patterns));
    return new ModelFamilyExample(family, config, tensors, all);
  }
}
