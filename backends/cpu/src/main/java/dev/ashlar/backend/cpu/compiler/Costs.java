package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;

/** What it costs to compute something again instead of storing it. */
final class Costs {

  private static final int MAX_OPERATIONS = 6;
  private static final int MAX_LOADS = 2;

  private int operations;
  private int loads;
  private final long size;

  private Costs(long size) {
    this.size = size;
  }

  /** Whether computing a tensor where it is needed is no worse than loading it. */
  static boolean isCheap(Tensor tensor) {
    Costs costs = new Costs(tensor.shape().size());
    return costs.walk(tensor) && costs.loads <= MAX_LOADS;
  }

  private boolean walk(Tensor tensor) {
    Op op = tensor.node().op();
    // A row's or a column's number costs little beside whole arrays, however it is made.
    boolean isSmall = tensor.shape().size() * 4 < size;
    if (isSmall || op instanceof Op.Literal || op instanceof Op.Iota) {
      return true;
    }
    if (!isPointwise(op) && !Movements.isMovement(op)) {
      loads++;
      return true;
    }
    if (isExpensive(op)) {
      return false;
    }
    if (isPointwise(op) && ++operations > MAX_OPERATIONS) {
      return false;
    }
    return tensor.node().inputs().stream().allMatch(this::walk);
  }

  /** Whether an operation computes each element from those at the same position. */
  static boolean isPointwise(Op op) {
    return switch (op) {
      case Op.Unary _, Op.Binary _, Op.Where _, Op.Detach _ -> true;
      case Op.Cast o -> hasLanes(o.dtype()) && hasLanes(o.x().dtype());
      case Op.Literal _, Op.Iota _, Op.RandomBits _ -> true;
      default -> false;
    };
  }

  private static boolean hasLanes(DType dtype) {
    return dtype != DType.F64 && dtype != DType.I64;
  }

  /** Whether an operation takes ten instructions or more. */
  static boolean isExpensive(Op op) {
    return switch (op) {
      case Op.RandomBits _ -> true;
      case Op.Unary o -> switch (o.kind()) {
        case EXP, EXPM1, LOG, LOG1P, SIN, COS, TANH, SIGMOID, ERF -> true;
        case NEG, ABS, SIGN, SQRT, RSQRT, RECIPROCAL, FLOOR, CEIL, ROUND, NOT, IS_FINITE -> false;
      };
      case Op.Binary o -> switch (o.kind()) {
        case POW, REM -> true;
        case DIV -> o.a().dtype().isInteger();
        default -> false;
      };
      default -> false;
    };
  }

  /** Arithmetic operations for an element, roughly: for deciding where work is worth sharing out. */
  static int operations(Node node) {
    if (node.op() instanceof Op.RandomBits) {
      return 80;
    }
    return isExpensive(node.op()) ? 20 : isPointwise(node.op()) ? 1 : 0;
  }
}
