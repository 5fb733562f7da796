package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Expr.BinaryOp;
import dev.ashlar.backend.cpu.kernel.Expr.CompareOp;
import dev.ashlar.backend.cpu.kernel.Expr.IndexOp;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What convolutions and pools share: positions of the result with the last spatial axis in lanes, the
 * window's elements one after the other, and what lies in the padding left out.
 */
final class SpatialKernel {

  /**
   * An element of the window for sixteen positions of the result.
   *
   * @param value elements of x; the fill in lanes outside
   * @param inside lanes that do not lie in the padding; null if none does
   * @param index along the last axis of x
   */
  record Lanes(Local value, @Nullable Local inside, Local index) {}

  /** What is done with an element of the window. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param row place in S of the row that the element lies in
     * @param shift its index along that row, for position 0 of the last axis
     * @param number counts the elements
     */
    void visit(Local row, Local shift, Local number);
  }

  /** Most elements of a window that is written without a loop: 3 x 3. */
  private static final int UNROLLED = 9;

  private final CallBuilder call;
  private final KernelBuilder code;
  private final Op.Window window;
  private final int axes;
  private final boolean even;
  private final boolean dense;
  private final Shape extent;
  private final boolean unrolled;
  /** For each axis, whether no window reaches the padding. */
  private final List<Boolean> within = new ArrayList<>();
  private final List<Local> extents = new ArrayList<>();
  private final List<Local> results = new ArrayList<>();
  private final List<Local> sizes = new ArrayList<>();
  private final List<Local> strides = new ArrayList<>();
  private final List<Local> steps = new ArrayList<>();
  private final List<Local> dilations = new ArrayList<>();
  private final List<Local> spreads = new ArrayList<>();
  private final List<Local> lows = new ArrayList<>();

  /**
   * @param x extents S of x
   * @param size extents K of the window
   * @param result extents P of the result
   * @param unrolls whether the elements of a small window are written one after the other, without a loop
   */
  SpatialKernel(CallBuilder call, Op.Window window, Shape x, Shape size, Shape result, boolean unrolls) {
    this.call = call;
    this.window = window;
    code = call.code;
    axes = x.rank();
    extent = size;
    unrolled = unrolls && size.size() <= UNROLLED;
    even = window.inputDilation().getLast() == 1;
    dense = even && window.stride().getLast() == 1;
    long[] planeStrides = x.strides();
    for (int i = 0; i < axes; i++) {
      extents.add(call.index(x.dim(i)));
      results.add(call.index(result.dim(i)));
      sizes.add(unrolled ? code.constant((long) size.dim(i)) : call.index(size.dim(i)));
      strides.add(i == axes - 1 ? code.constant(1) : call.index(planeStrides[i]));
      steps.add(number(window.stride().get(i)));
      dilations.add(number(window.kernelDilation().get(i)));
      spreads.add(number(window.inputDilation().get(i)));
      lows.add(call.index(window.low().get(i)));
      long last = (result.dim(i) - 1L) * window.stride().get(i)
          + (size.dim(i) - 1L) * window.kernelDilation().get(i) - window.low().get(i);
      within.add(window.low().get(i) <= 0 && window.inputDilation().get(i) == 1 && last < x.dim(i));
    }
  }

  /** A parameter, but for 1 and 2, which are part of the structure: there are better ways to read such elements. */
  private Local number(int value) {
    return value == 1 || value == 2 ? code.constant((long) value) : call.index(value);
  }

  /** What is done for sixteen positions of the result. */
  @FunctionalInterface
  interface Positions {
    /**
     * @param outer index along each axis but the last
     * @param lane index of the first along the last
     * @param place row-major place in P of the first
     */
    void visit(List<Local> outer, Local lane, Local place);
  }

  /** Loops over all positions of the result. */
  void positions(Positions body) {
    positions(new ArrayList<>(), code.constant(0), body);
  }

  private void positions(List<Local> outer, Local place, Positions body) {
    int axis = outer.size();
    Local from = code.mul(place, results.get(axis));
    if (axis == axes - 1) {
      code.vectorLoop(code.constant(0), results.get(axis),
          lane -> body.visit(outer, lane, code.add(from, lane)));
      return;
    }
    code.loop(code.constant(0), results.get(axis), 1, i -> {
      List<Local> deeper = new ArrayList<>(outer);
      deeper.add(i);
      positions(deeper, code.add(from, i), body);
    });
  }

  /** Loops over the window's elements that touch x for these positions (along all axes but the last). */
  void elements(List<Local> outer, Visitor body) {
    elements(0, outer, code.constant(0), code.constant(0), body);
  }

  private void elements(int axis, List<Local> outer, Local row, Local number, Visitor body) {
    along(axis, k -> {
      Local next = code.offset(k, number, sizes.get(axis));
      if (axis == axes - 1) {
        body.visit(row, code.sub(code.mul(k, dilations.get(axis)), lows.get(axis)), next);
        return;
      }
      Local at = code.sub(code.offset(code.mul(outer.get(axis), steps.get(axis)), k, dilations.get(axis)),
          lows.get(axis));
      inside(axis, at, place ->
          elements(axis + 1, outer, code.offset(row, place, strides.get(axis)), next, body));
    });
  }

  private void along(int axis, Consumer<Local> body) {
    if (!unrolled) {
      code.loop(code.constant(0), sizes.get(axis), 1, body);
      return;
    }
    for (long k = 0; k < extent.dim(axis); k++) {
      body.accept(code.constant(k));
    }
  }

  private void inside(int axis, Local at, Consumer<Local> then) {
    if (within.get(axis)) {
      then.accept(at);
      return;
    }
    Local zero = code.constant(0);
    code.branch(CompareOp.GE, at, zero, () -> {
      if (window.inputDilation().get(axis) == 1) {
        code.branch(CompareOp.LT, at, extents.get(axis), () -> then.accept(at), () -> {});
        return;
      }
      Local place = code.div(at, spreads.get(axis));
      Local rest = code.index(IndexOp.REM, at, spreads.get(axis));
      code.branch(CompareOp.EQ, rest, zero,
          () -> code.branch(CompareOp.LT, place, extents.get(axis), () -> then.accept(place), () -> {}),
              () -> {});
    }, () -> {});
  }

  /**
   * Reads sixteen elements of x.
   *
   * @param base place of the plane in x
   * @param lane index of the first position along the last axis of the result
   * @param fill bits of what lanes in the padding get
   */
  Lanes read(Memory x, Local base, Local row, Local shift, Local lane, int fill) {
    int axis = axes - 1;
    Local start = code.offset(shift, lane, steps.get(axis));
    Local index = code.let(new Expr.Iota(start));
    if (!dense) {
      Local lanes = code.let(new Expr.Iota(code.constant(0)));
      index = code.add(code.let(new Expr.Splat(start)), code.mul(lanes, splat(steps.get(axis))));
    }
    if (within.get(axis)) {
      Access access = dense ? new Access.Contiguous() : new Access.Strided(steps.get(axis));
      return new Lanes(code.load(x, code.add(code.add(base, row), start), access, null, fill), null, index);
    }
    Local inside = code.compare(CompareOp.GE, index, code.intConstant(0));
    if (!even) {
      Local spread = splat(spreads.get(axis));
      Local half = code.add(code.unary(Expr.UnaryOp.TO_F32, index), code.constant(0.5f));
      Local place = code.unary(Expr.UnaryOp.TO_I32, code.div(half, code.unary(Expr.UnaryOp.TO_F32, spread)));
      Local whole = code.compare(CompareOp.EQ, code.mul(place, spread), index);
      inside = code.binary(BinaryOp.AND, inside, whole);
      index = place;
    }
    inside = code.binary(BinaryOp.AND, inside, code.compare(CompareOp.LT, index, splat(extents.get(axis))));
    Access access = dense ? new Access.Contiguous() : even ? new Access.Strided(steps.get(axis))
        : new Access.Gather(index);
    Local origin = code.add(base, row);
    Local value = code.load(x, even ? code.add(origin, start) : origin, access, inside, fill);
    return new Lanes(value, inside, index);
  }

  private Local splat(Local index) {
    return code.let(new Expr.Splat(index));
  }
}
