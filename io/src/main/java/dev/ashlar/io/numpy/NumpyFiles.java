package dev.ashlar.io.numpy;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads and writes NumPy's files. An array that lies in its file as it would in memory is mapped, not read. */
public final class NumpyFiles {
  private static final int BLOCK = 1 << 16;
  private static final int ALIGNMENT = 64;
  private static final String SUFFIX = ".npy";

  private NumpyFiles() {}

  /**
   * The array of an {@code .npy} file. Unsigned and short integers are widened to a type that holds their values;
   * unsigned 64-bit ones and text are refused.
   *
   * @throws FileException if it cannot be read, naming the byte
   */
  public static NDArray read(Path path) throws FileException {
    try (var file = FileChannel.open(path); var in = new BufferedInputStream(Files.newInputStream(path), BLOCK)) {
      var header = NpyHeader.read(in, path.toString());
      if (!isAsInMemory(header)) return read(in, header, path.toString());
      long bytes = header.type().bytes();
      checkEnd(path.toString(), header, file.size() - header.length(), bytes);
      return NDArray.wrap(header.type(),
          file.map(FileChannel.MapMode.READ_ONLY, header.length(), bytes, Arena.ofAuto()));
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    }
  }

  /** Names of the arrays in an {@code .npz} file. */
  public static List<String> names(Path path) throws FileException {
    try (var zip = zip(path)) {
      return zip.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length())).toList();
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    }
  }

  /**
   * One array of an {@code .npz} file.
   *
   * @param option how the configuration names it, for messages
   */
  public static NDArray read(Path path, String name, String option) throws FileException {
    var source = path + ": " + name + SUFFIX;
    try (var zip = zip(path)) {
      var entry = zip.getEntry(name + SUFFIX);
      if (entry == null) {
        var known = names(path);
        throw FileException.at(path.toString(), "no array '" + name + "', which '" + option + "' names",
            known.isEmpty() ? "an archive of arrays" : "one of " + String.join(", ", known),
            Nearest.advice(name, known));
      }
      try (var in = new CheckedInputStream(new BufferedInputStream(zip.getInputStream(entry), BLOCK), new CRC32())) {
        var array = read(in, NpyHeader.read(in, source), source);
        if (in.getChecksum().getValue() != entry.getCrc()) throw new ZipException("its checksum is another");
        return array;
      }
    } catch (ZipException | EOFException e) {
      throw FileException.at(source, "damaged data (" + e.getMessage() + ")", "a whole archive",
          "fetch or save the file again");
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    }
  }

  private static ZipFile zip(Path path) throws IOException {
    try {
      return new ZipFile(path.toFile());
    } catch (ZipException e) {
      throw FileException.at(path.toString(), "no zip file, or one that was cut off (" + e.getMessage() + ")",
          "an archive as numpy.savez writes it", "a single array is read by 'npy'");
    }
  }

  // ---------------------------------------------------------------- elements

  private static boolean isAsInMemory(NpyHeader header) {
    return !header.columnsFirst() && (header.order() == ByteOrder.LITTLE_ENDIAN || header.bytes() == 1)
        && header.dtype().bytes() == header.bytes();
  }

  private static NDArray read(InputStream in, NpyHeader header, String source) throws IOException {
    long count = header.type().shape().size();
    int size = header.bytes();
    // Read in blocks first: a false extent takes no more memory than the file has bytes.
    var blocks = new java.util.ArrayList<byte[]>();
    long read = 0;
    while (read < count * size) {
      var block = in.readNBytes((int) Math.min(BLOCK, count * size - read));
      if (block.length == 0) break;
      blocks.add(block);
      read += block.length;
    }
    checkEnd(source, header, read + (in.read() >= 0 ? 1 : 0), count * size);
    var array = NDArray.zeros(header.type());
    var strides = strides(header.dims());
    long index = 0;
    for (var block : blocks) {
      var numbers = ByteBuffer.wrap(block).order(header.order());
      for (; numbers.hasRemaining(); index++) {
        set(array, header.columnsFirst() ? rowMajor(index, header.dims(), strides) : index, numbers, header.element());
      }
    }
    return array;
  }

  private static void set(NDArray array, long index, ByteBuffer from, String element) {
    switch (element) {
      case "f2" -> array.set(index, Float.float16ToFloat(from.getShort()));
      case "f4" -> array.set(index, from.getFloat());
      case "f8" -> array.set(index, from.getDouble());
      case "i1" -> array.setLong(index, from.get());
      case "u1", "b1" -> array.setLong(index, from.get() & 0xff);
      case "i2" -> array.setLong(index, from.getShort());
      case "u2" -> array.setLong(index, from.getShort() & 0xffff);
      case "i4" -> array.setLong(index, from.getInt());
      case "u4" -> array.setLong(index, from.getInt() & 0xffffffffL);
      default -> array.setLong(index, from.getLong());
    }
  }

  /** Where an element lies whose first axis varies fastest. */
  private static long rowMajor(long index, int[] dims, long[] strides) {
    long rest = index;
    long at = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      at += rest % dims[axis] * strides[axis];
      rest /= dims[axis];
    }
    return at;
  }

  /** By how many elements neighbours along each axis are apart, the last axis varying fastest. */
  private static long[] strides(int[] dims) {
    var strides = new long[dims.length];
    long stride = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= dims[axis];
    }
    return strides;
  }

  private static void checkEnd(String source, NpyHeader header, long there, long wanted) throws FileException {
    if (there < wanted) {
      throw NpyHeader.cut(source, header.length() + there, wanted + " bytes of elements from byte " + header.length()
          + ": shape " + Arrays.toString(header.dims()));
    }
    if (there > wanted) {
      throw FileException.at(source + ": byte " + (header.length() + wanted), "more bytes",
          "the end of the file: shape " + Arrays.toString(header.dims()), "the file is damaged");
    }
  }

  // ---------------------------------------------------------------- writing

  /**
   * Writes an array, all or nothing.
   *
   * @throws IOException if it cannot be written
   * @throws IllegalArgumentException if it is of brain floats, which NumPy lacks
   */
  public static void write(Path path, NDArray array) throws IOException {
    var header = header(array);
    AtomicFiles.write(path, file -> {
      var bytes = ByteBuffer.wrap(header);
      while (bytes.hasRemaining()) file.write(bytes);
      for (long from = 0; from < array.data().byteSize(); from += 1 << 30) {
        MemorySegment part = array.data().asSlice(from, Math.min(1 << 30, array.data().byteSize() - from));
        var elements = part.asByteBuffer();
        while (elements.hasRemaining()) file.write(elements);
      }
    });
  }

  private static byte[] header(NDArray array) {
    var descr = switch (array.dtype()) {
      case F64 -> "<f8";
      case F32 -> "<f4";
      case F16 -> "<f2";
      case I64 -> "<i8";
      case I32 -> "<i4";
      case I8 -> "|i1";
      case U8 -> "|u1";
      case BOOL -> "|b1";
      case BF16 -> throw new IllegalArgumentException("NumPy has no " + DType.BF16 + "; cast it to " + DType.F32);
    };
    var dims = Arrays.stream(array.shape().dims()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    var shape = "(" + dims + (array.shape().rank() == 1 ? ",)" : ")");
    var text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
    int length = 10 + text.length() + 1;
    int padded = Math.ceilDiv(length, ALIGNMENT) * ALIGNMENT;
    text = text + " ".repeat(padded - length) + "\n";
    return ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length())
        .put(text.getBytes(StandardCharsets.ISO_8859_1)).array();
  }
}
