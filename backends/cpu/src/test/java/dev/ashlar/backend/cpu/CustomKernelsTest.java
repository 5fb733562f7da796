package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.ashlar.autodiff.Gradients;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.OperationException;
import dev.ashlar.program.OperationKernel;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Scan;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Custom operations by kernels: found by name, run in pieces by several threads, and what happens if one fails. */
class CustomKernelsTest {

  private static final TensorType TYPE = TensorType.of(DType.F32, 64, 100);

  /** Mean and spread (largest minus smallest) of each row: x [rows, n] to [rows] and [rows]. */
  private record Rows() implements CustomOp {
    @Override
    public String name() {
      return "test:rows";
    }

    @Override
    public List<TensorType> outputTypes(List<TensorType> operands) {
      TensorType rows = operands.getFirst().withShape(operands.getFirst().shape().remove(-1));
      return List.of(rows, rows);
    }

    @Override
    public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
      NDArray x = operands.getFirst();
      int n = x.shape().dim(-1);
      for (int row = 0; row < outputs.getFirst().size(); row++) {
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
          double value = x.get((long) row * n + i);
          sum += value;
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
        outputs.get(0).set(row, sum / n);
        outputs.get(1).set(row, most - least);
      }
    }

    @Override
    public List<@Nullable Tensor> gradients(Node node, List<@Nullable Tensor> outputGradients) {
      Tensor x = node.inputs().getFirst();
      Tensor mean = outputGradients.getFirst();
      return Arrays.asList(mean == null ? null : mean.div(x.dim(-1)).expandDims(-1).broadcastTo(x.shape()));
    }
  }

  /** Each row a piece; its numbers pass through memory of its own. */
  private static class RowsKernel implements OperationKernel {
    final Set<String> threads = ConcurrentHashMap.newKeySet();
    final Set<Integer> pieces = ConcurrentHashMap.newKeySet();

    @Override
    public String operation() {
      return "test:rows";
    }

    @Override
    public String backend() {
      return "cpu";
    }

    @Override
    public boolean takes(CustomOp operation, List<TensorType> operands) {
      return operands.getFirst().dtype() == DType.F32;
    }

    @Override
    public int pieces(CustomOp operation, List<TensorType> operands) {
      return operands.getFirst().shape().dim(0);
    }

    @Override
    public Executable bind(CustomOp operation, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
      int n = in.getFirst().shape().dim(-1);
      MemorySegment x = in.getFirst().data();
      MemorySegment mean = out.get(0).data();
      MemorySegment spread = out.get(1).data();
      MemorySegment own = memory.allocate(x.byteSize(), 64);
      return row -> {
        long from = (long) row * n;
        MemorySegment.copy(x, from * Float.BYTES, own, from * Float.BYTES, (long) n * Float.BYTES);
        double sum = 0;
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
          float value = own.getAtIndex(ValueLayout.JAVA_FLOAT, from + i);
          sum += value;
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
        mean.setAtIndex(ValueLayout.JAVA_FLOAT, row, (float) (sum / n));
        spread.setAtIndex(ValueLayout.JAVA_FLOAT, row, most - least);
      };
    }
  }

  private static Node rows(Tensor x) {
    return Node.of(new Op.Custom(new Rows(), List.of(x)));
  }

  /** The operation between others, and its gradient. */
  private static Computation computation(TensorType type) {
    Tensor x = Tensor.input("x", type);
    Node node = rows(x.mul(2));
    Tensor loss = node.output(0).square().sum();
    return Compare.of(Map.of("mean", node.output(0).add(1), "spread", node.output(1),
        "gradient", Gradients.of(loss, List.of(x)).getFirst()));
  }

  private static Backend open(int threads, OperationKernel... kernels) {
    return Cpu.defaults().withThreads(threads).open(List.of(kernels));
  }

  /** In a loop entries lie elsewhere at each step; the kernel is told once where its arrays are. */
  @Test
  void aLoopBindsOnce() {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 7, 4, 3));
    Tensor zero = Tensor.zeros(TensorType.of(DType.F32, 4));
    Scan all = Scan.over(List.of(zero), List.of(x), (state, entry) -> {
      Node node = rows(entry.getFirst());
      return new Scan(List.of(state.getFirst().add(node.output(0))), List.of(node.output(1)));
    });
    Computation computation = Compare.of(Map.of("sum", all.state().getFirst(), "spreads", all.outputs().getFirst()));
    Map<String, NDArray> values = Compare.values(computation, 1);
    AtomicInteger bound = new AtomicInteger();
    RowsKernel kernel = new RowsKernel() {
      @Override
      public Executable bind(CustomOp operation, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
        bound.incrementAndGet();
        in.forEach(array -> assertThat(array.data().address() % 64).isZero());
        return super.bind(operation, in, out, memory);
      }
    };
    try (Backend backend = open(2, kernel)) {
      Compare.assertClose(Compare.run(backend, computation, values, 3), Compare.expected(computation, values), 1e-6);
    }
    assertThat(bound).hasValue(1);
  }

  @Test
  void aKernelComputesWhatTheOperationsOwnCodeDoes() {
    Computation computation = computation(TYPE);
    Map<String, NDArray> values = Compare.values(computation, 1);
    try (Backend own = open(1); Backend one = open(1, new RowsKernel()); Backend three = open(3, new RowsKernel())) {
      Map<String, NDArray> expected = Compare.run(own, computation, values);
      Compare.assertSameBits(Compare.run(one, computation, values, 3), expected);
      Compare.assertSameBits(Compare.run(three, computation, values, 3), expected);
      Compare.assertClose(expected, Compare.expected(computation, values), 1e-6);
      assertThat(labels(own, computation)).contains("test:rows (own code)");
      assertThat(labels(one, computation)).contains("test:rows").doesNotContain("test:rows (own code)");
    }
  }

  private static List<String> labels(Backend backend, Computation computation) {
    return ((CpuProgram) backend.compile(computation)).steps().stream().map(step -> step.label()).toList();
  }

  @Test
  void threadsShareThePieces() {
    Computation computation = computation(TYPE);
    CountDownLatch both = new CountDownLatch(2);
    RowsKernel kernel = new RowsKernel() {
      @Override
      public Executable bind(CustomOp operation, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
        Executable rows = super.bind(operation, in, out, memory);
        return row -> {
          pieces.add(row);
          if (threads.add(Thread.currentThread().getName())) {
            both.countDown();
            await(both);
          }
          rows.run(row);
        };
      }
    };
    try (Backend backend = open(2, kernel)) {
      Compare.run(backend, computation, Compare.values(computation, 1));
    }
    assertThat(kernel.threads).hasSize(2);
    assertThat(kernel.pieces).hasSize(64);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatAKernelDoesNotTakeRunsTheOperationsOwnCode() {
    Computation computation = computation(TYPE.withDType(DType.BF16));
    try (Backend backend = open(1, new RowsKernel())) {
      assertThat(labels(backend, computation)).contains("test:rows (own code)");
    }
  }

  @Test
  void aKernelForAnotherBackendIsLeft() {
    RowsKernel elsewhere = new RowsKernel() {
      @Override
      public String backend() {
        return "gpu";
      }
    };
    try (Backend backend = open(1, elsewhere)) {
      assertThat(labels(backend, computation(TYPE))).contains("test:rows (own code)");
    }
  }

  @Test
  void twoKernelsForOneOperationAreRefused() {
    assertThatThrownBy(() -> open(1, new RowsKernel(), new RowsKernel()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two kernels for operation 'test:rows' on the cpu backend: " + RowsKernel.class.getName() + " and "
            + RowsKernel.class.getName() + "; give one of them");
  }

  /** Fails in the last piece. */
  private static final class Failing extends RowsKernel {
    @Override
    public Executable bind(CustomOp operation, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
      return row -> {
        if (row == 63) {
          throw new ArithmeticException("no such row");
        }
      };
    }
  }

  /** Fails before it runs. */
  private static final class Unready extends RowsKernel {
    @Override
    public int pieces(CustomOp operation, List<TensorType> operands) {
      return 0;
    }
  }

  /** Fails in an open workspace. */
  private static final class Unbound extends RowsKernel {
    @Override
    public Executable bind(CustomOp operation, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
      throw new NoClassDefFoundError("com/acme/Table");
    }
  }

  @Test
  void aKernelThatFailsIsNamedWithWhereItBelongs() {
    fails(new Failing(), "failed in piece 64 of 64", "java.lang.ArithmeticException: no such row");
    fails(new Unready(), "failed while the program was compiled",
        "java.lang.IllegalArgumentException: a kernel of 0 pieces, expected 1 or more");
    fails(new Unbound(), "failed while it was bound to memory", "java.lang.NoClassDefFoundError: com/acme/Table");
  }

  private static void fails(RowsKernel kernel, String when, String cause) {
    Node node = Origin.within("blocks.3", () -> rows(Tensor.input("x", TYPE)));
    Computation computation = Compare.of(node.output(0));
    for (int threads = 1; threads <= 2; threads++) {
      try (Backend backend = open(threads, kernel)) {
        assertThatThrownBy(() -> Compare.run(backend, computation, Compare.values(computation, 1)))
            .isInstanceOf(OperationException.class)
            .hasMessage("program 'test': operation 'test:rows' in blocks.3: its kernel " + kernel.getClass().getName()
                + " " + when + ", operands [f32[64, 100]], outputs [f32[64], f32[64]] as its outputTypes says: " + cause
                + "; without this kernel the operation's own code runs");
      }
    }
  }

  @Test
  void anOperationWhoseOwnCodeFailsIsNamedToo() {
    record Bad() implements CustomOp {
      @Override
      public String name() {
        return "test:bad";
      }

      @Override
      public List<TensorType> outputTypes(List<TensorType> operands) {
        return operands;
      }

      @Override
      public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
        throw new IllegalStateException("no licence");
      }
    }
    Computation computation = Compare.of(Tensor.apply(new Op.Custom(new Bad(), List.of(Tensor.input("x", TYPE)))));
    try (Backend backend = open(1)) {
      assertThatThrownBy(() -> Compare.run(backend, computation, Compare.values(computation, 1)))
          .isInstanceOf(OperationException.class)
          .hasMessage("program 'test': operation 'test:bad': its own code, " + Bad.class.getName()
              + ".evaluate, failed in piece 1 of 1, operands [f32[64, 100]],"
              + " outputs [f32[64, 100]] as its outputTypes says:"
              + " java.lang.IllegalStateException: no licence");
    }
  }

  @Test
  void warmRunsAllocateNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Computation computation = computation(TYPE);
    try (Backend backend = open(2, new RowsKernel()); VariableStore store = backend.newStore()) {
      Program program = backend.compile(computation);
      try (Workspace workspace = program.open(store)) {
        run(workspace, 2000);
        long[] threads = Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t == Thread.currentThread() || t.getName().startsWith("ashlar-cpu"))
            .mapToLong(Thread::threadId).toArray();
        assertThat(threads).hasSize(2);
        long[] before = bean.getThreadAllocatedBytes(threads);
        run(workspace, 1000);
        long[] after = bean.getThreadAllocatedBytes(threads);
        long grown = 0;
        for (int i = 0; i < threads.length; i++) {
          grown += after[i] - before[i];
        }
        // Reading the counters allocates the array that they are returned in.
        assertThat(grown).as("bytes over 1,000 runs").isLessThan(1000);
      }
    }
  }

  private static void run(Workspace workspace, int times) {
    for (int i = 0; i < times; i++) {
      workspace.run();
    }
  }
}
