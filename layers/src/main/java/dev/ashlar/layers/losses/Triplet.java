package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;

/**
 * The mean over anchors of max(0, d(anchor, positive) - d(anchor, negative) + margin), d the Euclidean distance of
 * embeddings, as {@code torch.nn.TripletMarginLoss} has it (Schroff et al., 2015, with distances in place of their
 * squares). {@link Mining} says where triplets come from.
 */
@Name("triplet")
@Doc("embeddings of one class nearer to one another than to those of others, by a margin")
public record Triplet(
    @Doc("how much nearer") @Default("1") @Range(atLeast = 0) double margin,
    @Doc("where triplets come from") @Default("batch_hard") Mining mining)
    implements Loss {

  private static final String NAME = "triplet";
  /** As in PyTorch: there is a gradient even where both embeddings are the same. */
  private static final double EPSILON = 1e-6;

  /** Where triplets come from. */
  public enum Mining {
    /**
     * Each example of the batch is an anchor, with the farthest other one of its class and the nearest of another class
     * (Hermans et al., 2017, equation 5). Shapes: embeddings [batch, ..], a class for each example: integers [batch].
     * What has no such partners in its batch does not count, so classes must repeat within a batch.
     */
    BATCH_HARD,
    /**
     * Each example is a triplet: outputs called {@code anchor}, {@code positive} and {@code negative}, [batch, ..]; or
     * one output [batch, 3, ..] of these in turn. There need be no target.
     */
    GIVEN
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    return switch (mining) {
      case GIVEN -> given(outputs, batch);
      case BATCH_HARD -> hardest(rows(outputs.first()), batch);
    };
  }

  @Override
  public Link link(TensorType output, TensorType target) {
    return Link.EMBEDDING;
  }

  private Tensor given(Tensors outputs, Batch batch) {
    if (outputs.find("anchor").isPresent() && outputs.find("positive").isPresent()
        && outputs.find("negative").isPresent()) {
      Tensor anchor = rows(outputs.get("anchor"));
      return batch.mean(losses(anchor, rows(outputs.get("positive")), rows(outputs.get("negative"))));
    }
    Tensor y = outputs.first();
    if (y.rank() < 3 || y.dim(1) != 3) {
      throw new ShapeException(NAME, "an output [batch, 3, ..], or outputs 'anchor', 'positive' and 'negative'",
          "output " + y.type() + " among " + outputs.names(), "of examples with classes, 'batch_hard' makes triplets");
    }
    return batch.mean(losses(rows(y.slice(1, 0, 1)), rows(y.slice(1, 1, 2)), rows(y.slice(1, 2, 3))));
  }

  private Tensor hardest(Tensor y, Batch batch) {
    Tensor target = batch.target();
    int examples = y.dim(0);
    if (!target.dtype().isInteger() || target.shape().size() != examples) {
      throw new ShapeException(NAME, "a class for each example", "target " + target.type() + " for output " + y.type(),
          "where each example is a triplet, say 'mining: given'");
    }
    Tensor classes = target.cast(DType.I32).reshape(examples, 1);
    TensorType pairs = TensorType.of(DType.I32, examples, examples);
    Tensor isReal = batch.weight().gt(0).reshape(1, examples).broadcastTo(pairs.shape());
    Tensor isSame = classes.broadcastTo(pairs.shape()).eq(classes.transpose().broadcastTo(pairs.shape()));
    Tensor isOther = Tensor.iota(pairs, 0).ne(Tensor.iota(pairs, 1));
    Tensor isPositive = isSame.and(isOther).and(isReal);
    Tensor isNegative = isSame.not().and(isReal);

    // Which are hardest is no matter of gradients.
    Tensor x = y.detach();
    Tensor squares = x.square().sum(-1);
    Tensor apart = squares.add(squares.transpose()).sub(x.matmul(x.transpose()).mul(2));
    Tensor none = Tensor.full(apart.type(), Double.NEGATIVE_INFINITY);
    Tensor positive = y.gather(isPositive.where(apart, none).argMax(-1).reshape(examples));
    Tensor negative = y.gather(isNegative.where(apart.neg(), none).argMax(-1).reshape(examples));
    Tensor complete = any(isPositive).mul(any(isNegative)).mul(batch.weight().cast(DType.F32)).cast(y.dtype());
    return losses(y, positive, negative).mul(complete).sum().div(complete.sum().maximum(1e-30));
  }

  /** Of each row 1 if anything in it is true, otherwise 0: [rows], f32. */
  private static Tensor any(Tensor matrix) {
    return matrix.cast(DType.F32).max(-1).reshape(matrix.dim(0));
  }

  private Tensor losses(Tensor anchor, Tensor positive, Tensor negative) {
    return distance(anchor, positive).sub(distance(anchor, negative)).add(margin).maximum(0);
  }

  /** [batch, n] and [batch, n] to [batch]. */
  private static Tensor distance(Tensor a, Tensor b) {
    return a.sub(b).add(EPSILON).square().sum(-1).sqrt().reshape(a.dim(0));
  }

  private static Tensor rows(Tensor x) {
    return x.reshape(x.dim(0), -1);
  }
}
