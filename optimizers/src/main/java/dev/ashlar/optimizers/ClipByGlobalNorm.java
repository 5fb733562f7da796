package dev.ashlar.optimizers;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.GradientTransform;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;

/**
 * All gradients scaled by one number so that together they are no longer than {@code norm}: Pascanu et al.,
 * 2013, algorithm 1, in the form of {@code torch.nn.utils.clip_grad_norm_}.
 */
@Name("clip_by_global_norm")
@Alias("clip_grad_norm")
@Doc("all gradients scaled so that together they are no longer than norm")
public record ClipByGlobalNorm(@Doc("the greatest length") @Range(above = 0) double norm)
    implements GradientTransform {

  @Override
  public Tensors transform(Tensors gradients, Tensors parameters, Scope scope) {
    Tensor length = gradients.values().stream()
        .map(g -> g.square().sum())
        .reduce((a, b) -> a.add(b.cast(a.dtype())))
        .orElseGet(() -> Tensor.scalar(DType.F32, 0))
        .sqrt();
    Tensor scale = length.add(1e-6).reciprocal().mul(norm).minimum(1);
    return gradients.map((path, g) -> g.mul(scale.cast(g.dtype())));
  }
}
