package dev.ashlar.io.events;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes messages in the binary format of protocol buffers: fields, each a number and a kind of coding, then the value
 * (<a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>). A field that is not written has its
 * default, so zeros are left out; where it counts that there is a field, as in a choice of several, say so by {@link
 * #always}.
 */
final class Wire {

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int DELIMITED = 2;
  private static final int FIXED_32 = 5;
  private static final int LONGEST_VARINT = 10;

  private byte[] bytes = new byte[256];
  private int size;
  private boolean withZeros;

  /** The next number is written even if it is zero. */
  Wire always() {
    withZeros = true;
    return this;
  }

  /** A whole number: {@code int32}, {@code int64}, {@code bool} or one of an enumeration. */
  Wire number(int field, long value) {
    if (isWritten(value)) {
      tag(field, VARINT);
      varint(value);
    }
    return this;
  }

  /** A {@code double}. */
  Wire number(int field, double value) {
    if (isWritten(Double.doubleToRawLongBits(value))) {
      tag(field, FIXED_64);
      fixed64(value);
    }
    return this;
  }

  /** A {@code float}. */
  Wire number(int field, float value) {
    int bits = Float.floatToRawIntBits(value);
    if (isWritten(bits)) {
      tag(field, FIXED_32);
      room(Integer.BYTES);
      little().putInt(size, bits);
      size += Integer.BYTES;
    }
    return this;
  }

  private boolean isWritten(long bits) {
    boolean isWritten = bits != 0 || withZeros;
    withZeros = false;
    return isWritten;
  }

  /** {@code repeated double}, packed. */
  Wire numbers(int field, double[] values) {
    tag(field, DELIMITED);
    varint((long) values.length * Double.BYTES);
    for (double value : values) {
      fixed64(value);
    }
    return this;
  }

  /** A {@code string}. */
  Wire text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** {@code bytes}. */
  Wire bytes(int field, byte[] value) {
    tag(field, DELIMITED);
    varint(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  /** A message in a message. */
  Wire message(int field, Consumer<Wire> content) {
    tag(field, DELIMITED);
    int start = size;
    content.accept(this);
    int length = size - start;
    // Its length stands before it and is known only now.
    int wide = width(length);
    room(wide);
    System.arraycopy(bytes, start, bytes, start + wide, length);
    size = start;
    varint(length);
    size += length;
    return this;
  }

  /** Forgets all that was written. */
  Wire clear() {
    size = 0;
    return this;
  }

  /** What was written, to be read before more is. */
  ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, size).slice().asReadOnlyBuffer();
  }

  /** A copy of what was written. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void tag(int field, int kind) {
    varint((long) field << 3 | kind);
  }

  /** Seven bits a byte, the low ones first; the highest bit says that more follow. */
  private void varint(long value) {
    room(LONGEST_VARINT);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private static int width(int value) {
    return Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(value) + 6) / 7);
  }

  private void fixed64(double value) {
    room(Double.BYTES);
    little().putLong(size, Double.doubleToRawLongBits(value));
    size += Double.BYTES;
  }

  private ByteBuffer little() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void room(int wanted) {
    if (bytes.length - size < wanted) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, wanted)));
    }
  }
}
