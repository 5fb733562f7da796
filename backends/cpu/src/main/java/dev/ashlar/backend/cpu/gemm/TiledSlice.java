package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.gemm.GemmKernels.TileParameter;
import dev.ashlar.backend.cpu.gemm.GemmPacking.PackParameter;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a product by kernels: tiles in registers, panels of B packed for them. */
final class TiledSlice implements GemmSlice {

  private static final int LANES = Type.LANES;
  private static final int STREAM_COLUMNS = 1024;

  /** A column of tiles: how B is packed for it, and its bands. */
  private record Panel(int start, int width, int columns, @Nullable Call pack, List<Band> bands) {}

  private final GemmSpec spec;
  private final GemmPlan plan;
  private final Routines routines;
  private final SegmentAllocator allocator;
  private final Range rows;
  private final Map<Routines.Key, Call> calls = new HashMap<>();
  private final List<Call> tileCalls = new ArrayList<>();
  private final List<Call> packCalls = new ArrayList<>();
  private final List<Panel> panels = new ArrayList<>();
  private final @Nullable Call packA;
  /** From one row of A to the next, as tiles read it; of no use where it is packed in tiles. */
  private final long aRow;

  TiledSlice(GemmSpec spec, Routines routines, Range rows, Range columns, SegmentAllocator allocator) {
    this.spec = spec;
    this.routines = routines;
    this.allocator = allocator;
    this.rows = rows;
    plan = GemmPlan.of(spec, routines.tile(), rows, columns);
    switch (plan.method()) {
      case DOTS -> panels.add(whole(columns,
          new Routines.Dots(rows.size(), routines.tile().group(), spec.a().element(), spec.b().element()), 1));
      case STREAMS -> addStreams(columns);
      case TILES -> addPanels(columns);
    }
    aRow = plan.left() == GemmPlan.Left.ROWS ? LANES * Math.ceilDiv(spec.k(), LANES) : spec.a().row();
    packA = switch (plan.left()) {
      case IN_PLACE -> null;
      case ROWS -> copyA();
      case TILES -> packA();
    };
    if (plan.packsB()) {
      long bytes = (long) (plan.depthBlock() + LANES) * plan.vectors() * LANES * Float.BYTES;
      var packed = allocator.allocate(bytes, 64);
      packCalls.stream().filter(call -> call != packA).forEach(call -> call.set(PackParameter.TO, packed));
      tileCalls.forEach(call -> call.set(TileParameter.B, packed));
    }
  }

  private void addPanels(Range columns) {
    int all = Math.ceilDiv(columns.size(), LANES);
    for (var group : Gemm.balanced(all, plan.vectors())) {
      int start = group.start() * LANES;
      int width = Math.min(columns.size() - start, group.size() * LANES);
      boolean partial = width < group.size() * LANES;
      panels.add(new Panel(columns.start() + start, group.size() * LANES, width, packB(group.size(), partial),
          bands(group.size(), partial)));
    }
  }

  /** Columns that a kernel does by itself. */
  private Panel whole(Range columns, Routines.Key kernel, int tiles) {
    return new Panel(columns.start(), columns.size(), columns.size(), null,
        List.of(new Band(rows.start(), rows.size(), tiles, call(kernel, tileCalls))));
  }

  /** Several rows find in the near cache what the first one fetched. */
  private void addStreams(Range columns) {
    int width = rows.size() == 1 ? columns.size() : STREAM_COLUMNS;
    for (int start = 0; start < columns.size(); start += width) {
      panels.add(whole(new Range(columns.start() + start, Math.min(width, columns.size() - start)),
          new Routines.Streams(Math.min(2, rows.size()), spec.a().element(), spec.b().element()), rows.size()));
    }
  }

  private List<Band> bands(int vectors, boolean partial) {
    var layout = plan.layout(spec, routines.tile(), vectors);
    return Band.of(rows.start(), plan.tiles(rows.size()),
        tile -> call(new Routines.Tiles(tile.size(), vectors, partial, layout), tileCalls));
  }

  private @Nullable Call packB(int vectors, boolean partial) {
    if (!plan.packsB()) {
      return null;
    }
    Routines.Key key;
    if (spec.b().column() == 1) {
      key = new Routines.PackRows(vectors, partial, spec.b().element());
    } else if (spec.b().row() != 1) {
      key = new Routines.PackStrided(vectors, spec.b().element());
    } else {
      key = routines.tile().byCompiler() ? new Routines.PackSingly(vectors, spec.b().element())
          : new Routines.PackColumns(vectors, spec.b().element());
    }
    var call = call(key, packCalls);
    call.set(PackParameter.FROM_ROW, spec.b().row());
    call.set(PackParameter.FROM_COLUMN, spec.b().column());
    return call;
  }

  private Call packA() {
    int height = plan.height();
    long size = Math.ceilDiv(rows.size(), height) * GemmPacking.packedTile(height, plan.depthBlock());
    var packed = allocator.allocate(size * Float.BYTES, 64);
    var call = call(new Routines.PackTiles(height, spec.a().element()), packCalls);
    call.set(PackParameter.TO, packed);
    call.set(PackParameter.FROM_COLUMN, spec.a().column());
    call.set(PackParameter.COLUMNS, rows.size());
    leftIs(packed, 1, height);
    return call;
  }

  private Call copyA() {
    int vectors = Math.ceilDiv(spec.k(), LANES);
    var copied = allocator.allocate(rows.size() * aRow * Float.BYTES, 64);
    // A call of its own: rows of B may be as long.
    var key = new Routines.PackRows(vectors, spec.k() % LANES != 0, spec.a().element());
    var call = Call.of(routines.get(key), allocator);
    packCalls.add(call);
    call.set(PackParameter.TO, copied);
    call.set(PackParameter.FROM_ROW, spec.a().row());
    call.set(PackParameter.COLUMNS, spec.k());
    leftIs(copied, aRow, 1);
    return call;
  }

  private void leftIs(MemorySegment packed, long row, long column) {
    for (var tileCall : tileCalls) {
      tileCall.set(TileParameter.A, packed);
      tileCall.set(TileParameter.A_ROW, row);
      tileCall.set(TileParameter.A_COLUMN, column);
    }
  }

  private Call call(Routines.Key key, List<Call> kind) {
    return calls.computeIfAbsent(key, k -> {
      var call = Call.of(routines.get(k), allocator);
      kind.add(call);
      if (kind == tileCalls) {
        call.set(TileParameter.A_ROW, spec.a().row());
        call.set(TileParameter.A_COLUMN, spec.a().column());
        call.set(TileParameter.C_ROW, spec.cRow());
      }
      return call;
    });
  }

  @Override
  public void bind(MemorySegment a, MemorySegment b, MemorySegment c) {
    // In a loop this is done at each step, without an iterator or a closure.
    for (int i = 0; i < tileCalls.size(); i++) {
      var call = tileCalls.get(i);
      call.set(TileParameter.C, c);
      if (packA == null) {
        call.set(TileParameter.A, a);
      }
      if (!plan.packsB()) {
        call.set(TileParameter.B, b);
        if (plan.dots() && spec.b().element() == Element.BF16) {
          call.arguments().set(FewRows.PAIRS, b);
        }
      }
    }
    for (int i = 0; i < packCalls.size(); i++) {
      var call = packCalls.get(i);
      call.set(PackParameter.FROM, call == packA ? a : b);
    }
  }

  @Override
  public void run(long aOffset, long bOffset, long cOffset) {
    for (int k = 0; k < spec.k(); k += plan.depthBlock()) {
      int depth = Math.min(plan.depthBlock(), spec.k() - k);
      long a = aOffset + k * spec.a().column() + rows.start() * spec.a().row();
      long b = bOffset + k * spec.b().row();
      if (packA != null) {
        packA.set(PackParameter.FROM_OFFSET, a);
        packA.set(PackParameter.DEPTH, plan.left() == GemmPlan.Left.ROWS ? rows.size() : depth);
        packA.run();
        a = 0;
      }
      for (int i = 0; i < panels.size(); i++) {
        panel(panels.get(i), a, b, cOffset, depth, spec.accumulate() || k > 0);
      }
    }
  }

  private void panel(Panel panel, long a, long b, long c, int depth, boolean accumulate) {
    long right = b + panel.start() * spec.b().column();
    long rightRow = plan.dots() ? spec.b().column() : spec.b().row();
    if (panel.pack() != null) {
      panel.pack().set(PackParameter.FROM_OFFSET, right);
      panel.pack().set(PackParameter.DEPTH, depth);
      panel.pack().set(PackParameter.COLUMNS, panel.columns());
      panel.pack().run();
      right = 0;
      rightRow = panel.width();
    }
    boolean inTiles = plan.left() == GemmPlan.Left.TILES;
    long packedTile = GemmPacking.packedTile(plan.height(), depth);
    var bands = panel.bands();
    for (int i = 0; i < bands.size(); i++) {
      var band = bands.get(i);
      var call = band.call();
      int before = band.start() - rows.start();
      call.set(TileParameter.A_OFFSET, a + (inTiles ? before / plan.height() * packedTile : before * aRow));
      call.set(TileParameter.A_TILE, inTiles ? packedTile : band.height() * aRow);
      call.set(TileParameter.B_OFFSET, right);
      call.set(TileParameter.B_ROW, rightRow);
      call.set(TileParameter.C_OFFSET, c + band.start() * spec.cRow() + panel.start());
      call.set(TileParameter.TILES, band.tiles());
      call.set(TileParameter.DEPTH, depth);
      call.set(TileParameter.COLUMNS, panel.columns());
      call.set(TileParameter.ACCUMULATE, accumulate ? 1 : 0);
      call.run();
    }
  }
}
