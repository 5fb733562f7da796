package dev.ashlar.backend.cpu.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The arguments of a call, kept both as segments (for emitters that check bounds or may not touch addresses)
 * and as a block of 64-bit words (for machine code). Made once for each place of a program that calls a
 * kernel; setting a value and calling allocate nothing. Not safe for use by several threads at once.
 */
public final class Arguments {

  private final Kernel kernel;
  private final MemorySegment[] segments;
  private final MemorySegment block;

  /**
   * Room for the arguments of a kernel; all are 0 and every buffer is empty.
   *
   * @param allocator gives native memory for the block
   */
  public Arguments(Kernel kernel, SegmentAllocator allocator) {
    this.kernel = kernel;
    int count = kernel.parameters().size();
    segments = new MemorySegment[count];
    Arrays.fill(segments, MemorySegment.NULL);
    block = allocator.allocate(8L * Math.max(1, count), 8).fill((byte) 0);
  }

  /** The kernel to be called. */
  public Kernel kernel() {
    return kernel;
  }

  /** Sets a buffer by position. The segment must stay alive while calls run, and must be native. */
  public Arguments set(int position, MemorySegment segment) {
    if (!(kernel.parameters().get(position) instanceof Parameter.Buffer)) {
      throw new IllegalArgumentException(kernel.parameters().get(position) + " is not a buffer");
    }
    segments[position] = segment;
    block.set(ValueLayout.JAVA_LONG, 8L * position, segment.isNative() ? segment.address() : 0);
    return this;
  }

  /** Sets an INDEX by position. */
  public Arguments set(int position, long value) {
    checkScalar(position, Type.INDEX);
    block.set(ValueLayout.JAVA_LONG, 8L * position, value);
    return this;
  }

  /** Sets an F32 by position. */
  public Arguments set(int position, float value) {
    checkScalar(position, Type.F32);
    block.set(ValueLayout.JAVA_LONG, 8L * position, Integer.toUnsignedLong(Float.floatToRawIntBits(value)));
    return this;
  }

  /** Sets an I32 by position. */
  public Arguments set(int position, int value) {
    if (kernel.parameters().get(position) instanceof Parameter.Scalar s && s.local().type() == Type.INDEX) {
      return set(position, (long) value);
    }
    checkScalar(position, Type.I32);
    block.set(ValueLayout.JAVA_LONG, 8L * position, Integer.toUnsignedLong(value));
    return this;
  }

  /** Sets a buffer by name. */
  public Arguments set(String name, MemorySegment segment) {
    return set(kernel.parameter(name).position(), segment);
  }

  /** Sets an INDEX by name. */
  public Arguments set(String name, long value) {
    return set(kernel.parameter(name).position(), value);
  }

  /** Sets an I32 (or an INDEX) by name. */
  public Arguments set(String name, int value) {
    return set(kernel.parameter(name).position(), value);
  }

  /** Sets an F32 by name. */
  public Arguments set(String name, float value) {
    return set(kernel.parameter(name).position(), value);
  }

  /** The segment of a buffer. */
  public MemorySegment segment(int position) {
    return segments[position];
  }

  /** The word of a parameter: an address, an INDEX, or the bits of a scalar in the low half. */
  public long word(int position) {
    return block.get(ValueLayout.JAVA_LONG, 8L * position);
  }

  /** All words in order, native memory. */
  public MemorySegment block() {
    return block;
  }

  private void checkScalar(int position, Type type) {
    if (!(kernel.parameters().get(position) instanceof Parameter.Scalar s) || s.local().type() != type) {
      throw new IllegalArgumentException("kernel " + kernel.name() + ": "
          + kernel.parameters().get(position) + " does not take a value of type " + type);
    }
  }
}
