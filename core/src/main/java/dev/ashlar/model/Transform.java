package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.data.Dataset;
import java.io.IOException;

/**
 * A layer that prepares inputs (scaling, encoding): named in the data section of a configuration,
 * saved with the model as its first layers and so applied at prediction too.
 */
@Stable
@FunctionalInterface
public interface Transform extends Layer {

  /**
   * This transform with what it takes from the examples it will prepare, such as their mean; itself if it takes
   * nothing. Called once, before training, with the training examples alone; the result is what is saved.
   */
  default Transform fit(Dataset training) throws IOException {
    return this;
  }
}
