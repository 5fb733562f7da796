package dev.ashlar.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.program.OperationKernel;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Kernels that break a promise fail the test of it. */
class KernelContractBitesTest {

  private static final int ROWS = 6;
  private static final int COLUMNS = 5;

  /** Twice each number. */
  private record Twice() implements CustomOp {
    @Override
    public String name() {
      return "test:twice";
    }

    @Override
    public List<TensorType> outputTypes(List<TensorType> operands) {
      return operands;
    }

    @Override
    public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
      for (long i = 0; i < outputs.getFirst().size(); i++) {
        outputs.getFirst().set(i, 2 * operands.getFirst().get(i));
      }
    }
  }

  /** What one piece does, with memory of the executable. */
  private interface Row {
    void run(NDArray x, NDArray y, int row, NDArray own);
  }

  private record RowKernel(String operation, Row row) implements OperationKernel {
    @Override
    public String backend() {
      return "cpu";
    }

    @Override
    public int pieces(CustomOp op, List<TensorType> operands) {
      return operands.getFirst().shape().dim(0);
    }

    @Override
    public Executable bind(CustomOp op, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
      TensorType type = in.getFirst().type();
      NDArray own = NDArray.wrap(type, memory.allocate(type.bytes(), 64));
      return piece -> row.run(in.getFirst(), out.getFirst(), piece, own);
    }
  }

  private static KernelChecks checks(OperationKernel kernel) {
    TensorType type = TensorType.of(DType.F32, ROWS, COLUMNS);
    return new KernelChecks(KernelExample.of(kernel, new Twice(), type), dtype -> 1e-6);
  }

  private static KernelChecks checks(Row row) {
    return checks(new RowKernel("test:twice", row));
  }

  private static void twice(NDArray x, NDArray y, int row) {
    for (long i = row * COLUMNS; i < (row + 1) * COLUMNS; i++) {
      y.set(i, 2 * x.get(i));
    }
  }

  private static void fails(ThrowingCallable check, String message) {
    assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(message);
  }

  @Test
  void aGoodKernelPasses() {
    KernelChecks checks = checks((x, y, row, own) -> twice(x, y, row));
    checks.takes();
    checks.values();
    checks.order();
    checks.together();
    checks.apart();
    checks.allocation();
  }

  @Test
  void forAnotherOperation() {
    fails(() -> checks(new RowKernel("test:half", (x, y, row, own) -> twice(x, y, row))).takes(),
        "the kernel is for 'test:half', the operation is 'test:twice'");
  }

  @Test
  void anotherNumberOfPiecesEachTime() {
    AtomicInteger calls = new AtomicInteger();
    fails(() -> checks(new OperationKernel() {
      @Override
      public String operation() {
        return "test:twice";
      }

      @Override
      public String backend() {
        return "cpu";
      }

      @Override
      public int pieces(CustomOp op, List<TensorType> operands) {
        return calls.incrementAndGet();
      }

      @Override
      public Executable bind(CustomOp op, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
        return piece -> {};
      }
    }).takes(), "follow from attributes and types alone");
  }

  @Test
  void otherValues() {
    fails(() -> checks((x, y, row, own) -> {
      twice(x, y, row);
      y.set(row * COLUMNS, 2.001 * x.get(row * COLUMNS));
    }).values(), "more than the bound");
  }

  @Test
  void addedToWhatIsThere() {
    fails(() -> checks((x, y, row, own) -> {
      for (long i = row * COLUMNS; i < (row + 1) * COLUMNS; i++) {
        y.set(i, y.get(i) + 2 * x.get(i));
      }
    }).values(), "written in full at each run?");
  }

  @Test
  void rememberedFromTheRunBefore() {
    fails(() -> checks((x, y, row, own) -> {
      for (long i = row * COLUMNS; i < (row + 1) * COLUMNS; i++) {
        own.set(i, own.get(i) == 0 ? x.get(i) : own.get(i));
        y.set(i, 2 * own.get(i));
      }
    }).values(), "more than the bound");
  }

  @Test
  void operandsWritten() {
    fails(() -> checks((x, y, row, own) -> {
      twice(x, y, row);
      x.set(row, 0);
    }).values(), "operand 0 is not as it was");
  }

  @Test
  void aPieceThatReadsAnother() {
    fails(() -> checks((x, y, row, own) -> {
      twice(x, y, row);
      y.set(row * COLUMNS, row == 0 ? 0 : y.get((row - 1) * COLUMNS) + 1);
    }).order(), "from the last to the first");
  }

  @Test
  void memoryThatPiecesShare() {
    fails(() -> checks((x, y, row, own) -> {
      for (int i = 0; i < COLUMNS; i++) {
        own.set(i, x.get(row * COLUMNS + i));
      }
      LockSupport.parkNanos(100_000);
      for (int i = 0; i < COLUMNS; i++) {
        y.set(row * COLUMNS + i, 2 * own.get(i));
      }
    }).together(), "at the same time");
  }

  @Test
  void aPieceThatFailsAmongThreads() {
    AtomicInteger calls = new AtomicInteger();
    fails(() -> checks((x, y, row, own) -> {
      if (calls.incrementAndGet() > ROWS) {
        throw new IllegalStateException("once only");
      }
    }).together(), "once only");
  }

  @Test
  void memoryInTheKernelItself() {
    NDArray shared = NDArray.zeros(TensorType.of(DType.F32, COLUMNS));
    fails(() -> checks((x, y, row, own) -> {
      twice(x, y, row);
      y.set(row * COLUMNS, 2 * x.get(row * COLUMNS) + shared.get(0));
      shared.set(0, row == ROWS - 1 ? 0 : x.get(row));
    }).apart(), "over two memories in turns");
  }

  @Test
  void warmRunsThatAllocate() {
    fails(() -> checks((x, y, row, own) -> y.data().fill((byte) x.toFloats().length)).allocation(),
        "every warm run allocates");
  }
}
