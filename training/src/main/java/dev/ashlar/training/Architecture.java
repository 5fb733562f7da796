package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.config.Default;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.Tensors;
import java.io.IOException;
import java.util.List;

/**
 * A model as it is saved: what prepares its inputs, then the model proper. So what a model was trained on and what it
 * is asked about are prepared alike.
 *
 * @param transforms of the first input, in order; parts of the scope {@code inputs}
 * @param model the rest; it has the root scope
 */
@Experimental(since = "0.1")
public record Architecture(@Default("[]") List<Transform> transforms, Block model) implements Block {

  /** Copies the list. */
  public Architecture {
    transforms = List.copyOf(transforms);
  }

  /** A model as it stands, or one that takes inputs as they are. */
  static Architecture of(Block block) {
    return block instanceof Architecture whole ? whole : new Architecture(List.of(), block);
  }

  /**
   * This with transforms that have learnt from the training examples, each from what those before it leave.
   *
   * @throws IOException if the examples cannot be read
   */
  public Architecture fitted(Dataset training, Precision precision) throws IOException {
    return transforms.isEmpty() ? this : new Architecture(Fitting.fit(transforms, training, precision), model);
  }

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    Tensors prepared = in;
    if (!transforms.isEmpty()) {
      Scope inputs = scope.child("inputs");
      for (Transform transform : transforms) {
        prepared = inputs.call((Block) transform, prepared);
      }
    }
    return scope.apply(model, prepared);
  }
}
