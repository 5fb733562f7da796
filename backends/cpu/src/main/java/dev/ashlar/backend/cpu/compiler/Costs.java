package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.HashSet;
import java.util.Set;

/** What it costs to compute something again instead of storing it. */
final class Costs {

  private static final int MAX_LOADS = 2;
  /** What computing an element again may take. */
  private static final double CHEAP_NANOS = 0.2;
  /** The same, if otherwise it would be written to memory and read again. */
  private static final double MEMORY_NANOS = 0.85;
  /** What is smaller stays in a cache. */
  static final long LARGE = 1 << 20;

  private final long size;
  private final double budget;
  private final Set<Tensor> seen = new HashSet<>();
  private double nanos;
  private int loads;

  private Costs(long size, double budget) {
    this.size = size;
    this.budget = budget;
  }

  /** Whether computing a tensor twice is no worse than loading it from a cache. */
  static boolean isCheap(Tensor tensor) {
    return isWithin(tensor, CHEAP_NANOS);
  }

  /** Whether computing a tensor where it is needed is no worse than storing and loading it. */
  static boolean isCheaperThanStoring(Tensor tensor) {
    return isWithin(tensor, tensor.type().bytes() >= LARGE ? MEMORY_NANOS : CHEAP_NANOS);
  }

  private static boolean isWithin(Tensor tensor, double budget) {
    Costs costs = new Costs(tensor.shape().size(), budget);
    return costs.walk(tensor) && costs.loads <= MAX_LOADS;
  }

  private boolean walk(Tensor tensor) {
    Op op = tensor.node().op();
    // A row's or a column's number costs little beside whole arrays, however it is made.
    boolean isSmall = tensor.shape().size() * 4 < size;
    if (isSmall || op instanceof Op.Literal || op instanceof Op.Iota || !seen.add(tensor)) {
      return true;
    }
    if (!isPointwise(op) && !Movements.isMovement(op)) {
      loads++;
      return true;
    }
    if (isPointwise(op)) {
      nanos += nanos(op);
    }
    return nanos <= budget && tensor.node().inputs().stream().allMatch(this::walk);
  }

  /** Time for one element, roughly. */
  static double nanos(Op op) {
    return op instanceof Op.RandomBits ? 2 : isExpensive(op) ? 0.5 : 0.03;
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
