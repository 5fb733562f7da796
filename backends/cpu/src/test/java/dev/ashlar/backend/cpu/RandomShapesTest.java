package dev.ashlar.backend.cpu;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every kind of kernel on random shapes, mostly those at which something ends: 1, about the width of a vector and of a
 * tile, primes; on whole arrays and on views; half of the time with NaN, infinities, zeros of both signs and denormals
 * among the numbers. Results are the reference's, and the same bits by every emitter, fused or not.
 */
class RandomShapesTest {

  private static final int SEEDS = 12;
  private static final int[] EXTENTS = {1, 1, 2, 3, 7, 8, 13, 15, 16, 17, 23, 31, 32, 33, 61, 67, 97};
  private static final float[] SPECIAL =
      {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 0f, 1e-40f, -1e-44f};

  private static final List<Backend> others = new ArrayList<>();
  private static Backend fast;

  @BeforeAll
  static void open() {
    fast = Cpu.defaults().withThreads(3).open();
    others.add(Cpu.defaults().withThreads(1).withOptimize(false).open());
    others.add(Cpu.defaults().withThreads(1).withEmitter(Emission.BYTECODE).open());
  }

  @AfterAll
  static void close() {
    fast.close();
    others.forEach(Backend::close);
    others.clear();
  }

  /** Makes results from operands that it asks for. */
  private interface Kind {
    Tensor of(Shapes shapes);
  }

  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("element-wise", s -> {
      Tensor x = s.next(s.any(), s.any(), s.any());
      Tensor row = s.next(x.dim(2));
      Tensor column = s.next(x.dim(1), 1);
      return Functions.geluTanh(x.mul(row).add(column)).maximum(x.sub(column));
    });
    KINDS.put("sums", s -> {
      Tensor x = s.next(s.any(), s.any(), s.any());
      return switch (s.below(4)) {
        case 0 -> x.sum(2);
        case 1 -> x.sum(1);
        case 2 -> x.sum(0, 1);
        default -> x.sum();
      };
    });
    KINDS.put("sums of many rows", s -> s.next(4096 + s.any(), 61 + s.any()).sum(0));
    KINDS.put("extremes", s -> {
      Tensor x = s.next(s.any(), s.any(), s.any());
      int axis = s.below(3);
      return x.max(axis).add(x.argMax(axis).cast(DType.F32)).add(x.min(axis));
    });
    KINDS.put("softmax", s -> Functions.softmax(s.next(s.any(), s.any(), s.any()), 1 + s.below(2)));
    KINDS.put("log-softmax", s -> Functions.logSoftmax(s.next(s.any(), s.any()), s.below(2)));
    KINDS.put("layer norm", s -> {
      Tensor x = s.next(s.any(), s.any() + 1);
      return Functions.layerNorm(x, s.next(x.dim(1)), s.next(x.dim(1)), 1e-3);
    });
    KINDS.put("cross-entropy", s -> {
      Tensor logits = s.next(s.any(), s.any() + 1);
      return Functions.softmaxCrossEntropy(logits, s.indices(logits.dim(1), logits.dim(0)));
    });
    KINDS.put("product", s -> {
      int inner = s.below(4) == 0 ? 1000 + s.any() : s.any();
      return s.matrix(s.any(), inner).matmul(s.matrix(inner, s.any()));
    });
    KINDS.put("product with bias and activation", s -> {
      int inner = s.any();
      int outer = s.any();
      return Functions.relu(s.matrix(s.any(), inner).matmul(s.matrix(inner, outer)).add(s.next(outer)));
    });
    KINDS.put("products of a batch", s -> {
      int batch = 1 + s.below(9);
      int inner = s.any();
      Tensor a = s.next(batch, inner, s.any());
      return (s.below(2) == 0 ? a : a.flip(2)).transpose().matmul(s.next(batch, inner, s.any()));
    });
    KINDS.put("convolution", s -> {
      int groups = 1 + s.below(2);
      Tensor x = s.next(1 + s.below(3), groups * (1 + s.below(5)), 5 + s.any(), 5 + s.any());
      s.special = false; // NaN in the kernel may spread to where it only meets padding
      Tensor kernel = s.next(groups * (1 + s.below(20)), x.dim(1) / groups, 1 + s.below(3), 1 + s.below(3));
      return x.conv(kernel, Op.Window.of(2, 1 + s.below(2), s.below(2)), groups);
    });
    KINDS.put("largest of windows", s -> s.next(2, 1 + s.below(3), 4 + s.any(), 4 + s.any())
        .maxPool(List.of(1 + s.below(3), 2), Op.Window.of(2, 1 + s.below(3), s.below(2))));
    KINDS.put("largest of windows of other types", s -> {
      DType type = List.of(DType.F16, DType.BF16, DType.I32, DType.I8).get(s.below(4));
      Tensor x = s.next(2, 1 + s.below(3), 4 + s.any(), 4 + s.any()).detach();
      Tensor known = x.ne(x).or(x.abs().gt(1e6)).where(Tensor.zeros(x.type()), x.mul(9));
      return (type.isFloating() ? x : known).cast(type)
          .maxPool(List.of(2, 1 + s.below(3)), Op.Window.of(2, 1 + s.below(3), s.below(2))).cast(DType.F32);
    });
    KINDS.put("sums of windows", s -> s.next(2, 1 + s.below(3), 4 + s.any(), 4 + s.any())
        .sumPool(List.of(1 + s.below(3), 2), Op.Window.of(2, 1 + s.below(3), s.below(2))));
    KINDS.put("rows by index", s -> {
      Tensor table = s.next(s.any(), s.any());
      return table.gather(s.indices(table.dim(0), s.any(), s.any()));
    });
    KINDS.put("moved", s -> {
      Tensor x = s.next(s.any(), s.any(), s.any());
      Tensor turned = x.permute(2, 0, 1).flip(1);
      return Tensor.concat(List.of(turned, turned.neg()), s.below(3)).cumSum(s.below(3));
    });
    KINDS.put("attention", s -> {
      int time = s.below(3) == 0 ? 512 + s.any() : s.any();
      int width = s.any();
      Tensor q = s.next(1, 2, time, width);
      return Functions.causalAttention(q, s.next(1, 2, time, width), s.next(1, 2, time, s.any()),
          Tensor.scalar(DType.I32, 0));
    });
  }

  /** Draws operands. */
  private static final class Shapes {
    private final Random random;
    private boolean special;
    private final Map<String, NDArray> values = new LinkedHashMap<>();
    private final List<Tensor> operands = new ArrayList<>();

    Shapes(long seed, boolean special) {
      random = new Random(seed);
      this.special = special;
    }

    int any() {
      return EXTENTS[random.nextInt(EXTENTS.length)];
    }

    int below(int bound) {
      return random.nextInt(bound);
    }

    Tensor next(int... dims) {
      String name = "x" + values.size();
      TensorType type = TensorType.of(DType.F32, dims);
      NDArray array = Compare.random(type, random);
      for (long i = 0; special && i < Math.min(8, 1 + array.size() / 500); i++) {
        array.set(random.nextLong(array.size()), SPECIAL[random.nextInt(SPECIAL.length)]);
      }
      values.put(name, array);
      Tensor tensor = Tensor.input(name, type);
      operands.add(tensor);
      return tensor;
    }

    /** A matrix, perhaps turned, perhaps a part of a larger one. */
    Tensor matrix(int rows, int columns) {
      return switch (random.nextInt(4)) {
        case 0 -> next(columns, rows).transpose();
        case 1 -> next(rows + 3, columns + 5).slice(new int[] {2, 1}, new int[] {rows + 2, columns + 1});
        case 2 -> next(columns + 1, rows).slice(0, 1, columns + 1).transpose();
        default -> next(rows, columns);
      };
    }

    Tensor indices(int bound, int... dims) {
      TensorType type = TensorType.of(DType.I32, dims);
      String name = "x" + values.size();
      values.put(name, Compare.ints(type.shape(), bound, random.nextLong()));
      return Tensor.input(name, type);
    }
  }

  @TestFactory
  Stream<DynamicTest> isWhatTheReferenceSays() {
    return KINDS.keySet().stream().flatMap(kind -> IntStream.range(0, SEEDS).mapToObj(seed ->
        DynamicTest.dynamicTest(kind + ", seed " + seed, () -> check(KINDS.get(kind), seed))));
  }

  private static void check(Kind kind, int seed) {
    Shapes shapes = new Shapes(seed, seed % 2 == 1);
    Tensor result = kind.of(shapes);
    Tensor cotangent = shapes.next(IntStream.range(0, result.rank()).map(result::dim).toArray());
    Map<String, Tensor> results = new LinkedHashMap<>(Map.of("result", result));
    List<Tensor> operands = shapes.operands.stream().filter(operand -> operand != cotangent).toList();
    List<Tensor> gradients = Gradients.vjp(List.of(result), List.of(cotangent), operands);
    for (int i = 0; i < gradients.size(); i++) {
      results.put("gradient " + i + " " + operands.get(i).type(), gradients.get(i));
    }
    Computation computation = Compare.of(results);
    Map<String, NDArray> found = Compare.run(fast, computation, shapes.values);
    Compare.assertClose(found, Compare.expected(computation, shapes.values), 1e-5);
    others.forEach(other -> Compare.assertSameBits(Compare.run(other, computation, shapes.values), found));
  }
}
