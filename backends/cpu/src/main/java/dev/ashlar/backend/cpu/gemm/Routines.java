package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import java.lang.foreign.SegmentAllocator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Products by kernels, each written and compiled once for all plans that share this. Thread-safe. */
public final class Routines implements Multiplier {

  /** Which kernel. */
  sealed interface Key {
    /** Writes it. */
    Kernel kernel();
  }

  record Tiles(int height, int vectors, boolean partial, GemmKernels.Layout layout, Epilogue epilogue)
      implements Key {
    @Override public Kernel kernel() {
      return GemmKernels.tiles(height, vectors, partial, layout, epilogue);
    }
  }

  record Dots(int height, Epilogue epilogue) implements Key {
    @Override public Kernel kernel() { return GemmKernels.dots(height, epilogue); }
  }

  record PackRows(int vectors, boolean partial) implements Key {
    @Override public Kernel kernel() { return GemmKernels.packRows(vectors, partial); }
  }

  record PackColumns(int vectors) implements Key {
    @Override public Kernel kernel() { return GemmKernels.packColumns(vectors); }
  }

  record PackSingly(int vectors) implements Key {
    @Override public Kernel kernel() { return GemmKernels.packSingly(vectors); }
  }

  record PackStrided(int vectors) implements Key {
    @Override public Kernel kernel() { return GemmKernels.packStrided(vectors); }
  }

  record PackTiles(int height) implements Key {
    @Override public Kernel kernel() { return GemmKernels.packTiles(height); }
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

  Ready get(Key key) {
    return known.computeIfAbsent(key, k -> {
      Kernel kernel = k.kernel();
      return new Ready(kernel, compiler.compile(kernel));
    });
  }
}
