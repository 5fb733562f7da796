package dev.ashlar.io.transforms;

import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Scope;
import dev.ashlar.model.Transform;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/**
 * In training, each image is moved at random: zeros are put around it, and a part of the old size is cut out (He et
 * al., 2016, section 4.2). Otherwise it stays. Shapes: x [batch, channels, height, width] -> the same.
 */
@Name("random_crop")
@Doc("in training, moves images at random by up to so many pixels")
public record RandomCrop(@Doc("zeros put on every side before a part is cut out") @Range(atLeast = 0) int padding)
    implements Transform {

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    Chances.check(x, "random_crop");
    if (!scope.training() || padding == 0) return x;
    Tensor padded = x.pad(new int[] {0, 0, padding, padding}, new int[] {0, 0, padding, padding}, 0);
    // A product with rows that have a single 1 picks lines: exact, and an offset of its own for each image.
    Tensor rows = picks(x, scope, 2, "down").reshape(x.dim(0), 1, x.dim(2), padded.dim(2));
    Tensor columns = picks(x, scope, 3, "right").permute(0, 2, 1).reshape(x.dim(0), 1, padded.dim(3), x.dim(3));
    return rows.matmul(padded).matmul(columns);
  }

  /** [batch, size, size + 2 padding]: 1 where an old line becomes a new one. */
  private Tensor picks(Tensor x, Scope scope, int axis, String purpose) {
    int size = x.dim(axis);
    var type = TensorType.of(DType.I32, x.dim(0), size, size + 2 * padding);
    Tensor offset = Chances.uniform(x, scope, purpose).mul(2 * padding + 1).floor().cast(DType.I32)
        .reshape(x.dim(0), 1, 1).broadcastTo(type.shape());
    return Tensor.iota(type, 2).sub(Tensor.iota(type, 1)).eq(offset).cast(x.dtype());
  }
}
