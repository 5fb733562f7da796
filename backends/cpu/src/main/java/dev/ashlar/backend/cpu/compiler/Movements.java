package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Index arithmetic of movement operations on forms. */
final class Movements {

  private Movements() {}

  /**
   * What came of an attempt to take a position apart: forms for the axes, a wish to split an axis, or
   * neither.
   */
  sealed interface Parts {
    /** One form for each axis. */
    record Axes(List<Form> forms) implements Parts {}

    /** The space must be split first. */
    record Split(int axis, int part) implements Parts {}

    /** Not a linear form in any splitting. */
    record None() implements Parts {}
  }

  private static final Parts NONE = new Parts.None();

  /** Whether an operation only moves elements, so that it is arithmetic on forms. */
  static boolean isMovement(Op op) {
    return switch (op) {
      case Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _, Op.Flip _ -> true;
      default -> false;
    };
  }

  /**
   * Takes a row-major position in a shape apart into an index for each axis.
   *
   * <p>A term belongs to the outermost axis whose stride is no larger than its factor. It must stay within
   * that axis, together with the others there: then no carry can occur. Axes that run backwards are counted
   * from their other end meanwhile.
   */
  static Parts axes(Form form, Shape shape, Space space) {
    long[] strides = shape.strides();
    int rank = shape.rank();
    int axesOfSpace = space.rank();
    if (shape.size() == 0) {
      return new Parts.Axes(Collections.nCopies(rank, Form.zero(axesOfSpace)));
    }
    long[] offsets = new long[rank];
    long[][] factors = new long[rank][axesOfSpace];
    long[] reach = new long[rank];
    long rest = form.offset();
    for (int k = 0; k < axesOfSpace; k++) {
      rest += form.factors()[k] < 0 ? form.factors()[k] * (space.extents()[k] - 1) : 0;
    }
    for (int j = 0; j < rank; j++) {
      if (shape.dim(j) > 1) {
        offsets[j] = rest / strides[j];
        rest %= strides[j];
        reach[j] = offsets[j];
      }
    }
    if (rest != 0) {
      return NONE;
    }
    for (int k = 0; k < axesOfSpace; k++) {
      long factor = Math.abs(form.factors()[k]);
      int extent = space.extents()[k];
      if (factor == 0 || extent <= 1) {
        continue;
      }
      int j = 0;
      while (j < rank && (shape.dim(j) == 1 || strides[j] > factor)) {
        j++;
      }
      if (j == rank || factor % strides[j] != 0) {
        return NONE;
      }
      long step = factor / strides[j];
      if (step * (extent - 1) >= shape.dim(j)) {
        long part = shape.dim(j) / step;
        boolean splits = shape.dim(j) % step == 0 && part > 1 && part < extent && extent % part == 0;
        return splits && space.maySplit(k) ? new Parts.Split(k, (int) part) : NONE;
      }
      reach[j] += step * (extent - 1);
      factors[j][k] = form.factors()[k] < 0 ? -step : step;
      offsets[j] += form.factors()[k] < 0 ? step * (extent - 1) : 0;
    }
    List<Form> forms = new ArrayList<>();
    for (int j = 0; j < rank; j++) {
      if (reach[j] >= shape.dim(j)) {
        return NONE;
      }
      forms.add(new Form(offsets[j], factors[j]));
    }
    return new Parts.Axes(forms);
  }

  /**
   * Axes of a movement's result that it treats alike, neighbours merged: the fewer there are to tell apart,
   * the fewer loops are needed.
   *
   * @param extents of the merged axes
   * @param last the last of the axes that each stands for
   */
  private record Runs(Shape extents, List<Integer> last) {

    static Runs of(Op op, Shape result) {
      List<Integer> extents = new ArrayList<>();
      List<Integer> last = new ArrayList<>();
      for (int i = 0; i < result.rank(); i++) {
        if (i > 0 && isOne(op, i)) {
          extents.set(extents.size() - 1, Math.multiplyExact(extents.getLast(), result.dim(i)));
          last.set(last.size() - 1, i);
        } else {
          extents.add(result.dim(i));
          last.add(i);
        }
      }
      return new Runs(Shape.of(extents.stream().mapToInt(i -> i).toArray()), last);
    }

    /** Whether an axis goes on where the one before it ends. */
    private static boolean isOne(Op op, int i) {
      return switch (op) {
        case Op.Permute o -> o.order().get(i) == o.order().get(i - 1) + 1;
        case Op.Broadcast o -> isStretched(o, i) == isStretched(o, i - 1);
        case Op.Slice o -> isWhole(o, i) && isWhole(o, i - 1);
        case Op.Flip o -> !o.axes().contains(i) && !o.axes().contains(i - 1);
        case Op.Iota o -> i != o.axis() && i - 1 != o.axis();
        default -> throw new IllegalArgumentException(op.label());
      };
    }

    private static boolean isStretched(Op.Broadcast o, int i) {
      return o.x().dim(i) != o.shape().dim(i);
    }

    private static boolean isWhole(Op.Slice o, int i) {
      return o.starts().get(i) == 0 && o.limits().get(i) == o.x().dim(i) && o.strides().get(i) == 1;
    }
  }

  /**
   * Takes the position in the result of a movement (or an Iota) apart, as far as that operation needs.
   *
   * @param form position in the result
   */
  static Parts parts(Op op, Shape result, Form form, Space space) {
    return axes(form, Runs.of(op, result).extents, space);
  }

  /** Position in the operand of a movement operation, from the {@link #parts} of a position in the result. */
  static Form operand(Op op, Shape result, List<Form> parts, int axesOfSpace) {
    Shape from = op.inputs().getFirst().shape();
    long[] strides = from.strides();
    Runs runs = Runs.of(op, result);
    Form position = Form.zero(axesOfSpace);
    for (int r = 0; r < parts.size(); r++) {
      Form at = parts.get(r);
      int i = runs.last.get(r);
      int axis = op instanceof Op.Permute o ? o.order().get(i) : i;
      Form moved = switch (op) {
        case Op.Permute _ -> at;
        case Op.Broadcast o -> Runs.isStretched(o, i) ? null : at;
        case Op.Slice o -> at.times(o.strides().get(i)).plus(o.starts().get(i));
        case Op.Flip o -> o.axes().contains(i) ? at.times(-1).plus(from.dim(i) - 1) : at;
        default -> throw new IllegalArgumentException(op.label());
      };
      position = plusTimes(position, moved, strides[axis]);
    }
    return position;
  }

  /** Index along the axis of an Iota, from the {@link #parts} of a position. */
  static Form iota(Op.Iota op, List<Form> parts) {
    return parts.get(Runs.of(op, op.type().shape()).last.indexOf(op.axis()));
  }

  private static Form plusTimes(Form sum, @Nullable Form term, long stride) {
    return term == null ? sum : sum.plus(term.times(stride));
  }
}
