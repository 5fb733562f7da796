package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which keys the queries of attention see. Query {@code i} is at position {@code position + i}, key {@code j} at
 * {@code j}.
 *
 * @param causal whether a query sees no key behind its own position
 * @param window a query sees keys less than so many positions away; all if absent
 * @param position of the first query, an i32 scalar, at least 0
 * @param keys which keys are there, a truth value each: of the rank of the queries, [B.., 1, S], where each B is that
 *     of the queries or 1; all if absent. A query that sees no key gets a mean of
 *     values, which is finite and means nothing
 */
@Stable
public record AttentionMask(boolean causal, OptionalInt window, Tensor position, Optional<Tensor> keys) {

  /** Refuses an empty window. */
  public AttentionMask {
    if (window.isPresent() && window.getAsInt() < 1) {
      throw new IllegalArgumentException("window: found " + window.getAsInt() + ", expected at least 1");
    }
  }

  /** A query sees its own position and those before it. */
  public static AttentionMask causal(Tensor position) {
    return new AttentionMask(true, OptionalInt.empty(), position, Optional.empty());
  }

  /** All queries see all keys. */
  public static AttentionMask all() {
    return new AttentionMask(false, OptionalInt.empty(), Tensor.zeros(TensorType.of(DType.I32)), Optional.empty());
  }

  /** The same, of fewer positions. */
  public AttentionMask withWindow(OptionalInt positions) {
    return new AttentionMask(causal, positions, position, keys);
  }

  /** The same, where some keys are not there. */
  public AttentionMask withKeys(Optional<Tensor> present) {
    return new AttentionMask(causal, window, position, present);
  }
}
