package dev.ashlar.layers.initializers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Initializer;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;

/**
 * Orthonormal rows or columns, whichever are fewer, of all such matrices equally likely; filters [out, in, K..] are
 * taken as a matrix [out, in K..]. Saxe et al., 2014.
 *
 * <p>The Q of a QR decomposition of normally distributed numbers is a product of reflections whose vectors are
 * independent and normally distributed (Stewart, The efficient generation of random orthogonal matrices, 1980). The
 * product of reflections along the columns of U, of length 1, is I - U T U', where T is the inverse of I / 2 plus what
 * is above the diagonal of U'U (Puglisi, Modification of the Householder method based on the compact WY
 * representation, 1992). So it takes a few matrix products, and no loop over columns.
 */
@Name("orthogonal")
@Doc("orthonormal rows or columns, whichever are fewer")
public record Orthogonal(@Doc("length of those rows or columns") @Default("1") double gain) implements Initializer {

  /** The 256th power of what lies above the diagonal is nothing, whatever the size: powers shrink like 4^k / k!. */
  private static final int MOST_STEPS = 8;

  @Override
  public Tensor initialize(TensorType type, Fans fans, Key key) {
    Shape shape = type.shape();
    if (shape.rank() < 2) {
      throw new ShapeException("orthogonal", "a matrix or filters", type.toString());
    }
    if (shape.size() == 0) {
      return Tensor.zeros(type);
    }
    int rows = shape.dim(0);
    int columns = (int) (shape.size() / rows);
    DType dtype = type.dtype() == DType.F64 ? DType.F64 : DType.F32;
    Tensor normal = key.normal(TensorType.of(dtype, Math.max(rows, columns), Math.min(rows, columns)));
    Tensor q = orthonormal(normal);
    return (rows < columns ? q.transpose() : q).mul(gain).reshape(shape).cast(type.dtype());
  }

  /** The Q, [m, n], of normally distributed numbers [m, n], m at least n. */
  private static Tensor orthonormal(Tensor x) {
    int n = x.dim(1);
    TensorType places = x.type().withDType(DType.I32);
    Tensor row = Tensor.iota(places, 0);
    Tensor column = Tensor.iota(places, 1);
    Tensor zero = Tensor.zeros(x.type());
    Tensor diagonal = row.eq(column);
    Tensor below = row.ge(column).where(x, zero);
    Tensor length = below.square().sum(0).sqrt();
    Tensor one = Tensor.full(length.type(), 1);
    Tensor sign = diagonal.where(x, zero).sum(0).lt(0).where(one.neg(), one);
    // A column of one number is 0 once in millions; any direction will do then.
    Tensor moved = sign.mul(length.eq(0).where(one, length)).broadcastTo(x.shape());
    Tensor v = below.add(diagonal.where(moved, zero));
    Tensor u = v.div(v.square().sum(0).sqrt());
    Tensor solved = solved(u, u.slice(0, 0, n).transpose());
    Tensor q = diagonal.cast(x.dtype()).sub(u.matmul(solved).mul(2)).mul(sign.neg());
    return nearer(nearer(q));
  }

  /** (I + 2 N)^-1 y, where N is what lies above the diagonal of U'U: the inverse is the product of I + (-2 N)^(2^k). */
  private static Tensor solved(Tensor u, Tensor y) {
    int n = u.dim(1);
    TensorType places = TensorType.of(DType.I32, n, n);
    Tensor products = u.transpose().matmul(u).mul(-2);
    Tensor power = Tensor.iota(places, 0).lt(Tensor.iota(places, 1)).where(products, Tensor.zeros(products.type()));
    Tensor sum = y;
    int steps = Math.min(MOST_STEPS, Integer.SIZE - Integer.numberOfLeadingZeros(n - 1));
    for (int i = 0; i < steps; i++) {
      sum = sum.add(power.matmul(sum));
      power = power.matmul(power);
    }
    return sum;
  }

  /** Orthonormal to twice as many digits: a step of Newton and Schulz. */
  private static Tensor nearer(Tensor q) {
    return q.mul(1.5).sub(q.matmul(q.transpose().matmul(q)).mul(0.5));
  }
}
