package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr.IndexOp;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.backend.cpu.kernel.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What is copied before and after the products of a convolution. */
final class ConvolutionKernels {

  private static final Access CONTIGUOUS = new Access.Contiguous();

  private ConvolutionKernels() {}

  /**
   * Copies planes of x to where {@link ConvolutionSpec} wants them, zeros between and around. Sixteen elements
   * behind the last plane are overwritten.
   *
   * @param axes of a plane
   * @param strided for each axis, whether its stride is not 1
   * @param spread for each axis, whether its elements are parted
   */
  static Kernel pad(int axes, List<Boolean> strided, List<Boolean> spread) {
    return new Pad(axes, strided, spread).write();
  }

  /** Parameters along an axis i have the number behind their names. */
  private static final class Pad {
    private final KernelBuilder b = new KernelBuilder("convolution_pad");
    private final Memory from = b.buffer("from", Element.F32);
    private final Memory to = b.buffer("to", Element.F32);
    private final Local offset = b.index("from_offset");
    private final Local step = b.index("from_step");
    private final Local planes = b.index("planes");
    private final Local plane = b.index("plane");
    private final Local phase = b.index("phase");
    private final List<Local> starts;
    private final List<Local> ends;
    private final List<Local> rows;
    private final List<Local> lows;
    private final List<Local> pitches;
    private final List<Local> strides;
    private final List<Local> phases;
    private final List<Local> spreads;
    private final Local phaseExtent = b.index("phase_extent");
    private final int last;
    private final boolean dense;
    private final List<Boolean> strided;

    Pad(int axes, List<Boolean> strided, List<Boolean> spread) {
      this.strided = strided;
      last = axes - 1;
      dense = !strided.contains(true) && !spread.contains(true);
      starts = each(axes, "start");
      ends = each(axes, "end");
      rows = each(axes, "row");
      lows = each(axes, "low");
      pitches = each(axes, "pitch");
      phases = each(axes, "phases");
      strides = some(strided, "stride");
      spreads = some(spread, "spread");
    }

    private List<Local> each(int axes, String name) {
      return IntStream.range(0, axes).mapToObj(i -> b.index(name + i)).toList();
    }

    private List<Local> some(List<Boolean> wanted, String name) {
      List<Local> all = new ArrayList<>();
      for (int i = 0; i < wanted.size(); i++) {
        all.add(wanted.get(i) ? b.index(name + i) : b.constant(1));
      }
      return all;
    }

    Kernel write() {
      Local zero = b.constant(0);
      b.loop(zero, b.mul(planes, plane), Type.LANES, i -> b.store(to, i, b.constant(0f)));
      b.loop(zero, planes, 1, p -> axis(0, b.offset(offset, p, step), b.mul(p, plane)));
      return b.build();
    }

    private void axis(int axis, Local source, Local target) {
      if (axis == last) {
        row(source, target);
        return;
      }
      b.loop(starts.get(axis), ends.get(axis), 1, x -> {
        Local u = b.offset(lows.get(axis), x, spreads.get(axis));
        Local next = target;
        if (strided.get(axis)) {
          Local residue = b.index(IndexOp.REM, u, strides.get(axis));
          next = b.offset(next, b.mul(residue, phases.get(axis)), phase);
          u = b.div(u, strides.get(axis));
        }
        axis(axis + 1, b.offset(source, x, rows.get(axis)), b.offset(next, u, pitches.get(axis)));
      });
    }

    private void row(Local source, Local target) {
      Local low = lows.get(last);
      if (dense) {
        // Stores are whole: the zeros behind a row come before the next row, which lies behind them.
        b.loop(starts.get(last), ends.get(last), Type.LANES, x -> {
          Local mask = b.firstLanes(b.sub(ends.get(last), x));
          b.store(to, b.add(b.add(target, low), x), CONTIGUOUS,
              b.load(from, b.add(source, x), CONTIGUOUS, mask, 0), null);
        });
        return;
      }
      if (!strided.get(last)) {
        Local spread = spreads.get(last);
        b.vectorLoop(starts.get(last), ends.get(last), x -> b.storeStrided(to, b.offset(b.add(target, low), x, spread),
            spread, b.load(from, b.add(source, x))));
        return;
      }
      Local stride = strides.get(last);
      b.loop(b.constant(0), stride, 1, residue -> {
        // u = a * stride + residue, x = u - low, from the first x that is there to the last.
        Local before = b.sub(b.add(low, stride), b.add(residue, b.constant(1)));
        Local first = b.max(b.constant(0), b.div(b.add(before, starts.get(last)), stride));
        Local end = b.min(phaseExtent, b.div(b.add(before, ends.get(last)), stride));
        Local begin = b.sub(b.add(source, residue), low);
        Local into = b.offset(target, b.mul(residue, phases.get(last)), phase);
        b.vectorLoop(first, end, a ->
            b.store(to, b.add(into, a), b.loadStrided(from, b.offset(begin, a, stride), stride)));
      });
    }
  }

  /**
   * Copies rows of positions out of rows that have more between them. Of the first WHOLE outputs all stores are whole:
   * the row that comes next is behind what they write too much.
   */
  static Kernel pick(int axes) {
    var b = new KernelBuilder("convolution_pick");
    var from = b.buffer("from", Element.F32);
    var to = b.buffer("to", Element.F32);
    var outputs = b.index("outputs");
    var whole = b.index("whole");
    var span = b.index("span");
    var offset = b.index("to_offset");
    List<Local> positions = IntStream.range(0, axes).mapToObj(i -> b.index("positions" + i)).toList();
    List<Local> pitches = IntStream.range(0, axes).mapToObj(i -> b.index("pitch" + i)).toList();
    var zero = b.constant(0);
    var width = positions.getLast();
    Row whenWhole = (source, row) -> b.loop(zero, width, Type.LANES, i ->
        b.store(to, b.add(b.offset(offset, row, width), i), b.load(from, b.add(source, i))));
    Row atLast = (source, row) -> b.vectorLoop(zero, width, i ->
        b.store(to, b.add(b.offset(offset, row, width), i), b.load(from, b.add(source, i))));
    b.loop(zero, whole, 1, o -> rows(0, b, positions, pitches, b.mul(o, span), o, whenWhole));
    b.loop(whole, outputs, 1, o -> rows(0, b, positions, pitches, b.mul(o, span), o, atLast));
    return b.build();
  }

  private interface Row {
    void visit(Local source, Local number);
  }

  private static void rows(int axis, KernelBuilder b, List<Local> positions, List<Local> pitches, Local source,
      Local number, Row row) {
    if (axis == positions.size() - 1) {
      row.visit(source, number);
      return;
    }
    b.loop(b.constant(0), positions.get(axis), 1, p -> rows(axis + 1, b, positions, pitches,
        b.offset(source, p, pitches.get(axis)), b.offset(p, number, positions.get(axis)), row));
  }

  /** Copies sums [positions, outputs] of an example to [outputs, positions]. */
  static Kernel turn() {
    var b = new KernelBuilder("convolution_turn");
    var from = b.buffer("from", Element.F32);
    var to = b.buffer("to", Element.F32);
    var fromOffset = b.index("from_offset");
    var fromRow = b.index("from_row");
    var toOffset = b.index("to_offset");
    var toRow = b.index("to_row");
    var outputs = b.index("outputs");
    var count = b.index("count");
    b.loop(b.constant(0), outputs, 1, o -> b.vectorLoop(b.constant(0), count, p ->
        b.store(to, b.add(b.offset(toOffset, o, toRow), p),
            b.loadStrided(from, b.add(b.offset(fromOffset, p, fromRow), o), fromRow))));
    return b.build();
  }
}
