package dev.ashlar.io.data;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Reads an array in the IDX format: two zero bytes, the element type, the number of axes, their extents, then
 * the elements, everything big-endian.
 */
final class IdxFile {
  private static final int BLOCK = 1 << 20;

  private final Path path;
  private final InputStream in;
  private long at;

  private IdxFile(Path path, InputStream in) {
    this.path = path;
    this.in = in;
  }

  static NDArray read(Path path) throws FileException {
    try (var in = Streams.open(path)) {
      return new IdxFile(path, in).read();
    } catch (ZipException | EOFException e) {
      throw FileException.at(path.toString(), "damaged gzip data (" + e.getMessage() + ")",
          "a whole gzip file", "fetch or make the file again");
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    }
  }

  private NDArray read() throws IOException {
    var magic = bytes(4, "the magic number");
    if (magic[0] != 0 || magic[1] != 0 || elementBytes(magic[2]) == 0 || magic[3] < 1) {
      throw FileException.at(path + ": byte 0", String.format("the magic number 0x%08x",
          ByteBuffer.wrap(magic).getInt()),
          "that of an IDX file, such as 0x00000803 for images or 0x00000801 for labels",
          "it is no IDX file, or damaged");
    }
    var dims = new int[magic[3]];
    long elements = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = ByteBuffer.wrap(bytes(4, "the extents")).getInt();
      if (dims[axis] < 0 || Math.multiplyHigh(elements, dims[axis]) != 0 || elements * dims[axis] < 0) {
        throw FileException.at(path + ": byte " + (at - 4), "an extent of "
            + Integer.toUnsignedString(dims[axis]), "an extent that memory can hold", "the file is damaged");
      }
      elements *= dims[axis];
    }
    if (elements == 0) {
      throw FileException.at(path.toString(), "no elements: extents " + Arrays.toString(dims), "at least one",
          "");
    }
    var blocks = elements(elements, elementBytes(magic[2]), dims);
    return decode(blocks, magic[2], new TensorType(dtype(magic[2]), Shape.of(dims)));
  }

  /** In blocks as they come, so that a false extent takes no more memory than the file has bytes. */
  private List<byte[]> elements(long elements, int size, int[] dims) throws IOException {
    if (Math.multiplyHigh(elements, size) != 0 || elements * size < 0) {
      throw FileException.at(path.toString(), "extents " + Arrays.toString(dims),
          "an array that memory can hold", "the file is damaged");
    }
    long wanted = elements * size;
    long begin = at;
    var blocks = new ArrayList<byte[]>();
    while (at - begin < wanted) {
      var block = in.readNBytes((int) Math.min(BLOCK, wanted - (at - begin)));
      if (block.length == 0) {
        throw FileException.at(path + ": byte " + at, "the end of the file",
            wanted + " bytes of elements from byte " + begin + ": extents " + Arrays.toString(dims),
            "the file was cut off: fetch it again");
      }
      at += block.length;
      blocks.add(block);
    }
    if (in.read() >= 0) {
      throw FileException.at(path + ": byte " + at, "more bytes", "the end of the file: extents "
          + Arrays.toString(dims), "the file is damaged");
    }
    return blocks;
  }

  private static NDArray decode(List<byte[]> blocks, byte code, TensorType type) {
    var array = NDArray.zeros(type);
    int size = elementBytes(code);
    long index = 0;
    for (var block : blocks) {
      if (size == 1) {
        MemorySegment.copy(MemorySegment.ofArray(block), 0, array.data(), index, block.length);
        index += block.length;
        continue;
      }
      // A block's length is a multiple of every element's size, the last one's too.
      var numbers = ByteBuffer.wrap(block);
      while (numbers.hasRemaining()) {
        switch (code) {
          case 0x0B -> array.setLong(index++, numbers.getShort());
          case 0x0C -> array.setLong(index++, numbers.getInt());
          case 0x0D -> array.set(index++, numbers.getFloat());
          default -> array.set(index++, numbers.getDouble());
        }
      }
    }
    return array;
  }

  private static int elementBytes(byte code) {
    return switch (code) {
      case 0x08, 0x09 -> 1;
      case 0x0B -> 2;
      case 0x0C, 0x0D -> 4;
      case 0x0E -> 8;
      default -> 0;
    };
  }

  private static DType dtype(byte code) {
    return switch (code) {
      case 0x08 -> DType.U8;
      case 0x09 -> DType.I8;
      case 0x0B, 0x0C -> DType.I32;
      case 0x0D -> DType.F32;
      default -> DType.F64;
    };
  }

  private byte[] bytes(int count, String what) throws IOException {
    var bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw FileException.at(path + ": byte " + (at + bytes.length), "the end of the file", count
          + " bytes of " + what, "the file was cut off: fetch it again");
    }
    at += count;
    return bytes;
  }
}
