package dev.ashlar.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Scan;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Loops over bodies made at random are what the same steps written one after another are, and so are their gradients. */
class UnrolledScanTest {

  private static final int ROWS = 2;
  private static final int WIDTH = 3;

  @Test
  void loopsAreTheirSteps() {
    for (int seed = 0; seed < 150; seed++) {
      check(seed);
    }
  }

  private static void check(int seed) {
    Random random = new Random(31L * seed + 7);
    int steps = 1 + random.nextInt(5);
    int carries = random.nextInt(3);
    int sequences = 1 + random.nextInt(2);
    boolean reverse = random.nextBoolean();
    List<Tensor> in = new ArrayList<>();
    Map<String, NDArray> values = new LinkedHashMap<>();
    for (int i = 0; i < carries + sequences + 2; i++) {
      Shape shape = i < carries ? Shape.of(ROWS, WIDTH) : i < carries + sequences ? Shape.of(steps, ROWS, WIDTH)
          : Shape.of(WIDTH, WIDTH);
      in.add(Tensor.input("in" + i, new TensorType(DType.F64, shape)));
      values.put("in" + i, NDArray.of(shape, random.doubles(shape.size(), -1.5, 1.5).toArray()));
    }
    List<Tensor> state = in.subList(0, carries);
    List<Tensor> entries = in.subList(carries, carries + sequences);
    List<Tensor> weights = in.subList(carries + sequences, in.size());
    Scan loop = Scan.over(state, entries, reverse, (s, e) -> step(seed, s, e, weights));
    Scan written = written(seed, state, entries, weights, reverse);
    List<Tensor> found = withGradients(loop, in);
    List<Tensor> expected = withGradients(written, in);
    for (int i = 0; i < found.size(); i++) {
      assertThat(Reference.evaluate(found.get(i), values).toDoubles()).as("seed " + seed + ", result " + i)
          .containsExactly(Reference.evaluate(expected.get(i), values).toDoubles(), within(1e-9));
    }
  }

  private static Scan written(int seed, List<Tensor> before, List<Tensor> entries, List<Tensor> weights,
      boolean reverse) {
    int steps = entries.getFirst().dim(0);
    List<Tensor> state = before;
    List<List<Tensor>> outputs = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      int at = reverse ? steps - 1 - i : i;
      Scan after = step(seed, state, entries.stream().map(x -> x.slice(0, at, at + 1).squeeze(0)).toList(), weights);
      state = after.state();
      outputs.add(reverse ? 0 : i, after.outputs());
    }
    List<Tensor> stacked = new ArrayList<>();
    for (int i = 0; i < outputs.getFirst().size(); i++) {
      int output = i;
      stacked.add(Tensor.stack(outputs.stream().map(all -> all.get(output)).toList(), 0));
    }
    return new Scan(state, stacked);
  }

  /** State and outputs, and gradients of first and second order. */
  private static List<Tensor> withGradients(Scan scan, List<Tensor> in) {
    List<Tensor> all = new ArrayList<>(scan.state());
    all.addAll(scan.outputs());
    Tensor sum = Tensor.scalar(DType.F64, 0);
    for (Tensor result : all) {
      Tensor places = Tensor.iota(result.type().withDType(DType.I32), result.rank() - 1).cast(DType.F64);
      sum = sum.add(result.mul(places.add(1)).sum());
    }
    List<Tensor> gradients = Gradients.of(sum, in);
    Tensor slope = gradients.stream().map(g -> g.square().sum()).reduce(Tensor::add).orElseThrow();
    all.addAll(gradients);
    all.addAll(Gradients.of(slope, in));
    return all;
  }

  private static Scan step(int seed, List<Tensor> state, List<Tensor> entries, List<Tensor> weights) {
    Random random = new Random(seed);
    List<Tensor> pool = new ArrayList<>(state);
    pool.addAll(entries);
    pool.add(weights.getFirst().slice(0, 0, ROWS));
    for (int i = 2 + random.nextInt(6); i > 0; i--) {
      pool.add(some(random, pool, weights));
    }
    List<Tensor> next = new ArrayList<>();
    state.forEach(s -> next.add(pool.get(random.nextInt(pool.size()))));
    List<Tensor> outputs = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      outputs.add(pool.get(random.nextInt(pool.size())));
    }
    return new Scan(next, outputs);
  }

  /** Something of two values and a weight: [rows, width]. */
  private static Tensor some(Random random, List<Tensor> pool, List<Tensor> weights) {
    Tensor a = pool.get(random.nextInt(pool.size()));
    Tensor b = pool.get(random.nextInt(pool.size()));
    Tensor w = weights.get(random.nextInt(weights.size()));
    return switch (random.nextInt(14)) {
      case 0 -> a.add(b);
      case 1 -> a.mul(b).mul(0.5);
      case 2 -> a.tanh();
      case 3 -> a.matmul(w).mul(0.5);
      case 4 -> a.matmul(a.transpose().matmul(b).mul(0.3)).tanh();
      case 5 -> a.sum(1).reshape(ROWS, 1).broadcastTo(a.shape()).tanh();
      case 6 -> a.slice(1, 1, WIDTH).pad(new int[] {0, 1}, new int[] {0, 0}, 0).add(b);
      case 7 -> a.reshape(WIDTH, ROWS).transpose().tanh();
      case 8 -> a.gt(b).where(a, b);
      case 9 -> a.sub(b.detach());
      case 10 -> a.mul(w.slice(0, 0, ROWS));
      case 11 -> a.cumSum(1).tanh();
      case 12 -> a.matmul(w.transpose()).tanh();
      default -> Tensor.concat(List.of(a.slice(1, 0, 1), b.slice(1, 1, WIDTH)), 1);
    };
  }
}
