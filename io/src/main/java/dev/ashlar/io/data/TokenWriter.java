package dev.ashlar.io.data;

import dev.ashlar.io.files.AtomicFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Writes numbers of tokens, each in two bytes where these do and else in four, to a file or to memory. */
final class TokenWriter {
  private static final int BUFFER = 1 << 16;

  private final boolean isWide;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final Target target;
  private long count;

  /** Takes bytes. */
  private interface Target {
    void take(ByteBuffer bytes) throws IOException;
  }

  /** Writes all tokens. */
  interface Content {
    void writeTo(TokenWriter writer) throws IOException;
  }

  private TokenWriter(int vocabulary, Target target) {
    this.isWide = isWide(vocabulary);
    this.target = target;
  }

  /** Whether numbers below this need four bytes. */
  static boolean isWide(int vocabulary) {
    return vocabulary > 1 << Character.SIZE;
  }

  /** Writes a file, whole or not at all: the numbers one behind the other, the lowest byte first, nothing else. */
  static void toFile(Path file, int vocabulary, Content content) throws IOException {
    AtomicFiles.write(file, channel -> {
      var writer = new TokenWriter(vocabulary, bytes -> {
        while (bytes.hasRemaining()) channel.write(bytes);
      });
      content.writeTo(writer);
      writer.flush();
    });
  }

  /** What such a file holds, mapped for as long as it is used. */
  static MemorySegment map(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }

  /** The same in memory. */
  static MemorySegment toMemory(int vocabulary, Content content) throws IOException {
    var memory = new Object() {
      byte[] bytes = new byte[BUFFER];
      int size;
    };
    var writer = new TokenWriter(vocabulary, bytes -> {
      int added = bytes.remaining();
      if (memory.size + added > memory.bytes.length) {
        memory.bytes = Arrays.copyOf(memory.bytes, Math.max(Math.addExact(memory.size, added),
            (int) Math.min(2L * memory.size, Integer.MAX_VALUE - 8)));
      }
      bytes.get(memory.bytes, memory.size, added);
      memory.size += added;
    });
    content.writeTo(writer);
    writer.flush();
    return MemorySegment.ofArray(memory.bytes).asSlice(0, memory.size);
  }

  /** Tokens written so far. */
  long count() {
    return count;
  }

  void write(int token) throws IOException {
    if (buffer.remaining() < Integer.BYTES) flush();
    if (isWide) {
      buffer.putInt(token);
    } else {
      buffer.putChar((char) token);
    }
    count++;
  }

  private void flush() throws IOException {
    buffer.flip();
    target.take(buffer);
    buffer.clear();
  }
}
