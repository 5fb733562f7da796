package dev.ashlar.io.tables;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of rows whose count is not known yet. Few are kept in blocks, so that growing copies nothing; beyond a limit
 * all go to a temporary file, which is mapped: it takes no memory that the system could not take back.
 */
final class RowStore implements AutoCloseable {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK = 1 << 16;

  private final int width;
  private final long limit;
  private final List<float[]> blocks = new ArrayList<>();
  private float[] last = new float[0];
  private int used;
  private @Nullable FileChannel file;
  private @Nullable Path path;

  /**
   * @param width numbers in a row
   * @param limit bytes in memory beyond which a file takes them
   */
  RowStore(int width, long limit) {
    this.width = width;
    this.limit = limit;
  }

  /** A quarter of the heap in memory. */
  RowStore(int width) {
    this(width, Runtime.getRuntime().maxMemory() / 4);
  }

  int width() {
    return width;
  }

  void add(float value) throws IOException {
    if (used == last.length) grow();
    last[used++] = value;
  }

  private void grow() throws IOException {
    if (file == null && (blocks.size() + 1L) * BLOCK * Float.BYTES > limit) {
      // In the folder of java.io.tmpdir; decision 6 says why no other way of reading.
      path = Files.createTempFile("ashlar-", ".rows");
      file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    if (file != null) {
      flush(file);
    } else {
      last = new float[BLOCK];
      blocks.add(last);
    }
    used = 0;
  }

  /** Writes the blocks; the last stays to be filled again. */
  private void flush(FileChannel to) throws IOException {
    for (var block : blocks) {
      int count = block == last ? used : block.length;
      var bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(block, 0, count);
      try {
        while (bytes.hasRemaining()) to.write(bytes);
      } catch (IOException e) {
        throw new FileSystemException(String.valueOf(path), null, "a table that is larger than the memory given needs "
            + "room for a temporary file: " + e.getMessage());
      }
    }
    blocks.clear();
    blocks.add(last);
  }

  /**
   * All of it, f32[rows, width]; from a file, it is mapped for the life of the arena.
   */
  NDArray finish(int rows, Arena arena) throws IOException {
    var type = TensorType.of(DType.F32, rows, width);
    if (file != null) {
      flush(file);
      return NDArray.wrap(type, file.map(FileChannel.MapMode.READ_ONLY, 0, type.bytes(), arena));
    }
    var array = NDArray.zeros(type);
    long at = 0;
    for (var block : blocks) {
      int count = block == last ? used : block.length;
      MemorySegment.copy(block, 0, array.data(), F32, at * Float.BYTES, count);
      at += count;
    }
    return array;
  }

  /** Where the rows went; what is mapped stays, and its file is gone with it where the system allows that. */
  @Nullable Path path() {
    return path;
  }

  /** Removes the file, which what is mapped outlives; on Windows it stays until it is mapped no more. */
  @Override
  public void close() throws IOException {
    if (file == null || path == null) return;
    file.close();
    try {
      Files.deleteIfExists(path);
    } catch (FileSystemException e) {
      path.toFile().deleteOnExit();
    }
  }
}
