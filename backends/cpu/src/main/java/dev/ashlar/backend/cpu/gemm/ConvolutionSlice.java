package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.gemm.GemmKernels.Layout;
import dev.ashlar.backend.cpu.gemm.GemmKernels.Layout.Scattered;
import dev.ashlar.backend.cpu.gemm.GemmKernels.TileParameter;
import dev.ashlar.backend.cpu.gemm.GemmPacking.PackParameter;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a convolution by kernels of matrix products, without the matrix of all windows. x is padded, an example
 * or a channel at a time; products then read windows where they lie. An element of the result is one chain of
 * multiply-adds in the order channel, window.
 *
 * <p>Usually C [outputs, positions] = kernel [outputs, c K] times windows [c K, positions] for each example, positions
 * in lanes, with those between rows that are none: they are dropped. Where the window is larger than the result, C
 * [(example, position), outputs] += windows [.., K] times kernel [K, outputs] for each channel, outputs in lanes.
 */
public final class ConvolutionSlice {

  private static final int LANES = Type.LANES;

  /** A column of tiles; where the sum goes over the window, the kernel is packed for it. */
  private record Panel(int start, int width, List<Band> bands, @Nullable Call pack) {}

  private final ConvolutionSpec spec;
  private final Routines routines;
  private final SegmentAllocator kept;
  private final Range part;
  private final boolean overWindow;
  private final int positions;
  private final long image;
  private final int rows;
  private final int columns;
  private final int depth;
  private final int depthBlock;
  private final MemorySegment padded;
  private final MemorySegment sums;
  private final MemorySegment packed;
  private final MemorySegment rowPlaces;
  private final MemorySegment stepPlaces;
  private final long kernelRow;
  private final long plane;
  private final Call pad;
  private final Call finish;
  private final List<Panel> panels = new ArrayList<>();

  /**
   * Prepares.
   *
   * @param part of the examples; of (example, position) where the sum goes over the window
   * @param allocator for argument blocks, tables and working memory, 64-byte aligned
   * @param kept for tables, which stay the same from run to run
   */
  ConvolutionSlice(ConvolutionSpec spec, Routines routines, Range part, SegmentAllocator allocator,
      SegmentAllocator kept) {
    this.spec = spec;
    this.routines = routines;
    this.kept = kept;
    this.part = part;
    overWindow = spec.sumsOverWindow();
    positions = Math.toIntExact(ConvolutionSpec.size(spec.positions()));
    image = ConvolutionSpec.size(spec.extents());
    int window = Math.toIntExact(ConvolutionSpec.size(spec.window()));
    plane = spec.plane();
    kernelRow = (long) spec.channels() * window;
    rows = overWindow ? part.size() : spec.outputs();
    columns = LANES * Math.ceilDiv(overWindow ? spec.outputs() : Math.toIntExact(spec.span()), LANES);
    depth = overWindow ? window : spec.channels() * window;
    depthBlock = GemmPlan.depthBlock(depth, true, routines.tile().depth());
    long planes = overWindow ? examples() : spec.channels();
    int widest = routines.tile().vectors() * LANES;
    padded = allocator.allocate((planes * plane + columns + LANES) * Float.BYTES, 64);
    sums = allocator.allocate(((long) rows * columns + LANES) * Float.BYTES, 64);
    packed = allocator.allocate(overWindow ? (long) (depthBlock + LANES) * widest * Float.BYTES : 64, 64);
    rowPlaces = table(kept, overWindow ? rowPlaces() : new long[1]);
    stepPlaces = table(kept, overWindow ? spec.windowPlaces() : stepPlaces());
    pad = pad(planes);
    finish = overWindow ? call(new Routines.Turn()) : pick();
    addPanels();
  }

  private static MemorySegment table(SegmentAllocator kept, long[] places) {
    var table = kept.allocate(8L * places.length, 64);
    MemorySegment.copy(places, 0, table, ValueLayout.JAVA_LONG, 0, places.length);
    return table;
  }

  // ---- what is where

  private int firstExample() {
    return part.start() / positions;
  }

  /** Examples that the part touches. */
  private int examples() {
    return Math.ceilDiv(part.start() + part.size(), positions) - firstExample();
  }

  private long[] rowPlaces() {
    long[] within = spec.positionPlaces();
    return IntStream.range(part.start(), part.start() + part.size())
        .mapToLong(row -> (row / positions - firstExample()) * plane + within[row % positions]).toArray();
  }

  private long[] stepPlaces() {
    long[] within = spec.windowPlaces();
    return IntStream.range(0, depth).mapToLong(k -> k / within.length * plane + within[k % within.length]).toArray();
  }

  // ---- calls

  private Call call(Routines.Key key) {
    return Call.of(routines.get(key), kept);
  }

  private Call pad(long planes) {
    int axes = spec.axes();
    var call = call(new Routines.Pad(axes, spec.stride().stream().map(n -> n != 1).toList(),
        spec.inputDilation().stream().map(n -> n != 1).toList()));
    call.set("to", padded).set("planes", planes).set("plane", plane).set("phase", spec.phase())
        .set("phase_extent", spec.phaseExtent(axes - 1));
    for (int i = 0; i < axes; i++) {
      int low = spec.low().get(i);
      int spread = spec.inputDilation().get(i);
      int stride = spec.stride().get(i);
      call.set("start" + i, Math.max(0, Math.ceilDiv(-low, spread)))
          .set("end" + i, Math.min(spec.extents().get(i), Math.floorDiv(spec.reach(i) - 1 - low, spread) + 1))
          .set("row" + i, ConvolutionSpec.size(spec.extents().subList(i + 1, axes))).set("low" + i, low)
          .set("pitch" + i, spec.pitch(i)).set("phases" + i, ConvolutionSpec.size(spec.stride().subList(i + 1, axes)));
      if (stride != 1) {
        call.set("stride" + i, stride);
      }
      if (spread != 1) {
        call.set("spread" + i, spread);
      }
    }
    return call;
  }

  private Call pick() {
    var call = call(new Routines.Pick(spec.axes())).set("outputs", spec.outputs()).set("span", columns)
        .set("whole", Math.max(0, spec.outputs() - Math.ceilDiv(LANES, positions)));
    for (int i = 0; i < spec.axes(); i++) {
      call.set("positions" + i, spec.positions().get(i)).set("pitch" + i, spec.pitch(i));
    }
    return call;
  }

  private void addPanels() {
    var tile = routines.tile();
    for (var group : Gemm.balanced(columns / LANES, tile.vectors())) {
      int width = group.size() * LANES;
      var layout = overWindow ? new Layout(0, 0, width, Scattered.LEFT, tile.unroll(), Element.F32, Element.F32)
          : new Layout(0, 1, 0, Scattered.RIGHT, tile.unroll(), Element.F32, Element.F32);
      var bands = Band.of(0, Gemm.balanced(rows, Math.min(tile.height(), rows)),
          range -> call(group.size(), layout, range));
      panels.add(new Panel(group.start() * LANES, width, bands, overWindow ? pack(group.size()) : null));
    }
  }

  private Call call(int vectors, Layout layout, Range range) {
    var call = call(new Routines.Tiles(range.size(), vectors, false, layout))
        .set(TileParameter.C_ROW, columns).set(TileParameter.COLUMNS, (long) vectors * LANES)
        .set("rows_offset", range.start());
    call.set("rows", rowPlaces).set("steps", stepPlaces).set(TileParameter.C, sums);
    return overWindow ? call.set(TileParameter.A, padded).set(TileParameter.B, packed)
        : call.set(TileParameter.B, padded).set(TileParameter.A_ROW, kernelRow)
            .set(TileParameter.A_TILE, range.size() * kernelRow);
  }

  private Call pack(int vectors) {
    var call = call(routines.tile().byCompiler() ? new Routines.PackSingly(vectors, Element.F32)
        : new Routines.PackColumns(vectors, Element.F32));
    return call.set(PackParameter.TO, packed).set(PackParameter.FROM_ROW, 1).set(PackParameter.FROM_COLUMN, kernelRow);
  }

  // ---- running

  /** Says where the arrays are. */
  public void bind(MemorySegment x, MemorySegment kernel, MemorySegment result) {
    pad.set("from", x);
    finish.set("from", sums).set("to", result);
    for (var panel : panels) {
      if (panel.pack() != null) {
        panel.pack().set(PackParameter.FROM, kernel);
      } else {
        panel.bands().forEach(band -> band.call().set(TileParameter.A, kernel));
      }
    }
  }

  /** Computes this part. */
  public void run() {
    if (overWindow) {
      overWindow();
    } else {
      for (int example = part.start(); example < part.start() + part.size(); example++) {
        example(example);
      }
    }
  }

  private void example(int example) {
    pad.set("from_offset", (long) example * spec.channels() * image).set("from_step", image).run();
    for (int k = 0; k < depth; k += depthBlock) {
      int steps = Math.min(depthBlock, depth - k);
      for (int i = 0; i < panels.size(); i++) {
        var panel = panels.get(i);
        tiles(panel, k, steps, k > 0, panel.start());
      }
    }
    finish.set("to_offset", (long) example * spec.outputs() * positions).run();
  }

  private void overWindow() {
    for (int channel = 0; channel < spec.channels(); channel++) {
      pad.set("from_offset", ((long) firstExample() * spec.channels() + channel) * image)
          .set("from_step", spec.channels() * image).run();
      for (int k = 0; k < depth; k += depthBlock) {
        int steps = Math.min(depthBlock, depth - k);
        for (int i = 0; i < panels.size(); i++) {
          var panel = panels.get(i);
          Objects.requireNonNull(panel.pack()).set(PackParameter.FROM_OFFSET, panel.start() * kernelRow + (long) channel * depth + k)
              .set(PackParameter.DEPTH, steps)
              .set(PackParameter.COLUMNS, Math.min(panel.width(), spec.outputs() - panel.start())).run();
          tiles(panel, k, steps, channel > 0 || k > 0, 0);
        }
      }
    }
    for (int row = part.start(); row < part.start() + part.size(); ) {
      int example = row / positions;
      int position = row % positions;
      int count = Math.min(positions - position, part.start() + part.size() - row);
      finish.set("from_offset", (long) (row - part.start()) * columns).set("from_row", columns)
          .set("to_offset", (long) example * spec.outputs() * positions + position).set("to_row", positions)
          .set("outputs", spec.outputs()).set("count", count).run();
      row += count;
    }
  }

  private void tiles(Panel panel, int k, int steps, boolean accumulate, long right) {
    for (int i = 0; i < panel.bands().size(); i++) {
      var band = panel.bands().get(i);
      band.call().set(TileParameter.A_OFFSET, overWindow ? 0 : band.start() * kernelRow + k)
          .set(TileParameter.B_OFFSET, right)
          .set(TileParameter.C_OFFSET, (long) band.start() * columns + panel.start())
          .set(TileParameter.TILES, band.tiles()).set(TileParameter.DEPTH, steps)
          .set(TileParameter.ACCUMULATE, accumulate ? 1 : 0).set("steps_offset", k).run();
    }
  }
}
