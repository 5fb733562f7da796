package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.gemm.GemmKernels.PackParameter;
import dev.ashlar.backend.cpu.gemm.GemmKernels.TileParameter;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a product by kernels: tiles in registers, panels of B packed for them. From outside to inside the
 * loops go over groups of panels, blocks of k, blocks of rows, panels, tiles.
 */
final class TiledSlice implements GemmSlice {

  private static final int LANES = Type.LANES;
  /** So many columns of B are packed at a time where several blocks of rows need them: 2 MiB of 512 steps. */
  private static final int GROUP_COLUMNS = 1024;

  /** A kernel ready to be called. */
  private record Call(CompiledKernel kernel, Arguments arguments) {
    void run() {
      kernel.run(arguments);
    }
  }

  /** Tiles of one height below each other, and how they are computed: in the last block of k with the epilogue. */
  private record Band(int start, int height, int tiles, Call call, Call lastCall) {}

  /** Rows of C: the bands for each form of panel. */
  private record Block(int start, int size, List<List<Band>> bands) {}

  /** What the kernels of a panel depend on. */
  private record Form(int width, boolean partial) {}

  /** Columns of C: how B is packed for them, and at which element of the packed panels. */
  private record Panel(int start, int columns, int width, int form, @Nullable Call pack, MemorySegment packed,
      long packedAt) {}

  private final GemmSpec spec;
  private final GemmPlan plan;
  private final Routines routines;
  private final SegmentAllocator allocator;
  private final Map<Routines.Key, Call> calls = new HashMap<>();
  private final List<Call> tileCalls = new ArrayList<>();
  private final List<Call> packCalls = new ArrayList<>();
  private final List<Form> forms = new ArrayList<>();
  private final List<Panel> panels = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  /** So many panels share the packed rows of A. */
  private final int group;
  /** So many packed panels are kept: all of a group if another block of rows comes back to them. */
  private final int places;
  private final long panelSize;
  private final MemorySegment packed;
  private final @Nullable Call packA;

  TiledSlice(GemmSpec spec, Routines routines, Range rows, Range columns, SegmentAllocator allocator) {
    this.spec = spec;
    this.routines = routines;
    this.allocator = allocator;
    plan = GemmPlan.of(spec, routines.tile(), rows, columns);
    var tiles = plan.blocks(rows.size());
    var parts = plan.panels(columns.size());
    boolean once = tiles.size() == 1;
    group = once ? parts.size() : Math.clamp(GROUP_COLUMNS / (plan.vectors() * LANES), 1, parts.size());
    places = once ? 1 : group;
    // Packing may write 15 rows too many.
    panelSize = plan.packsB() ? (long) (plan.depthBlock() + LANES) * plan.vectors() * LANES : 0;
    packed = allocator.allocate(panelSize * places * Float.BYTES, 64);
    parts.forEach(part -> addPanel(columns.start(), part));
    tiles.forEach(block -> addBlock(rows.start(), block));
    packA = plan.packsA() ? packA() : null;
  }

  private void addPanel(int first, Range part) {
    int width = Math.ceilDiv(part.size(), LANES) * LANES;
    var form = new Form(width, part.size() < width);
    if (!forms.contains(form)) {
      forms.add(form);
    }
    long at = panels.size() % places * panelSize;
    panels.add(new Panel(first + part.start(), part.size(), width, forms.indexOf(form),
        plan.packsB() ? packB(form) : null, packed.asSlice(at * Float.BYTES), at));
  }

  private void addBlock(int first, List<Range> tiles) {
    int start = tiles.getFirst().start();
    int end = tiles.getLast().start() + tiles.getLast().size();
    blocks.add(new Block(first + start, end - start,
        forms.stream().map(form -> bands(first, tiles, form)).toList()));
  }

  private List<Band> bands(int first, List<Range> tiles, Form form) {
    var bands = new ArrayList<Band>();
    for (var tile : tiles) {
      var above = bands.isEmpty() ? null : bands.getLast();
      if (above != null && above.height() == tile.size()) {
        bands.set(bands.size() - 1,
            new Band(above.start(), above.height(), above.tiles() + 1, above.call(), above.lastCall()));
      } else {
        bands.add(new Band(first + tile.start(), tile.size(), 1, multiply(tile.size(), form, Epilogue.NONE),
            multiply(tile.size(), form, spec.epilogue())));
      }
    }
    return bands;
  }

  private Call multiply(int height, Form form, Epilogue epilogue) {
    return call(plan.dots() ? new Routines.Dots(height, epilogue)
        : new Routines.Tiles(height, form.width() / LANES, form.partial(), epilogue), tileCalls, call -> {
      set(call, TileParameter.A_ROW, spec.a().row());
      set(call, TileParameter.A_COLUMN, spec.a().column());
      set(call, TileParameter.B, packed);
      set(call, TileParameter.C_ROW, spec.cRow());
    });
  }

  private Call packB(Form form) {
    int vectors = form.width() / LANES;
    Routines.Key key;
    if (spec.b().column() == 1) {
      key = new Routines.PackRows(vectors, form.partial());
    } else if (spec.b().row() != 1) {
      key = new Routines.PackStrided(vectors);
    } else {
      key = routines.tile().exchanges() ? new Routines.PackColumns(vectors) : new Routines.PackSingly(vectors);
    }
    return call(key, packCalls, call -> {
      set(call, PackParameter.FROM_ROW, spec.b().row());
      set(call, PackParameter.FROM_COLUMN, spec.b().column());
    });
  }

  private Call packA() {
    int height = plan.height();
    int most = blocks.stream().mapToInt(Block::size).max().orElseThrow();
    var tiles = allocator.allocate(
        Math.ceilDiv(most, height) * GemmKernels.packedTile(height, plan.depthBlock()) * Float.BYTES, 64);
    for (var call : tileCalls) {
      set(call, TileParameter.A, tiles);
      set(call, TileParameter.A_ROW, 1);
      set(call, TileParameter.A_COLUMN, height);
    }
    return call(new Routines.PackTiles(height), packCalls, call -> {
      set(call, PackParameter.TO, tiles);
      set(call, PackParameter.FROM_COLUMN, spec.a().column());
    });
  }

  private Call call(Routines.Key key, List<Call> kind, Consumer<Call> setting) {
    return calls.computeIfAbsent(key, k -> {
      var routine = routines.get(k);
      var call = new Call(routine.compiled(), new Arguments(routine.kernel(), allocator));
      setting.accept(call);
      kind.add(call);
      return call;
    });
  }

  private static void set(Call call, Enum<?> parameter, long value) {
    call.arguments().set(parameter.ordinal(), value);
  }

  private static void set(Call call, Enum<?> parameter, MemorySegment segment) {
    call.arguments().set(parameter.ordinal(), segment);
  }

  @Override
  public List<Arguments> epilogueArguments() {
    return blocks.stream().flatMap(block -> block.bands().stream()).flatMap(List::stream)
        .map(band -> band.lastCall().arguments()).distinct().toList();
  }

  @Override
  public void bind(MemorySegment a, MemorySegment b, MemorySegment c) {
    for (var call : tileCalls) {
      set(call, TileParameter.C, c);
      if (!plan.packsA()) {
        set(call, TileParameter.A, a);
      }
      if (!plan.packsB()) {
        set(call, TileParameter.B, b);
      }
    }
    packCalls.forEach(call -> set(call, PackParameter.FROM, call == packA ? a : b));
  }

  @Override
  public void run(long aOffset, long bOffset, long cOffset) {
    for (int first = 0; first < panels.size(); first += group) {
      int end = Math.min(panels.size(), first + group);
      for (int k = 0; k < spec.k(); k += plan.depthBlock()) {
        for (int i = 0; i < blocks.size(); i++) {
          var block = blocks.get(i);
          long a = left(block, aOffset + k * spec.a().column(), k);
          for (int j = first; j < end; j++) {
            var panel = panels.get(j);
            long b = right(panel, bOffset + k * spec.b().row(), k, i == 0);
            multiply(block, panel, a, b, cOffset, k);
          }
        }
      }
    }
  }

  /** Where the rows of A begin; packs them. */
  private long left(Block block, long offset, int k) {
    long from = offset + block.start() * spec.a().row();
    if (packA == null) {
      return from;
    }
    set(packA, PackParameter.FROM_OFFSET, from);
    set(packA, PackParameter.DEPTH, depth(k));
    set(packA, PackParameter.COLUMNS, block.size());
    packA.run();
    return 0;
  }

  /** Where the columns of B begin; packs them for the first block of rows. */
  private long right(Panel panel, long offset, int k, boolean firstBlock) {
    long from = offset + panel.start() * spec.b().column();
    var pack = panel.pack();
    if (pack == null) {
      return from;
    }
    if (firstBlock) {
      set(pack, PackParameter.TO, panel.packed());
      set(pack, PackParameter.FROM_OFFSET, from);
      set(pack, PackParameter.DEPTH, depth(k));
      set(pack, PackParameter.COLUMNS, panel.columns());
      pack.run();
    }
    return panel.packedAt();
  }

  private int depth(int k) {
    return Math.min(plan.depthBlock(), spec.k() - k);
  }

  private void multiply(Block block, Panel panel, long a, long b, long c, int k) {
    int depth = depth(k);
    boolean last = k + depth == spec.k();
    long row = plan.packsB() ? panel.width() : plan.dots() ? spec.b().column() : spec.b().row();
    var bands = block.bands().get(panel.form());
    for (int i = 0; i < bands.size(); i++) {
      var band = bands.get(i);
      var call = last ? band.lastCall() : band.call();
      int before = band.start() - block.start();
      long tile = plan.packsA() ? GemmKernels.packedTile(plan.height(), depth) : band.height() * spec.a().row();
      long skipped = plan.packsA() ? before / plan.height() * tile : before * spec.a().row();
      set(call, TileParameter.A_OFFSET, a + skipped);
      set(call, TileParameter.A_TILE, tile);
      set(call, TileParameter.B_OFFSET, b);
      set(call, TileParameter.B_ROW, row);
      set(call, TileParameter.C_OFFSET, c + band.start() * spec.cRow() + panel.start());
      set(call, TileParameter.TILES, band.tiles());
      set(call, TileParameter.DEPTH, depth);
      set(call, TileParameter.COLUMNS, panel.columns());
      set(call, TileParameter.ACCUMULATE, spec.accumulate() || k > 0 ? 1 : 0);
      set(call, TileParameter.FIRST_ROW, band.start());
      set(call, TileParameter.FIRST_COLUMN, panel.start());
      call.run();
    }
  }
}
