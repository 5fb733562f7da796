package dev.ashlar.backend.cpu;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs of a seeded generator: fused, not fused and interpreted give the same bits, close to the reference.
 */
class RandomGraphTest {

  private static final int[][] SHAPES = {{6, 20}, {20, 6}, {3, 5, 18}, {40}, {1, 33}, {4, 9, 1}, {2, 3, 4,
      17}};

  private static Backend fused;
  private static Backend separate;
  private static Backend interpreted;

  @BeforeAll
  static void open() {
    fused = Cpu.defaults().open();
    separate = Cpu.defaults().withOptimize(false).withThreads(1).open();
    interpreted = Cpu.defaults().withEmitter(Emission.INTERPRETER).withThreads(1).open();
  }

  @AfterAll
  static void close() {
    fused.close();
    separate.close();
    interpreted.close();
  }

  static IntStream seeds() {
    return IntStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void allWaysGiveTheSameBits(int seed) {
    Computation computation = new Generator(seed).computation();
    Map<String, NDArray> values = Compare.values(computation, seed);
    Map<String, NDArray> found = Compare.run(fused, computation, values);
    Compare.assertSameBits(Compare.run(separate, computation, values), found);
    Compare.assertSameBits(Compare.run(interpreted, computation, values), found);
    Compare.assertClose(found, Compare.expected(computation, values), 1e-3);
  }

  /** Makes a graph by applying operations to tensors that it made before. */
  private static final class Generator {

    private final Random random;
    private final List<Tensor> floats = new ArrayList<>();
    private final List<Tensor> truths = new ArrayList<>();
    private final List<Tensor> variables = new ArrayList<>();

    Generator(int seed) {
      random = new Random(seed);
    }

    Computation computation() {
      int leaves = 2 + random.nextInt(4);
      for (int i = 0; i < leaves; i++) {
        TensorType type = TensorType.of(DType.F32, SHAPES[random.nextInt(SHAPES.length)]);
        if (random.nextInt(3) == 0) {
          Tensor variable = Tensor.apply(new Op.Input(Op.Role.VARIABLE, "v" + i, type));
          variables.add(variable);
          floats.add(variable);
        } else {
          floats.add(Tensor.input("x" + i, type));
        }
      }
      int size = 5 + random.nextInt(40);
      for (int i = 0; i < size; i++) {
        step();
      }
      Map<String, Tensor> results = new LinkedHashMap<>();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        results.put("r" + i, pick(floats));
      }
      results.put("last", floats.getLast());
      return new Computation("random", Tensors.of(results), variables.stream().map(this::updated).toList());
    }

    /** A variable that becomes something of its type, perhaps another variable's value. */
    private Variable updated(Tensor before) {
      List<Tensor> fitting = floats.stream().filter(t -> t.type().equals(before.type())).toList();
      Tensor after = fitting.get(random.nextInt(fitting.size()));
      String name = ((Op.Input) before.node().op()).name();
      return new Variable(name, Variable.Kind.STATE, before, after, Tensor.zeros(before.type()));
    }

    private Tensor pick(List<Tensor> from) {
      int back = Math.min(from.size(), 1 + random.nextInt(8));
      return from.get(from.size() - 1 - random.nextInt(back));
    }

    private void step() {
      Tensor x = pick(floats);
      switch (random.nextInt(18)) {
        case 0, 1 -> floats.add(together(x, pick(floats), Op.BinaryKind.ADD));
        case 2 -> floats.add(together(x, pick(floats), Op.BinaryKind.SUB));
        case 3 -> floats.add(bounded(together(x, pick(floats), Op.BinaryKind.MUL)));
        case 4 -> floats.add(together(x, pick(floats), Op.BinaryKind.MAX));
        case 5 -> floats.add(x.tanh());
        case 6 -> floats.add(x.minimum(3).exp().add(1).log());
        case 7 -> floats.add(x.mul(0.5).add(0.25));
        case 8 -> floats.add(x.sub(x.max(axis(x))));
        case 9 -> floats.add(x.mean(axis(x)));
        case 10 -> floats.add(bounded(x.sum(axes(x))));
        case 11 -> floats.add(x.permute(order(x.rank())));
        case 12 -> floats.add(x.reshape(shape(x)));
        case 13 -> floats.add(slice(x));
        case 14 -> floats.add(x.flip(axis(x)));
        case 15 -> truths.add(x.gt(0.1));
        case 16 -> {
          if (!truths.isEmpty()) {
            Tensor condition = pick(truths);
            Tensor y = condition.cast(DType.F32);
            floats.add(fits(y, x) ? condition.where(x, Tensor.zeros(x.type())) : y);
          }
        }
        default -> floats.add(special(x));
      }
    }

    private Tensor special(Tensor x) {
      int axis = axis(x);
      return switch (random.nextInt(6)) {
        case 0 -> Tensor.concat(List.of(x, x.mul(2)), axis);
        case 1 -> Tensor.apply(new Op.Pad(x, repeat(1, x), repeat(2, x), repeat(0, x), 0.5));
        case 2 -> Tensor.apply(new Op.CumSum(x.mul(0.1), axis, random.nextBoolean()));
        case 3 -> x.argMax(axis).cast(DType.F32).mul(0.01);
        case 4 -> x.add(Tensor.iota(x.type().withDType(DType.I32), axis).cast(DType.F32).mul(0.01));
        default -> {
          Tensor matrix = x.reshape(x.dim(0), -1);
          yield bounded(matrix.matmul(matrix.transpose()));
        }
      };
    }

    private static List<Integer> repeat(int value, Tensor x) {
      return java.util.Collections.nCopies(x.rank(), value);
    }

    private static Tensor bounded(Tensor x) {
      return x.minimum(4).maximum(-4);
    }

    private static Tensor together(Tensor x, Tensor y, Op.BinaryKind kind) {
      Tensor other = fits(x, y) ? y : x;
      Shape to = Shape.broadcast(x.shape(), other.shape());
      return Tensor.apply(new Op.Binary(kind, x.broadcastTo(to), other.broadcastTo(to)));
    }

    private static boolean fits(Tensor x, Tensor y) {
      for (int i = 1; i <= Math.min(x.rank(), y.rank()); i++) {
        if (x.dim(-i) != y.dim(-i) && x.dim(-i) != 1 && y.dim(-i) != 1) {
          return false;
        }
      }
      return true;
    }

    private int axis(Tensor x) {
      return random.nextInt(x.rank());
    }

    private int[] axes(Tensor x) {
      int set = 1 + random.nextInt((1 << x.rank()) - 1);
      return IntStream.range(0, x.rank()).filter(i -> (set >> i & 1) == 1).toArray();
    }

    private int[] order(int rank) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
      java.util.Collections.shuffle(order, random);
      return order.stream().mapToInt(i -> i).toArray();
    }

    /** Another shape of the same size. */
    private Shape shape(Tensor x) {
      int size = (int) x.shape().size();
      for (int divisor : new int[] {2, 3, 4, 6}) {
        if (size % divisor == 0 && random.nextBoolean()) {
          return random.nextBoolean() ? Shape.of(divisor, size / divisor)
              : Shape.of(size / divisor, 1, divisor);
        }
      }
      return Shape.of(size);
    }

    private Tensor slice(Tensor x) {
      int axis = axis(x);
      int from = random.nextInt(x.dim(axis));
      return x.slice(axis, from, from + 1 + random.nextInt(x.dim(axis) - from));
    }
  }
}
