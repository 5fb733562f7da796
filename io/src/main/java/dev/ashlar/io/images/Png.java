package dev.ashlar.io.images;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes pictures as PNG files (ISO/IEC 15948), with eight bits a sample. Needs nothing of {@code java.desktop}, and
 * none of the time that this takes to begin.
 */
public final class Png {

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int GRAY = 0;
  private static final int COLOURS = 2;

  private Png() {}

  /**
   * A file.
   *
   * @param width of the picture, at least 1
   * @param height of it, at least 1
   * @param samples from the top left, row by row, of each point one (gray) or three (red, green, blue)
   * @throws IllegalArgumentException if there are neither as many samples as points nor three times as many
   */
  public static byte[] encode(int width, int height, byte[] samples) {
    long points = (long) width * height;
    if (width < 1 || height < 1 || samples.length != points && samples.length != 3 * points) {
      throw new IllegalArgumentException(
          samples.length + " samples for a picture of " + width + " by " + height + " points: one or three for each");
    }
    boolean isGray = samples.length == points;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    chunk(file, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8)
        .put((byte) (isGray ? GRAY : COLOURS)).put(new byte[3]).array());
    chunk(file, "IDAT", deflated(rows(samples, height)));
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  /** The rows, each behind a byte that says that it is not filtered. */
  private static byte[] rows(byte[] samples, int height) {
    int row = samples.length / height;
    byte[] rows = new byte[samples.length + height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(samples, y * row, rows, y * (row + 1) + 1, row);
    }
    return rows;
  }

  private static byte[] deflated(byte[] data) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(data);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 13];
      while (!deflater.finished()) {
        packed.write(buffer, 0, deflater.deflate(buffer));
      }
      return packed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream file, String name, byte[] data) {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(type);
    checksum.update(data);
    file.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(data.length).array());
    file.writeBytes(type);
    file.writeBytes(data);
    file.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array());
  }
}
