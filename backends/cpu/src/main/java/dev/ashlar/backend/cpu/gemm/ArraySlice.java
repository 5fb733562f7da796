package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.gemm.Gemm.Range;
import dev.ashlar.backend.cpu.kernel.Element;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A part of a product by plain Java. One side is the vectors: a block of it is copied to arrays, a row for
 * each step in k. The other side is the numbers that these rows are multiplied with. The longer side of C
 * runs along the vectors.
 *
 * <p>The innermost loop takes three rows of C and three steps in k: C2 unrolls only loops of at most 60
 * nodes, and this is the largest of them (66 GFLOP/s of AVX2's 114 on one core of an AMD Zen 3; one row and
 * one step reach 25, four by four 58, two by eight 37).
 */
final class ArraySlice implements GemmSlice {

  /** Rows of C that are computed together. */
  static final int ROWS = 3;

  private static final int WIDTH = 512;
  private static final int DEPTH = 96;
  /** Where C is narrower, its rows are too short for vector loops. */
  private static final int NARROW = 128;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** Working memory of a thread. */
  static final class Panel {
    private final float[][] vectors = new float[DEPTH][WIDTH];
    private final float[][] numbers = new float[ROWS][DEPTH];
    private final float[][] sums = new float[ROWS][WIDTH];
    private final float[] column = new float[DEPTH];
  }

  /**
   * A matrix seen from the loops.
   *
   * @param outer stride, in elements, of its first axis: down C, or steps in k
   * @param inner stride of its second axis: steps in k, or along C
   * @param element type in memory
   */
  private record View(long outer, long inner, Element element) {
    static View along(GemmSpec.Strides matrix) {
      return new View(matrix.row(), matrix.column(), matrix.element());
    }

    static View across(GemmSpec.Strides matrix) {
      return new View(matrix.column(), matrix.row(), matrix.element());
    }

    /** The same elements one after the other. */
    View dense() {
      return new View(outer, 1, element);
    }
  }

  private final ThreadLocal<Panel> panels;
  private final boolean swapped;
  private final Range down;
  private final Range along;
  private final int depth;
  private final boolean accumulate;
  private final View numbers;
  private final View vectors;
  private final View result;
  private MemorySegment numbersMemory = MemorySegment.NULL;
  private MemorySegment vectorsMemory = MemorySegment.NULL;
  private MemorySegment resultMemory = MemorySegment.NULL;

  ArraySlice(GemmSpec spec, Range rows, Range columns, ThreadLocal<Panel> panels) {
    this.panels = panels;
    swapped = columns.size() < NARROW && columns.size() < rows.size();
    down = swapped ? columns : rows;
    along = swapped ? rows : columns;
    depth = spec.k();
    accumulate = spec.accumulate();
    numbers = swapped ? View.across(spec.b()) : View.along(spec.a());
    vectors = swapped ? View.across(spec.a()) : View.along(spec.b());
    result = swapped ? new View(1, spec.cRow(), Element.F32) : new View(spec.cRow(), 1, Element.F32);
  }

  @Override
  public void bind(MemorySegment a, MemorySegment b, MemorySegment c) {
    numbersMemory = swapped ? b : a;
    vectorsMemory = swapped ? a : b;
    resultMemory = c;
  }

  @Override
  public void run(long aOffset, long bOffset, long cOffset) {
    long numbersAt = (swapped ? bOffset : aOffset) + down.start() * numbers.outer;
    long vectorsAt = (swapped ? aOffset : bOffset) + along.start() * vectors.inner;
    long resultAt = cOffset + down.start() * result.outer + along.start() * result.inner;
    Panel panel = panels.get();
    for (int j = 0; j < along.size(); j += WIDTH) {
      int width = Math.min(WIDTH, along.size() - j);
      for (int k = 0; k < depth; k += DEPTH) {
        int steps = Math.min(DEPTH, depth - k);
        pack(panel, vectorsAt + k * vectors.outer + j * vectors.inner, steps, width);
        for (int i = 0; i < down.size(); i += ROWS) {
          rows(panel, Math.min(ROWS, down.size() - i), steps, width,
              numbersAt + i * numbers.outer + k * numbers.inner,
              resultAt + i * result.outer + j * result.inner, accumulate || k > 0);
        }
      }
    }
  }

  private void rows(Panel panel, int rows, int steps, int width, long from, long to, boolean add) {
    for (int r = 0; r < rows; r++) {
      read(numbersMemory, from + r * numbers.outer, numbers, panel.numbers[r], steps);
      if (add) {
        read(resultMemory, to + r * result.outer, result, panel.sums[r], width);
      } else {
        Arrays.fill(panel.sums[r], 0, width, 0f);
      }
    }
    multiply(panel, rows, steps, width);
    for (int r = 0; r < rows; r++) {
      write(panel.sums[r], to + r * result.outer, width);
    }
  }

  /** Copies a block of the vectors; where steps in k are contiguous, column by column. */
  private void pack(Panel panel, long offset, int steps, int width) {
    if (vectors.outer == 1 && vectors.inner != 1) {
      for (int j = 0; j < width; j++) {
        read(vectorsMemory, offset + j * vectors.inner, vectors.dense(), panel.column, steps);
        for (int k = 0; k < steps; k++) {
          panel.vectors[k][j] = panel.column[k];
        }
      }
    } else {
      for (int k = 0; k < steps; k++) {
        read(vectorsMemory, offset + k * vectors.outer, vectors, panel.vectors[k], width);
      }
    }
  }

  private static void read(MemorySegment from, long offset, View view, float[] to, int count) {
    long stride = view.inner;
    if (view.element == Element.BF16) {
      for (int i = 0; i < count; i++) {
        to[i] = Float.intBitsToFloat(from.get(SHORT, (offset + i * stride) * Short.BYTES) << 16);
      }
    } else if (view.element == Element.F16) {
      for (int i = 0; i < count; i++) {
        to[i] = Float.float16ToFloat(from.get(SHORT, (offset + i * stride) * Short.BYTES));
      }
    } else if (stride == 1) {
      MemorySegment.copy(from, FLOAT, offset * Float.BYTES, to, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        to[i] = from.get(FLOAT, (offset + i * stride) * Float.BYTES);
      }
    }
  }

  private void write(float[] sums, long offset, int count) {
    if (result.inner == 1) {
      MemorySegment.copy(sums, 0, resultMemory, FLOAT, offset * Float.BYTES, count);
    } else {
      for (int i = 0; i < count; i++) {
        resultMemory.set(FLOAT, (offset + i * result.inner) * Float.BYTES, sums[i]);
      }
    }
  }

  private static void multiply(Panel panel, int rows, int steps, int width) {
    float[][] b = panel.vectors;
    float[][] c = panel.sums;
    float[] x = panel.numbers[0];
    float[] y = panel.numbers[1];
    float[] z = panel.numbers[2];
    int k = 0;
    for (; rows == ROWS && k + 2 < steps; k += 3) {
      threeRows(c[0], c[1], c[2], b[k], b[k + 1], b[k + 2], x[k], x[k + 1], x[k + 2], y[k], y[k + 1], y[k + 2],
          z[k], z[k + 1], z[k + 2], width);
    }
    for (int r = 0; r < rows; r++) {
      float[] a = panel.numbers[r];
      int q = k;
      for (; q + 2 < steps; q += 3) {
        oneRow(c[r], b[q], b[q + 1], b[q + 2], a[q], a[q + 1], a[q + 2], width);
      }
      for (; q < steps; q++) {
        oneStep(c[r], b[q], a[q], width);
      }
    }
  }

  private static void threeRows(float[] c0, float[] c1, float[] c2, float[] b0, float[] b1, float[] b2,
      float x0, float x1, float x2, float y0, float y1, float y2, float z0, float z1, float z2, int width) {
    for (int j = 0; j < width; j++) {
      float u = b0[j];
      float v = b1[j];
      float w = b2[j];
      c0[j] = Math.fma(x2, w, Math.fma(x1, v, Math.fma(x0, u, c0[j])));
      c1[j] = Math.fma(y2, w, Math.fma(y1, v, Math.fma(y0, u, c1[j])));
      c2[j] = Math.fma(z2, w, Math.fma(z1, v, Math.fma(z0, u, c2[j])));
    }
  }

  private static void oneRow(float[] c, float[] b0, float[] b1, float[] b2, float a0, float a1, float a2,
      int width) {
    for (int j = 0; j < width; j++) {
      c[j] = Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j])));
    }
  }

  private static void oneStep(float[] c, float[] b, float a, int width) {
    for (int j = 0; j < width; j++) {
      c[j] = Math.fma(a, b[j], c[j]);
    }
  }
}
