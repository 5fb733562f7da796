package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.gemm.GemmKernels.PackParameter;
import dev.ashlar.backend.cpu.gemm.GemmKernels.TileParameter;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thread's part of a matrix product. Running it allocates nothing. */
public final class GemmSlice {

  /** A kernel ready to be called. */
  private record Call(CompiledKernel kernel, Arguments arguments) {
    void run() {
      kernel.run(arguments);
    }
  }

  /** Tiles of one height below each other. */
  private record Band(int start, int rows, Call call) {}

  /** A column of tiles: how B is packed for it, its bands, and those that end with the epilogue. */
  private record Panel(int start, int width, int columns, @Nullable Call pack, List<Band> bands,
      List<Band> lastBands) {}

  private final GemmSpec spec;
  private final KernelCompiler compiler;
  private final SegmentAllocator allocator;
  private final int depthBlock;
  private final Range rows;
  private final Map<Kernel, Call> calls = new HashMap<>();
  private final List<Call> tileCalls = new ArrayList<>();
  private final List<Call> packCalls = new ArrayList<>();
  private final List<Panel> panels = new ArrayList<>();
  private final boolean packs;

  GemmSlice(GemmSpec spec, KernelCompiler compiler, Tile tile, Range rows, Range columns,
      SegmentAllocator allocator) {
    this.spec = spec;
    this.compiler = compiler;
    this.allocator = allocator;
    this.rows = rows;
    packs = Gemm.packs(spec, rows);
    depthBlock = Gemm.depthBlock(spec, packs);
    int height = Math.min(tile.height(), rows.size());
    int vectors = packs ? tile.vectors() : Math.clamp((long) tile.height() * tile.vectors() / height, 1, 8);
    int lanes = Type.LANES;
    int all = (columns.size() + lanes - 1) / lanes;
    for (var group : Gemm.balanced(all, vectors)) {
      int start = group.start() * lanes;
      int width = Math.min(columns.size() - start, group.size() * lanes);
      boolean partial = width < group.size() * lanes;
      panels.add(new Panel(columns.start() + start, group.size() * lanes, width, packCall(group.size()),
          bands(tile, group.size(), partial, Epilogue.NONE), bands(tile, group.size(), partial, spec.epilogue())));
    }
    if (packs) {
      long bytes = (long) (depthBlock + lanes) * vectors * lanes * Float.BYTES;
      var packed = allocator.allocate(bytes, 64);
      packCalls.forEach(call -> set(call, PackParameter.TO, packed));
      tileCalls.forEach(call -> set(call, TileParameter.B, packed));
    }
  }

  private List<Band> bands(Tile tile, int vectors, boolean partial, Epilogue epilogue) {
    var bands = new ArrayList<Band>();
    for (var range : Gemm.balanced(rows.size(), tile.height())) {
      var last = bands.isEmpty() ? null : bands.getLast();
      int start = rows.start() + range.start();
      var call = call(GemmKernels.tiles(range.size(), vectors, partial, epilogue), tileCalls);
      if (last != null && last.call() == call) {
        bands.set(bands.size() - 1, new Band(last.start(), last.rows() + range.size(), call));
      } else {
        bands.add(new Band(start, range.size(), call));
      }
    }
    return bands;
  }

  private @Nullable Call packCall(int vectors) {
    if (!packs) {
      return null;
    }
    return call(spec.b().column() == 1 ? GemmKernels.packRows(vectors)
        : spec.b().row() == 1 ? GemmKernels.packColumns(vectors) : GemmKernels.packStrided(vectors), packCalls);
  }

  private Call call(Kernel kernel, List<Call> kind) {
    return calls.computeIfAbsent(kernel, k -> {
      var call = new Call(compiler.compile(k), new Arguments(k, allocator));
      kind.add(call);
      if (kind == packCalls) {
        set(call, PackParameter.FROM_ROW, spec.b().row());
        set(call, PackParameter.FROM_COLUMN, spec.b().column());
      } else {
        set(call, TileParameter.A_ROW, spec.a().row());
        set(call, TileParameter.A_COLUMN, spec.a().column());
        set(call, TileParameter.C_ROW, spec.cRow());
      }
      return call;
    });
  }

  private static void set(Call call, Enum<?> parameter, long value) {
    call.arguments().set(parameter.ordinal(), value);
  }

  private static void set(Call call, Enum<?> parameter, MemorySegment segment) {
    call.arguments().set(parameter.ordinal(), segment);
  }

  /** The argument blocks in which the epilogue's parameters must be set, by their names. */
  public List<Arguments> epilogueArguments() {
    return panels.stream().flatMap(panel -> panel.lastBands().stream()).map(band -> band.call().arguments())
        .distinct().toList();
  }

  /** Says where the matrices are. Offsets of {@link #run} count from here. */
  public void bind(MemorySegment a, MemorySegment b, MemorySegment c) {
    for (var call : tileCalls) {
      set(call, TileParameter.A, a);
      set(call, TileParameter.C, c);
      if (!packs) {
        set(call, TileParameter.B, b);
      }
    }
    packCalls.forEach(call -> set(call, PackParameter.FROM, b));
  }

  /** Computes this slice. Offsets of the first elements are in elements. */
  public void run(long aOffset, long bOffset, long cOffset) {
    for (int k = 0; k < spec.k(); k += depthBlock) {
      int depth = Math.min(depthBlock, spec.k() - k);
      long a = aOffset + k * spec.a().column();
      long b = bOffset + k * spec.b().row();
      boolean last = k + depth == spec.k();
      for (int i = 0; i < panels.size(); i++) {
        panel(panels.get(i), a, b, cOffset, depth, spec.accumulate() || k > 0, last);
      }
    }
  }

  private void panel(Panel panel, long a, long b, long c, int depth, boolean accumulate, boolean last) {
    long right = b + panel.start() * spec.b().column();
    long rightRow = spec.b().row();
    if (panel.pack() != null) {
      set(panel.pack(), PackParameter.FROM_OFFSET, right);
      set(panel.pack(), PackParameter.DEPTH, depth);
      set(panel.pack(), PackParameter.COLUMNS, panel.columns());
      panel.pack().run();
      right = 0;
      rightRow = panel.width();
    }
    var bands = last ? panel.lastBands() : panel.bands();
    for (int i = 0; i < bands.size(); i++) {
      var band = bands.get(i);
      var call = band.call();
      set(call, TileParameter.A_OFFSET, a + band.start() * spec.a().row());
      set(call, TileParameter.B_OFFSET, right);
      set(call, TileParameter.B_ROW, rightRow);
      set(call, TileParameter.C_OFFSET, c + band.start() * spec.cRow() + panel.start());
      set(call, TileParameter.ROWS, band.rows());
      set(call, TileParameter.DEPTH, depth);
      set(call, TileParameter.COLUMNS, panel.columns());
      set(call, TileParameter.ACCUMULATE, accumulate ? 1 : 0);
      set(call, TileParameter.FIRST_ROW, band.start());
      set(call, TileParameter.FIRST_COLUMN, panel.start());
      call.run();
    }
  }
}
