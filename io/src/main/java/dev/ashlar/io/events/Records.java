package dev.ashlar.io.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Writes records as TensorFlow frames them: the length as 8 bytes, a checksum of these, the data, a checksum of the
 * data; all little-endian ({@code tensorflow/core/lib/io/record_writer.h}).
 */
final class Records {

  private static final int FRAME = Long.BYTES + 2 * Integer.BYTES;
  private static final int DELTA = 0xa282ead8;

  private final FileChannel file;
  private ByteBuffer record = ByteBuffer.allocateDirect(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

  Records(FileChannel file) {
    this.file = file;
  }

  /** Writes a record at one stroke, so that whoever is killed leaves whole ones. */
  void write(ByteBuffer data) throws IOException {
    int size = data.remaining();
    if (record.capacity() < Math.addExact(size, FRAME)) {
      record = ByteBuffer.allocateDirect(Math.max(size + FRAME, 2 * record.capacity()))
          .order(ByteOrder.LITTLE_ENDIAN);
    }
    record.clear();
    record.putLong(size);
    record.putInt(checksum(record.slice(0, Long.BYTES)));
    record.put(data);
    record.putInt(checksum(record.slice(Long.BYTES + Integer.BYTES, size)));
    record.flip();
    while (record.hasRemaining()) {
      file.write(record);
    }
  }

  /**
   * CRC-32C, turned and shifted: data that hold checksums themselves would else often have the same one
   * ({@code tensorflow/core/lib/hash/crc32c.h}).
   */
  static int checksum(ByteBuffer data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + DELTA;
  }
}
