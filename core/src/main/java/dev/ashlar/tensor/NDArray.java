package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A dense row-major array on the host: concrete values for a {@link Tensor}. Off the heap, or a
 * window of a mapped file. Little-endian; elements may lie unaligned in foreign files. Contents are
 * mutable and not synchronized; equality is identity.
 */
@Stable
public final class NDArray {

  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort B16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Start of arrays allocated here: a cache line, and a full vector. */
  private static final int ALIGNMENT = 64;

  private static final int PART = 1 << 12;

  private final TensorType type;
  private final MemorySegment data;

  private NDArray(TensorType type, MemorySegment data) {
    this.type = type;
    this.data = data;
  }

  /** A new array of zeros, freed when no longer reachable. */
  public static NDArray zeros(TensorType type) {
    return allocate(type, Arena.ofAuto());
  }

  /** A new array of zeros whose life is that of the arena. */
  public static NDArray allocate(TensorType type, Arena arena) {
    return new NDArray(type, arena.allocate(type.bytes(), ALIGNMENT));
  }

  /**
   * A view of existing memory, which is not copied.
   *
   * @param data exactly the bytes of the array
   */
  public static NDArray wrap(TensorType type, MemorySegment data) {
    if (data.byteSize() != type.bytes()) {
      throw new ShapeException("array of " + type, type.bytes() + " bytes", data.byteSize() + " bytes");
    }
    return new NDArray(type, data);
  }

  /** A scalar. */
  public static NDArray scalar(DType dtype, double value) {
    NDArray array = zeros(new TensorType(dtype, Shape.SCALAR));
    array.set(0, value);
    return array;
  }

  /** An f32 array holding a copy of the values. */
  public static NDArray of(Shape shape, float... values) {
    NDArray array = zeros(checked(new TensorType(DType.F32, shape), values.length));
    MemorySegment.copy(values, 0, array.data, F32, 0, values.length);
    return array;
  }

  /** An f64 array holding a copy of the values. */
  public static NDArray of(Shape shape, double... values) {
    NDArray array = zeros(checked(new TensorType(DType.F64, shape), values.length));
    MemorySegment.copy(values, 0, array.data, F64, 0, values.length);
    return array;
  }

  /** An i32 array holding a copy of the values. */
  public static NDArray of(Shape shape, int... values) {
    NDArray array = zeros(checked(new TensorType(DType.I32, shape), values.length));
    MemorySegment.copy(values, 0, array.data, I32, 0, values.length);
    return array;
  }

  private static TensorType checked(TensorType type, int length) {
    if (type.shape().size() != length) {
      throw new ShapeException("array of " + type, type.shape().size() + " values", length + " values");
    }
    return type;
  }

  /** Element type and shape. */
  public TensorType type() {
    return type;
  }

  /** Element type. */
  public DType dtype() {
    return type.dtype();
  }

  /** Extents. */
  public Shape shape() {
    return type.shape();
  }

  /** Number of elements. */
  public long size() {
    return type.shape().size();
  }

  /** The bytes, row-major, little-endian. */
  public MemorySegment data() {
    return data;
  }

  /** The same elements in another shape; shares memory. */
  public NDArray reshape(int... dims) {
    TensorType other = type.withShape(Shape.of(dims));
    if (other.shape().size() != size()) {
      throw new ShapeException("reshape", size() + " elements", other.shape() + "");
    }
    return new NDArray(other, data);
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive) of the first axis; shares memory. */
  public NDArray rows(int from, int to) {
    long row = type.bytes() / Math.max(1, shape().dim(0));
    return new NDArray(
        type.withShape(shape().with(0, to - from)), data.asSlice(from * row, (to - from) * row));
  }

  /** A copy of its own. */
  public NDArray copy() {
    NDArray result = zeros(type);
    result.data.copyFrom(data);
    return result;
  }

  /** The element at a row-major position, as a double; exact for all types but large i64. */
  public double get(long index) {
    return switch (type.dtype()) {
      case F64 -> data.getAtIndex(F64, index);
      case F32 -> data.getAtIndex(F32, index);
      case F16 -> Float.float16ToFloat(data.getAtIndex(B16, index));
      case BF16 -> Float.intBitsToFloat(data.getAtIndex(B16, index) << 16);
      case I64 -> data.getAtIndex(I64, index);
      case I32 -> data.getAtIndex(I32, index);
      case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
      case U8, BOOL -> data.get(ValueLayout.JAVA_BYTE, index) & 0xff;
    };
  }

  /** The element at a row-major position as an integer; floating values are truncated. */
  public long getLong(long index) {
    return type.dtype() == DType.I64 ? data.getAtIndex(I64, index) : (long) get(index);
  }

  /** Sets an element, rounding to nearest even; integers are truncated and wrap. */
  public void set(long index, double value) {
    switch (type.dtype()) {
      case F64 -> data.setAtIndex(F64, index, value);
      case F32 -> data.setAtIndex(F32, index, (float) value);
      case F16 -> data.setAtIndex(B16, index, Float.floatToFloat16((float) value));
      case BF16 -> data.setAtIndex(B16, index, roundToBFloat16((float) value));
      default -> setLong(index, (long) value);
    }
  }

  /** Sets an element to an integer; narrower types wrap, BOOL becomes 0 or 1. */
  public void setLong(long index, long value) {
    switch (type.dtype()) {
      case I64 -> data.setAtIndex(I64, index, value);
      case I32 -> data.setAtIndex(I32, index, (int) value);
      case I8, U8 -> data.set(ValueLayout.JAVA_BYTE, index, (byte) value);
      case BOOL -> data.set(ValueLayout.JAVA_BYTE, index, (byte) (value != 0 ? 1 : 0));
      default -> set(index, (double) value);
    }
  }

  private static short roundToBFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  /** The only element of an array of one. */
  public double item() {
    if (size() != 1) {
      throw new ShapeException("item", "one element", type.toString());
    }
    return get(0);
  }

  /** The elements, row-major, as floats. */
  public float[] toFloats() {
    float[] result = new float[Math.toIntExact(size())];
    read(0, result);
    return result;
  }

  /** Copies elements, from a row-major position on, into all of an array, as floats. */
  public void read(long from, float[] into) {
    if (type.dtype() == DType.F32) {
      MemorySegment.copy(data, F32, from * Float.BYTES, into, 0, into.length);
      return;
    }
    for (int i = 0; i < into.length; i++) {
      into[i] = (float) get(from + i);
    }
  }

  /** Sets elements, from a row-major position on, to all values of an array; rounds as {@link #set} does. */
  public void write(long from, float[] values) {
    if (type.dtype() == DType.F32) {
      MemorySegment.copy(values, 0, data, F32, from * Float.BYTES, values.length);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      set(from + i, values[i]);
    }
  }

  /** The elements, row-major, as doubles. */
  public double[] toDoubles() {
    double[] result = new double[Math.toIntExact(size())];
    Arrays.setAll(result, this::get);
    return result;
  }

  /** Some elements of an array, those after them, and so on. */
  @FunctionalInterface
  public interface PartConsumer {
    /** The first so many of these values; the array is used again for the next ones. */
    void accept(double[] values, int count);
  }

  /**
   * Hands over all elements, row-major, some thousands at a time. While code is new, reading native memory element by
   * element is many times slower.
   */
  public void forEachPart(PartConsumer consumer) {
    double[] part = new double[(int) Math.min(PART, size())];
    float[] floats = new float[type.dtype() == DType.F32 ? part.length : 0];
    for (long from = 0; from < size(); from += part.length) {
      int count = (int) Math.min(part.length, size() - from);
      if (floats.length > 0) {
        MemorySegment.copy(data, F32, from * Float.BYTES, floats, 0, count);
      }
      for (int i = 0; i < count; i++) {
        part[i] = floats.length > 0 ? floats[i] : get(from + i);
      }
      consumer.accept(part, count);
    }
  }

  /** The elements, row-major, as ints; floating values are truncated. */
  public int[] toInts() {
    int[] result = new int[Math.toIntExact(size())];
    Arrays.setAll(result, i -> (int) getLong(i));
    return result;
  }

  /** The same values in another element type; this array itself if the type is the same. */
  public NDArray cast(DType dtype) {
    if (dtype == type.dtype()) {
      return this;
    }
    NDArray result = zeros(type.withDType(dtype));
    boolean integers = !dtype.isFloating() && !type.dtype().isFloating();
    for (long i = 0; i < size(); i++) {
      if (integers) {
        result.setLong(i, getLong(i));
      } else {
        result.set(i, dtype == DType.BOOL ? (get(i) != 0 ? 1 : 0) : get(i));
      }
    }
    return result;
  }

  /** The type and, for small arrays, the values. */
  @Override
  public String toString() {
    return size() > 64 ? type.toString() : type + " " + Arrays.toString(toDoubles());
  }
}
