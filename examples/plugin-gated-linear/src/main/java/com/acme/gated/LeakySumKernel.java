package com.acme.gated;

import dev.ashlar.program.OperationKernel;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** {@link LeakySumOp} in f32 on the CPU, to the same bits: a piece is some rows. */
record LeakySumKernel() implements OperationKernel {

  /** Elements that are worth a piece. */
  private static final int GRAIN = 1 << 14;

  @Override
  public String operation() {
    return LeakySumOp.NAME;
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
    long size = operands.getFirst().shape().size();
    return (int) Math.clamp(size / GRAIN, 1, rows(operands.getFirst()));
  }

  private static int rows(TensorType x) {
    return (int) Math.max(1, x.shape().remove(-1).size());
  }

  @Override
  public Executable bind(CustomOp operation, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
    LeakySumOp op = (LeakySumOp) operation;
    TensorType type = in.getFirst().type();
    MemorySegment x = in.getFirst().data();
    MemorySegment y = out.getFirst().data();
    int time = type.shape().dim(-1);
    long rows = rows(type);
    int pieces = pieces(op, List.of(type));
    return piece -> {
      long end = rows * (piece + 1) / pieces;
      for (long row = rows * piece / pieces; row < end; row++) {
        double sum = 0;
        for (int step = 0; step < time; step++) {
          long at = row * time + (op.backwards() ? time - 1 - step : step);
          sum = x.getAtIndex(ValueLayout.JAVA_FLOAT, at) + op.keep() * sum;
          y.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) sum);
        }
      }
    };
  }
}
