package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Methods over vectors are as large as what C1 makes of them. It inlines every method of the Vector API to
 * the ground, and gives up a method once it has used 10,000 virtual registers. A method given up at the tier
 * that collects profiles may stay for ever at the one that does not, and never reach C2. What each call takes
 * was measured, with segments; by address it is a fifth less.
 */
final class VectorSize implements UnitSize {
  /** Virtual registers of C1. */
  private static final int LARGEST = 9000;

  private static final int OPERATION = 15;
  private static final int BROADCAST = 55;
  private static final int FETCH = 110;
  private static final int KEEP = 85;
  /** From and to an array with ints for {@link Support}. */
  private static final int RECEIVE = 135;
  private static final int SEND = 100;
  private static final int CALL = 60;
  private static final int FROM_SEGMENT = 240;
  private static final int ELEMENT = 320;
  private static final int FIRST_LANES = 300;
  private static final int MASK_TO_INTS = 130;
  private static final int INTS_TO_MASK = 80;
  private static final int INDEX = 5;

  private final int width;
  private final Map<Local, Expr> values;
  private final Map<Local, Integer> uses = new HashMap<>();

  /**
   * Prepares.
   *
   * @param values the expressions of immutable locals, as far as the kernel has been cut
   */
  VectorSize(Kernel kernel, int width, Map<Local, Expr> values) {
    this.width = width;
    this.values = values;
    countUses(kernel.body(), uses);
  }

  /** In how many statements each local is read. */
  private static void countUses(List<Statement> block, Map<Local, Integer> uses) {
    for (var statement : block) {
      switch (statement) {
        case Statement.For loop -> countUses(loop.body(), uses);
        case Statement.VectorLoop loop -> countUses(loop.body(), uses);
        case Statement.If branch -> {
          countUses(branch.then(), uses);
          countUses(branch.otherwise(), uses);
        }
        default -> Unit.read(statement).forEach(local -> uses.merge(local, 1, Integer::sum));
      }
    }
  }

  @Override public boolean fits(Unit unit) {
    return registers(unit) <= LARGEST;
  }

  private int registers(Unit unit) {
    int parts = unit.lanes() / width;
    int registers = registers(unit.statements(), unit, parts);
    var defined = unit.defined();
    var here = new HashMap<Local, Integer>();
    countUses(unit.statements(), here);
    var touched = unit.read();
    touched.addAll(unit.assigned());
    for (var local : touched) {
      if (local.type().isVector() && !defined.contains(local)) {
        registers += Plan.isRepeatable(local, values) ? registers(values.get(local), unit, parts)
            : parts * (FETCH + (local.type() == Type.MASK ? INTS_TO_MASK : 0));
      }
    }
    for (var local : unit.changed()) {
      boolean elsewhere = local.mutable() || uses.getOrDefault(local, 0) > here.getOrDefault(local, 0);
      if (local.type().isVector() && elsewhere) {
        registers += parts * (KEEP + (local.type() == Type.MASK ? MASK_TO_INTS : 0));
      }
    }
    return registers + (unit.assignsBeyondTail() ? parts * FIRST_LANES : 0);
  }

  private int registers(List<Statement> statements, Unit unit, int parts) {
    return statements.stream().mapToInt(statement -> registers(statement, unit, parts)).sum();
  }

  private int registers(Statement statement, Unit unit, int parts) {
    return switch (statement) {
      case Statement.Let(var _, var value) -> registers(value, unit, parts);
      case Statement.Assign(var _, var value) ->
          registers(value, unit, parts) + (unit.tail() != null ? 4 * parts * OPERATION : 0);
      case Statement.Store(var to, var _, var access, var _, var mask) -> {
        boolean words = to.element() == Element.F32 || to.element() == Element.I32;
        if (words && access instanceof Access.Single) {
          yield ELEMENT;
        }
        boolean whole = words && access instanceof Access.Contiguous && mask == null && unit.tail() == null;
        yield whole ? parts * FROM_SEGMENT
            : CALL + parts * (SEND + (to.element() == Element.BOOL ? MASK_TO_INTS : 0));
      }
      case Statement.If branch ->
          INDEX + registers(branch.then(), unit, parts) + registers(branch.otherwise(), unit, parts);
      case Statement.StoreIndex _ -> ELEMENT;
      default -> 0;
    };
  }

  private int registers(Expr value, Unit unit, int parts) {
    return switch (value) {
      case Expr.FloatConstant _, Expr.IntConstant _, Expr.Splat _ -> BROADCAST;
      case Expr.Load load -> load(load, unit, parts);
      case Expr.IndexLoad _ -> ELEMENT;
      case Expr.IndexBinary _, Expr.IndexConstant _ -> INDEX;
      case Expr.Copy _ -> 0;
      case Expr.Iota _ -> parts * 75;
      case Expr.FirstLanes _ -> parts * FIRST_LANES;
      case Expr.Unary(var op, var _) -> switch (op) {
        case FLOOR, CEIL -> parts * 560;
        case ROUND -> parts * 340;
        case TRUNC -> parts * 390;
        case ROUND_BF16 -> parts * 280;
        case ROUND_F16 -> CALL + parts * (SEND + RECEIVE);
        case TO_F32, TO_I32 -> parts * 70;
        default -> parts * 25;
      };
      case Expr.Binary(var op, var _, var _) ->
          parts * (op == Expr.BinaryOp.MUL_HIGH_UNSIGNED ? 720 : OPERATION);
      case Expr.Compare _, Expr.Select _ -> parts * 2 * OPERATION;
      case Expr.Fma _ -> parts * OPERATION;
      case Expr.ReduceLanes _ -> CALL + KEEP + BROADCAST + parts * OPERATION;
      case Expr.Exchange(var _, var distance, var _, var _) ->
          distance >= width ? 0 : CALL + parts * (2 * SEND + RECEIVE);
    };
  }

  private int load(Expr.Load load, Unit unit, int parts) {
    boolean isMask = load.type() == Type.MASK;
    boolean whole = load.mask() == null && unit.tail() == null;
    return switch (load.access()) {
      case Access.Single _ -> ELEMENT + BROADCAST + (isMask ? INTS_TO_MASK : 0);
      case Access.Contiguous _ when whole && load.from().element().bytes() == 4 -> parts * FROM_SEGMENT;
      case Access.Contiguous _ when whole -> parts * switch (load.from().element()) {
        case F16 -> 750;
        case BF16, BOOL -> 350;
        default -> 320;
      };
      case Access.Contiguous _, Access.Strided _ -> CALL + parts * (RECEIVE + (isMask ? INTS_TO_MASK : 0));
      case Access.Gather _ -> CALL + parts * (SEND + RECEIVE + (isMask ? INTS_TO_MASK : 0));
    };
  }
}
