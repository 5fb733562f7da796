package dev.ashlar.io.numpy;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in front of an array in the NPY format: {@code \x93NUMPY}, a version, and a literal of Python with
 * element type, order and shape.
 *
 * @param element kind and size of an element as NumPy writes them: {@code f4}
 * @param order of its bytes
 * @param columnsFirst whether the first axis varies fastest
 * @param dims extents
 * @param length bytes of all of this
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy: NPY format</a>
 */
record NpyHeader(String element, ByteOrder order, boolean columnsFirst, int[] dims, int length) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  /** Longer headers are of records, which are no arrays of numbers. */
  private static final int LONGEST = 1 << 16;
  private static final Pattern LITERAL = Pattern.compile(
      "\\{'descr': '([<>|=]?)([a-zA-Z])([0-9]+)', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\),? *\\}\\s*");
  private static final String NUMBERS = "f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, b1";

  static NpyHeader read(InputStream in, String source) throws IOException {
    var start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw FileException.at(source + ": byte 0", start.length == 0 ? "an empty file" : "no array of NumPy",
          "the bytes \\x93NUMPY", "save it with numpy.save");
    }
    int major = start[MAGIC.length];
    if (major < 1 || major > 3) {
      throw FileException.at(source + ": byte 6", "version " + major, "version 1, 2 or 3", "");
    }
    int sizeBytes = major == 1 ? 2 : 4;
    var size = in.readNBytes(sizeBytes);
    if (size.length < sizeBytes) throw cut(source, MAGIC.length + 2 + size.length, "the header's length");
    long length = major == 1 ? ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xffff
        : ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xffffffffL;
    int before = MAGIC.length + 2 + sizeBytes;
    if (length > LONGEST) {
      throw FileException.at(source + ": byte 8", "a header of " + length + " bytes", "at most " + LONGEST,
          "the file is damaged, or holds records");
    }
    var text = in.readNBytes((int) length);
    if (text.length < length) throw cut(source, before + text.length, length + " bytes of header");
    return parse(new String(text, StandardCharsets.UTF_8), before + (int) length, source);
  }

  private static NpyHeader parse(String text, int length, String source) throws FileException {
    var literal = LITERAL.matcher(text);
    if (!literal.matches()) {
      throw FileException.at(source + ": header", FileProblems.shown(text.strip()),
          "an array of numbers: {'descr': '<f4', 'fortran_order': False, 'shape': (100, 4), }",
          "records, objects and text are no numbers: save the columns that are");
    }
    var element = literal.group(2) + literal.group(3);
    var order = literal.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    var header = new NpyHeader(element, order, literal.group(4).equals("True"), dims(literal, source), length);
    if (!Arrays.asList(NUMBERS.split(", ")).contains(element)) {
      throw FileException.at(source + ": header", "elements of type " + element, "one of " + NUMBERS,
          element.startsWith("U") || element.startsWith("S") ? "text is no number: number the classes from 0" : "");
    }
    long elements = 1;
    for (int dim : header.dims) {
      if (Math.multiplyHigh(elements, dim) != 0 || elements * dim < 0 || elements * dim > Long.MAX_VALUE / 8) {
        throw FileException.at(source + ": header", "the shape " + Arrays.toString(header.dims),
            "an array that memory can hold", "the file is damaged");
      }
      elements *= dim;
    }
    return header;
  }

  private static int[] dims(Matcher literal, String source) throws FileException {
    var dims = new ArrayList<Integer>();
    for (var part : literal.group(5).split(",")) {
      if (part.isBlank()) continue;
      try {
        dims.add(Integer.parseInt(part.strip()));
      } catch (NumberFormatException e) {
        throw FileException.at(source + ": header", "an extent of " + part.strip(), "at most " + Integer.MAX_VALUE, "");
      }
    }
    return dims.stream().mapToInt(d -> d).toArray();
  }

  int bytes() {
    return Integer.parseInt(element.substring(1));
  }

  /** The element type that holds all values. */
  DType dtype() {
    return switch (element) {
      case "f2" -> DType.F16;
      case "f4" -> DType.F32;
      case "f8" -> DType.F64;
      case "i1" -> DType.I8;
      case "u1" -> DType.U8;
      case "b1" -> DType.BOOL;
      case "i8", "u4" -> DType.I64;
      default -> DType.I32;
    };
  }

  TensorType type() {
    return new TensorType(dtype(), Shape.of(dims));
  }

  static FileException cut(String source, long at, String wanted) {
    return FileException.at(source + ": byte " + at, "the end of the file", wanted,
        "the file was cut off: fetch or save it again");
  }
}
