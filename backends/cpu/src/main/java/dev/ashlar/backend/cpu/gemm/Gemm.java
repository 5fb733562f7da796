package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * A planned matrix product. The plan follows from the shape and the largest number of slices, never from the
 * load of the machine. Slices write separate parts of C and may run at the same time.
 */
public final class Gemm {

  /** What takes less time is done by one slice: waking a thread costs more. */
  private static final double SMALL_NANOS = 24_000;

  /**
   * Rows or columns.
   *
   * @param start where a part starts
   * @param size how large it is
   */
  public record Range(int start, int size) {}

  private final GemmSpec spec;
  private final Multiplier multiplier;
  private final List<Range> rows = new ArrayList<>();
  private final List<Range> columns = new ArrayList<>();

  private Gemm(GemmSpec spec, Multiplier multiplier) {
    this.spec = spec;
    this.multiplier = multiplier;
  }

  /**
   * Plans a product.
   *
   * @param multiplier how it is computed
   * @param maxSlices how many threads may take part
   */
  public static Gemm plan(GemmSpec spec, Multiplier multiplier, int maxSlices) {
    var plan = new Gemm(spec, multiplier);
    Tile tile = multiplier.tile();
    boolean small = spec.nanos() < SMALL_NANOS;
    int wanted = small ? 1 : maxSlices;
    int vectors = (spec.n() + Type.LANES - 1) / Type.LANES;
    int rowTiles = (spec.m() + tile.height() - 1) / tile.height();
    boolean byColumns = vectors >= wanted * tile.vectors() || vectors >= rowTiles;
    int parts = Math.min(wanted, byColumns ? vectors : rowTiles);
    for (int i = 0; i < parts; i++) {
      plan.rows.add(byColumns ? new Range(0, spec.m()) : part(spec.m(), tile.height(), parts, i));
      plan.columns.add(byColumns ? part(spec.n(), Type.LANES, parts, i) : new Range(0, spec.n()));
    }
    return plan;
  }

  /** Part {@code index} of {@code size} cut at multiples of {@code unit} into parts nearly equal. */
  private static Range part(int size, int unit, int parts, int index) {
    long units = (size + unit - 1) / unit;
    int start = (int) (units * index / parts * unit);
    int end = (int) Math.min(size, units * (index + 1) / parts * unit);
    return new Range(start, end - start);
  }

  /** How many slices there are. */
  public int slices() {
    return rows.size();
  }

  /**
   * A slice with its working memory: for one thread at a time.
   *
   * @param allocator for argument blocks and packed parts of B, 64-byte aligned
   */
  public GemmSlice slice(int index, SegmentAllocator allocator) {
    return multiplier.slice(spec, rows.get(index), columns.get(index), allocator);
  }

  /** Cuts {@code size} into as few parts as {@code largest} allows, the larger ones first, nearly equal. */
  static List<Range> balanced(int size, int largest) {
    int parts = Math.ceilDiv(size, largest);
    var ranges = new ArrayList<Range>();
    int start = 0;
    for (int i = 0; i < parts; i++) {
      int part = (size - start + parts - i - 1) / (parts - i);
      ranges.add(new Range(start, part));
      start += part;
    }
    return ranges;
  }
}
