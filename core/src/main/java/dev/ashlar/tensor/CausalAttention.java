package dev.ashlar.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Causal attention, queries block by block: a block looks at the keys that it sees and at no others, so that half of
 * the scores are not even computed, and only a block's scores are needed at a time. The gradient of long sequences
 * computes them again in place of keeping them (Dao et al., FlashAttention, 2022).
 */
final class CausalAttention {

  /** Queries of a block. */
  private static final int BLOCK = 128;
  /** Fewer blocks than this save less than they cost. */
  private static final int FEWEST = 4;
  /** From so many queries on, scores are not kept for the gradient: they would take more memory than all else. */
  private static final int LONG = 1024;

  /** Queries {@code from} to below {@code to}, which see keys below {@code keys}. */
  private record Block(int from, int to, int keys) {}

  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final Tensor position;
  private final List<Block> blocks = new ArrayList<>();

  /** Of [B.., T, D], [B.., S, D], [B.., S, E] and the position of the first query. */
  private CausalAttention(List<Tensor> in, Map<String, Object> attributes) {
    q = in.get(0);
    k = in.get(1);
    v = in.get(2);
    position = in.get(3);
    int queries = q.dim(-2);
    int keys = k.dim(-2);
    int size = queries < FEWEST * BLOCK ? queries : BLOCK;
    int from = 0;
    do { // one block at least, of no queries too
      int to = Math.min(queries, from + size);
      boolean isKnown = size < queries && attributes.containsKey(Functions.FIRST);
      blocks.add(new Block(from, to, isKnown ? Math.min(keys, (int) attributes.get(Functions.FIRST) + to) : keys));
      from = to;
    } while (from < queries);
  }

  /** The result: [B.., T, E]. */
  static Tensor of(List<Tensor> in, Map<String, Object> attributes) {
    CausalAttention attention = new CausalAttention(in, attributes);
    List<Tensor> parts = attention.blocks.stream().map(block -> {
      Tensor queries = attention.queries(block, attention.q);
      Tensor weights = weights(queries, keys(block, attention.k), attention.position(block));
      return weights.matmul(keys(block, attention.v));
    }).toList();
    return joined(parts);
  }

  /** Gradients of q, k and v; the last operand is that of the result. */
  static List<Tensor> gradients(List<Tensor> in, Map<String, Object> attributes) {
    return new CausalAttention(in, attributes).gradients(in.get(4));
  }

  private List<Tensor> gradients(Tensor g) {
    List<Tensor> ofQueries = new ArrayList<>();
    List<Tensor> ofKeys = new ArrayList<>();
    List<Tensor> ofValues = new ArrayList<>();
    for (Block block : blocks) {
      Tensor queries = queries(block, q);
      Tensor keys = keys(block, k);
      Tensor gradient = queries(block, g);
      if (q.dim(-2) >= LONG) {
        List<Tensor> awaited = new ArrayList<>(List.of(gradient));
        if (!ofKeys.isEmpty()) { // one block after the other: their scores take turns in one place
          awaited.addAll(List.of(ofKeys.getLast(), ofValues.getLast()));
        }
        List<Tensor> again = Functions.barrier(List.of(queries, keys), awaited);
        queries = again.get(0);
        keys = again.get(1);
      }
      Tensor p = weights(queries, keys, position(block));
      Tensor gp = gradient.matmul(keys(block, v).transpose());
      Tensor gs = p.mul(gp.sub(gp.mul(p).sum(-1))).mul(1 / Math.sqrt(q.dim(-1)));
      ofQueries.add(gs.matmul(keys));
      ofKeys.add(gs.transpose().matmul(queries));
      ofValues.add(p.transpose().matmul(gradient));
    }
    return List.of(joined(ofQueries), summed(ofKeys, k), summed(ofValues, v));
  }

  /** softmax(q k^T / sqrt(D)) over the keys that each query sees: [B.., queries, keys]. */
  private static Tensor weights(Tensor q, Tensor k, Tensor position) {
    Tensor scores = q.matmul(k.transpose()).mul(1 / Math.sqrt(q.dim(-1)));
    TensorType square = new TensorType(DType.I32, scores.shape().slice(scores.rank() - 2, scores.rank()));
    Tensor sees = Tensor.iota(square, 1).le(Tensor.iota(square, 0).add(position));
    return Functions.softmax(sees.where(scores, Tensor.scalar(scores.dtype(), Double.NEGATIVE_INFINITY)), -1);
  }

  private Tensor queries(Block block, Tensor x) {
    return blocks.size() == 1 ? x : x.slice(-2, block.from, block.to);
  }

  private static Tensor keys(Block block, Tensor x) {
    return block.keys == x.dim(-2) ? x : x.slice(-2, 0, block.keys);
  }

  private Tensor position(Block block) {
    return block.from == 0 ? position : position.add(block.from);
  }

  private static Tensor joined(List<Tensor> parts) {
    return parts.size() == 1 ? parts.getFirst() : Tensor.concat(parts, -2);
  }

  /** The sum of what blocks give to the keys that they see: of each stretch of keys, over the blocks that see it. */
  private Tensor summed(List<Tensor> parts, Tensor keys) {
    List<Tensor> stretches = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < parts.size(); i++) {
      int end = blocks.get(i).keys;
      if (end > start) {
        int from = start;
        stretches.add(parts.stream().skip(i)
            .map(part -> from == 0 && end == part.dim(-2) ? part : part.slice(-2, from, end))
            .reduce(Tensor::add).orElseThrow());
        start = end;
      }
    }
    if (start < keys.dim(-2)) {
      stretches.add(Tensor.zeros(keys.type().withShape(keys.shape().with(-2, keys.dim(-2) - start))));
    }
    return stretches.isEmpty() ? Tensor.zeros(keys.type()) : joined(stretches);
  }
}
