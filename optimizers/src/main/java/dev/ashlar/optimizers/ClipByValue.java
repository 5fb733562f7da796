package dev.ashlar.optimizers;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.GradientTransform;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensors;

/** Every element of the gradients no farther from 0 than {@code value}: {@code torch.nn.utils.clip_grad_value_}. */
@Name("clip_by_value")
@Alias("clip_grad_value")
@Doc("every element of the gradients no farther from 0 than value")
public record ClipByValue(@Doc("the greatest size") @Range(above = 0) double value) implements GradientTransform {

  @Override
  public Tensors transform(Tensors gradients, Tensors parameters, Scope scope) {
    return gradients.map((path, g) -> g.maximum(-value).minimum(value));
  }
}
