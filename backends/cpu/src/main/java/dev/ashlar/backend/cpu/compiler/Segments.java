package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The axes of a reduction's operand, neighbours of one kind merged and extents of 1 left out. The order of
 * summation follows from this alone.
 *
 * @param extents of the segments
 * @param reduced which of them are reduced
 */
record Segments(List<Integer> extents, List<Boolean> reduced) {

  static Segments of(Shape shape, List<Integer> axes) {
    List<Integer> extents = new ArrayList<>();
    List<Boolean> reduced = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      boolean gone = axes.contains(i);
      if (shape.dim(i) == 1) {
        continue;
      }
      if (!reduced.isEmpty() && reduced.getLast() == gone) {
        extents.set(extents.size() - 1, Math.multiplyExact(extents.getLast(), shape.dim(i)));
      } else {
        extents.add(shape.dim(i));
        reduced.add(gone);
      }
    }
    return new Segments(extents, reduced);
  }

  /** Whether the last segment is reduced: lanes run along it. Else they run across, and rows are added up. */
  boolean isRows() {
    return reduced.isEmpty() || reduced.getLast();
  }

  /** Extents of the segments that stay. */
  Shape kept() {
    return select(false);
  }

  /** Extents of the segments that are reduced. */
  Shape gone() {
    return select(true);
  }

  private Shape select(boolean kind) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < extents.size(); i++) {
      if (reduced.get(i) == kind) {
        chosen.add(extents.get(i));
      }
    }
    return Shape.of(chosen.stream().mapToInt(i -> i).toArray());
  }

  /** The loops of a kernel of its own for this reduction. */
  Space space() {
    int[] all = extents.stream().mapToInt(i -> i).toArray();
    boolean[] inner = new boolean[all.length];
    for (int i = 0; i < inner.length; i++) {
      inner[i] = reduced.get(i);
    }
    return new Space(all, inner, !isRows());
  }

  /** Position in the operand, from the index along each segment that stays and each that is reduced. */
  Form operand(List<Form> kept, List<Form> gone, int axesOfSpace) {
    Form position = Form.zero(axesOfSpace);
    int nextKept = kept.size();
    int nextGone = gone.size();
    long stride = 1;
    for (int i = extents.size() - 1; i >= 0; i--) {
      Form at = reduced.get(i) ? gone.get(--nextGone) : kept.get(--nextKept);
      position = position.plus(at.times(stride));
      stride *= extents.get(i);
    }
    return position;
  }
}
