package dev.ashlar.model;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.Arrays;

/**
 * The symbolic columns of a batch, each with the batch as its first axis. The last batch of an epoch
 * is padded: {@link #weight()} is 0 for padding, and every mean over examples must obey it.
 *
 * @param columns values by name: {@value #INPUT}, {@value #TARGET}, {@value #WEIGHT} and others
 */
@Stable
public record Batch(Tensors columns) {

  /** Name of the column that goes into a model with one input. */
  public static final String INPUT = "input";

  /** Name of the column that a loss compares with. */
  public static final String TARGET = "target";

  /** Name of the column of example weights. */
  public static final String WEIGHT = "weight";

  /** An input and a target, every example of them counted once. */
  public static Batch of(Tensor input, Tensor target) {
    Tensor weight = Tensor.full(TensorType.of(DType.F32, input.dim(0)), 1);
    return new Batch(Tensors.of(INPUT, input, TARGET, target, WEIGHT, weight));
  }

  /** What the outputs are compared with. */
  public Tensor target() {
    return columns.get(TARGET);
  }

  /** Weight of each example, [batch]; 0 for padding. */
  public Tensor weight() {
    return columns.get(WEIGHT);
  }

  /** The weighted sum over examples of a tensor [batch, ..], other axes averaged: a scalar. */
  public Tensor sum(Tensor perExample) {
    Tensor rows = perExample;
    if (rows.rank() > 1) {
      rows = rows.reshape(rows.dim(0), -1).mean(1).reshape(rows.dim(0));
    }
    return rows.mul(weight().cast(rows.dtype())).sum();
  }

  /** The weighted mean over examples of a tensor [batch, ..], other axes averaged: a scalar. */
  public Tensor mean(Tensor perExample) {
    Tensor total = weight().cast(perExample.dtype()).sum();
    return sum(perExample).div(total.maximum(Tensor.scalar(total.dtype(), 1e-30)));
  }

  /** The weight of each example stretched to [batch, 1, ..] of a rank. */
  public Tensor weight(int rank) {
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    dims[0] = weight().dim(0);
    return weight().reshape(Shape.of(dims));
  }
}
