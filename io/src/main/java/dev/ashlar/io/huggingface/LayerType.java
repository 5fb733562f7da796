package dev.ashlar.io.huggingface;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How far a layer looks back. */
public enum LayerType {
  /** All the way. */
  FULL_ATTENTION,
  /** Over a window. */
  SLIDING_ATTENTION;

  /** Refuses types that are not as many as layers. */
  static void check(Optional<List<LayerType>> types, int layers) {
    if (types.isPresent() && types.get().size() != layers) {
      throw new IllegalArgumentException("as many 'layer_types' as 'num_hidden_layers', which are " + layers + ", not "
          + types.get().size());
    }
  }

  /**
   * The windows of all layers.
   *
   * @param types of each layer, as many, if the configuration lists them
   * @param first the first layer with a window, if it does not
   * @param window how far those look back; all the way if absent
   */
  static List<Optional<Integer>> windows(
      Optional<List<LayerType>> types, int layers, int first, Optional<Integer> window) {
    List<Optional<Integer>> windows = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      boolean slides = types.isPresent() ? types.get().get(i) == SLIDING_ATTENTION : i >= first;
      windows.add(slides ? window : Optional.empty());
    }
    return windows;
  }
}
