package dev.ashlar.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Scaled dot-product attention, queries block by block: a block looks at the keys that it may see and at no others, so
 * that half of the scores of causal attention are not even computed, and only a block's scores are needed at a time.
 * The gradient of long sequences computes them again in place of keeping them (Dao et al., FlashAttention, 2022).
 */
final class Attention {

  /** Whether queries see no later keys. */
  static final String CAUSAL = "causal";
  /** So many positions away is too far; absent if none is. */
  static final String WINDOW = "window";
  /** Position of the first query; absent where it is not known. */
  static final String FIRST = "first";
  /** Whether the operand behind the position says which keys are there. */
  static final String MASKED = "masked";

  /** Queries of a block. */
  private static final int BLOCK = 128;
  /** Fewer blocks than this save less than they cost. */
  private static final int FEWEST = 4;
  /** From so many queries on, scores are not kept for the gradient: they would take more memory than all else. */
  private static final int LONG = 1024;

  /** Queries {@code from} to below {@code to}, which see keys {@code first} to below {@code last}. */
  private record Block(int from, int to, int first, int last) {}

  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final Tensor position;
  private final Optional<Tensor> present;
  private final boolean causal;
  private final int window;
  private final List<Block> blocks = new ArrayList<>();

  /** Of [B.., T, D], [B.., S, D], [B.., S, E], the position of the first query and, if masked, [B.., 1, S]. */
  private Attention(List<Tensor> in, Map<String, Object> attributes) {
    q = in.get(0);
    k = in.get(1);
    v = in.get(2);
    position = in.get(3);
    present = (boolean) attributes.get(MASKED) ? Optional.of(in.get(4)) : Optional.empty();
    causal = (boolean) attributes.get(CAUSAL);
    window = (int) attributes.getOrDefault(WINDOW, Integer.MAX_VALUE);
    int queries = q.dim(-2);
    int size = queries < FEWEST * BLOCK ? queries : BLOCK;
    int from = 0;
    do { // one block at least, of no queries too
      int to = Math.min(queries, from + size);
      blocks.add(block(from, to, size < queries ? (int) attributes.getOrDefault(FIRST, -1) : -1));
      from = to;
    } while (from < queries);
  }

  private Block block(int from, int to, int position) {
    int keys = k.dim(-2);
    if (position < 0) {
      return new Block(from, to, 0, keys);
    }
    // A key at least, so that a query which sees none has values to take the mean of.
    int first = Math.clamp(position + from - (window - 1L), 0, Math.max(0, keys - 1));
    long end = causal ? position + (long) to : position + (long) to + window - 1;
    return new Block(from, to, first, Math.clamp(end, Math.min(keys, first + 1), keys));
  }

  /** What names the attention of a mask. */
  static Map<String, Object> attributes(AttentionMask mask) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put(CAUSAL, mask.causal());
    attributes.put(MASKED, mask.keys().isPresent());
    mask.window().ifPresent(positions -> attributes.put(WINDOW, positions));
    double first = mask.position().literalOr(-1);
    if (first >= 0) {
      attributes.put(FIRST, (int) first);
    }
    return Map.copyOf(attributes);
  }

  /** The result: [B.., T, E]. */
  static Tensor of(List<Tensor> in, Map<String, Object> attributes) {
    Attention attention = new Attention(in, attributes);
    List<Tensor> parts = attention.blocks.stream().map(block -> {
      Tensor queries = attention.queries(block, attention.q);
      Tensor weights = attention.weights(block, queries, keys(block, attention.k));
      return weights.matmul(keys(block, attention.v));
    }).toList();
    return joined(parts);
  }

  /** Gradients of q, k and v; the last operand is that of the result. */
  static List<Tensor> gradients(List<Tensor> in, Map<String, Object> attributes) {
    return new Attention(in, attributes).gradients(in.getLast());
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
      Tensor p = weights(block, queries, keys);
      Tensor gp = gradient.matmul(keys(block, v).transpose());
      Tensor gs = p.mul(gp.sub(gp.mul(p).sum(-1))).mul(1 / Math.sqrt(q.dim(-1)));
      ofQueries.add(gs.matmul(keys));
      ofKeys.add(gs.transpose().matmul(queries));
      ofValues.add(p.transpose().matmul(gradient));
    }
    return List.of(joined(ofQueries), summed(ofKeys, k), summed(ofValues, v));
  }

  /** softmax(q k^T / sqrt(D)) over the keys that each query sees: [B.., queries, keys]. */
  private Tensor weights(Block block, Tensor queries, Tensor keys) {
    Tensor scores = queries.matmul(keys.transpose()).mul(1 / Math.sqrt(q.dim(-1)));
    TensorType square = new TensorType(DType.I32, scores.shape().slice(scores.rank() - 2, scores.rank()));
    // At which position a query is, counted from the block's first key.
    Tensor key = Tensor.iota(square, 1);
    Tensor query = Tensor.iota(square, 0).add(position(block));
    if (present.isPresent()) {
      Tensor mask = keys(-1, block, present.get()).broadcastTo(scores.shape());
      scores = mask.where(scores, unseen());
    }
    if (window < k.dim(-2)) {
      scores = key.gt(query.sub(window)).where(scores, unseen());
      if (!causal) {
        scores = key.lt(query.add(window)).where(scores, unseen());
      }
    }
    if (causal) { // last, so that what is not there stays hidden from a query that sees nothing
      scores = key.le(query).where(scores, Tensor.scalar(scores.dtype(), Double.NEGATIVE_INFINITY));
    }
    return Functions.softmax(scores, -1);
  }

  /** A score of weight 0 beside any other, and finite, so that a query that sees nothing is no NaN. */
  private Tensor unseen() {
    return Tensor.scalar(q.dtype(), q.dtype() == DType.F16 ? -3e4 : -1e30);
  }

  private Tensor queries(Block block, Tensor x) {
    return blocks.size() == 1 ? x : x.slice(-2, block.from, block.to);
  }

  private static Tensor keys(Block block, Tensor x) {
    return keys(-2, block, x);
  }

  private static Tensor keys(int axis, Block block, Tensor x) {
    return block.first == 0 && block.last == x.dim(axis) ? x : x.slice(axis, block.first, block.last);
  }

  private Tensor position(Block block) {
    int moved = block.from - block.first;
    return moved == 0 ? position : position.add(moved);
  }

  private static Tensor joined(List<Tensor> parts) {
    return parts.size() == 1 ? parts.getFirst() : Tensor.concat(parts, -2);
  }

  /** The sum of what blocks give to the keys that they see: of each stretch of keys, over the blocks that see it. */
  private Tensor summed(List<Tensor> parts, Tensor keys) {
    TreeSet<Integer> ends = new TreeSet<>(List.of(keys.dim(-2)));
    blocks.forEach(block -> ends.addAll(List.of(block.first, block.last)));
    List<Tensor> stretches = new ArrayList<>();
    int start = 0;
    for (int end : ends.tailSet(start, false)) {
      stretches.add(stretch(parts, start, end).orElse(
          Tensor.zeros(keys.type().withShape(keys.shape().with(-2, end - start)))));
      start = end;
    }
    return stretches.isEmpty() ? Tensor.zeros(keys.type()) : joined(stretches);
  }

  private Optional<Tensor> stretch(List<Tensor> parts, int start, int end) {
    List<Tensor> seen = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Block block = blocks.get(i);
      if (block.first <= start && end <= block.last) {
        seen.add(start == block.first && end == block.last ? parts.get(i)
            : parts.get(i).slice(-2, start - block.first, end - block.first));
      }
    }
    return seen.stream().reduce(Tensor::add);
  }
}
