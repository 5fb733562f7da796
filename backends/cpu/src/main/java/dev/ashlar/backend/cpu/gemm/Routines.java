package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** Products by kernels, each written and compiled once for all plans that share this. Thread-safe. */
public final class Routines implements Multiplier {

  /** Which kernel. */
  sealed interface Key {
    /** Writes it. */
    Kernel kernel();
  }

  record Tiles(int height, int vectors, boolean partial, GemmKernels.Layout layout)
      implements Key {
    @Override public Kernel kernel() {
      return GemmKernels.tiles(height, vectors, partial, layout);
    }
  }

  record Dots(int height, int group, Element left, Element right) implements Key {
    @Override public Kernel kernel() { return FewRows.dots(height, group, left, right); }
  }

  record Streams(int rows, Element left, Element right) implements Key {
    @Override public Kernel kernel() { return FewRows.streams(rows, left, right); }
  }

  record PackRows(int vectors, boolean partial, Element from) implements Key {
    @Override public Kernel kernel() { return GemmPacking.packRows(vectors, partial, from); }
  }

  record PackColumns(int vectors, Element from) implements Key {
    @Override public Kernel kernel() { return GemmPacking.packColumns(vectors, from); }
  }

  record PackSingly(int vectors, Element from) implements Key {
    @Override public Kernel kernel() { return GemmPacking.packSingly(vectors, from); }
  }

  record PackStrided(int vectors, Element from) implements Key {
    @Override public Kernel kernel() { return GemmPacking.packStrided(vectors, from); }
  }

  record PackTiles(int height, Element from) implements Key {
    @Override public Kernel kernel() { return GemmPacking.packTiles(height, from); }
  }

  record Pad(int axes, List<Boolean> strided, List<Boolean> spread) implements Key {
    @Override public Kernel kernel() { return ConvolutionKernels.pad(axes, strided, spread); }
  }

  record Pick(int axes) implements Key {
    @Override public Kernel kernel() { return ConvolutionKernels.pick(axes); }
  }

  record Turn() implements Key {
    @Override public Kernel kernel() { return ConvolutionKernels.turn(); }
  }

  /** A kernel and what runs it. */
  record Ready(Kernel kernel, CompiledKernel compiled) {}

  private final KernelCompiler compiler;
  private final Tile tile;
  private final Map<Key, Ready> known = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param tile what the registers hold
   */
  public Routines(KernelCompiler compiler, Tile tile) {
    this.compiler = compiler;
    this.tile = tile;
  }

  @Override
  public Tile tile() {
    return tile;
  }

  @Override
  public GemmSlice slice(GemmSpec spec, Range rows, Range columns, SegmentAllocator allocator) {
    return new TiledSlice(spec, this, rows, columns, allocator);
  }

  /**
   * A convolution in parts that may run at the same time.
   *
   * @param parts how many there are at most
   * @param allocator for working memory of a part, 64-byte aligned
   * @param kept for what stays the same from run to run
   */
  public List<ConvolutionSlice> convolution(ConvolutionSpec spec, int parts,
      IntFunction<SegmentAllocator> allocator, SegmentAllocator kept) {
    int units = Math.toIntExact(spec.sumsOverWindow()
        ? spec.examples() * ConvolutionSpec.size(spec.positions()) : spec.examples());
    List<ConvolutionSlice> slices = new ArrayList<>();
    for (int i = 0; i < Math.min(parts, units); i++) {
      int start = (int) ((long) units * i / Math.min(parts, units));
      int end = (int) ((long) units * (i + 1) / Math.min(parts, units));
      slices.add(new ConvolutionSlice(spec, this, new Range(start, end - start), allocator.apply(i), kept));
    }
    return slices;
  }

  Ready get(Key key) {
    return known.computeIfAbsent(key, k -> {
      Kernel kernel = k.kernel();
      return new Ready(kernel, compiler.compile(kernel));
    });
  }
}
