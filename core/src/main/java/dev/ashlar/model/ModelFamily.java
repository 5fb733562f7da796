package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Name;
import dev.ashlar.config.Value;
import java.util.List;
import java.util.Map;

/**
 * Models that others publish under one {@code model_type}, which is the family's name. A record whose components are
 * the keys of such a model's {@code config.json} that matter: it is bound from that file, and is written back as such.
 * It says which architecture these make, and where the file of weights has each parameter.
 */
@Stable
@Name("model family")
public interface ModelFamily {

  /** The architecture as a configuration would have it. */
  Value architecture();

  /** Where each parameter lies. Parameters that share their values with others are left out. */
  List<Placement> placements();

  /** The longest sequence. */
  int context();

  /**
   * What settings of the architecture are called in {@code config.json}, by the last name of their path: mistakes that
   * only the architecture shows are told in these words, such as a number of heads that does not divide the width.
   */
  default Map<String, String> keys() {
    return Map.of();
  }

  /**
   * Tensors of a file that are not needed, such as tables that are computed anew: names in which a star stands for
   * any characters.
   */
  default List<String> unused() {
    return List.of();
  }
}
