package dev.ashlar.io.safetensors;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.jackson.StrictJson;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Tensors in a file of the safetensors format. The header is checked whole when it is opened; elements are
 * read in place when they are used. Immutable; serves any number of threads.
 */
public final class SafeTensors {
  /** The longest header that the format allows. */
  private static final long LONGEST_HEADER = 100_000_000;

  /** Files up to this size are copied by {@link #hold}, which takes some hundredths of a second. */
  private static final long COPIED = 64L << 20;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String source;
  private final Header header;
  private final MemorySegment data;

  private SafeTensors(String source, Header header, MemorySegment data) {
    this.source = source;
    this.header = header;
    this.data = data;
  }

  /**
   * Maps a file, for as long as an array of it can be reached. It must not be changed meanwhile; that it is
   * replaced does no harm.
   *
   * @throws FileException if it cannot be read or is no such file
   */
  public static SafeTensors open(Path path) throws FileException {
    return open(path, Arena.ofAuto());
  }

  /** Maps a file for the life of an arena. */
  public static SafeTensors open(Path path, Arena arena) throws FileException {
    try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
      return of(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena), path.toString());
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    }
  }

  /**
   * Opens a file that is used for long, for the life of an arena. One of up to 64 MB is copied, so that whatever others
   * do to the file does no harm; a larger one is mapped, and must not be written over meanwhile.
   *
   * @throws FileException if it cannot be read or is no such file
   */
  public static SafeTensors hold(Path path, Arena arena) throws FileException {
    try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
      if (file.size() > COPIED) return open(path, arena);
      var bytes = arena.allocate(file.size(), Long.BYTES);
      var rest = bytes.asByteBuffer();
      while (rest.hasRemaining() && file.read(rest) >= 0) {} // less than its size if it is cut meanwhile
      return of(bytes.asSlice(0, rest.position()).asReadOnly(), path.toString());
    } catch (IOException e) {
      throw FileProblems.reading(path, e);
    }
  }

  /**
   * Reads from memory, which is not copied.
   *
   * @param source how messages call it, as if it were a file
   * @throws FileException if it is no such file
   */
  public static SafeTensors of(MemorySegment bytes, String source) throws FileException {
    if (bytes.byteSize() < Long.BYTES) {
      throw FileException.at(source, bytes.byteSize() + " bytes", "a safetensors file, of 8 bytes or more",
          bytes.byteSize() == 0 ? "the file is empty" : "the file was cut off: fetch it again");
    }
    long length = bytes.get(LENGTH, 0);
    long rest = bytes.byteSize() - Long.BYTES;
    if (length < 2 || length > LONGEST_HEADER) {
      throw FileException.at(source + ": byte 0", "a header of " + Long.toUnsignedString(length) + " bytes",
          "a safetensors file, whose header has 2 to " + LONGEST_HEADER, Impostors.advice(bytes));
    }
    if (length > rest) {
      throw FileException.at(source + ": byte 0", "a header of " + length + " bytes in a file that has "
          + rest + " more",
          "a header within the file", "the file was cut off, or is none of this format: fetch it again");
    }
    var json = StrictJson.decode(bytes.asSlice(Long.BYTES, length).asByteBuffer(), source + ": header");
    var data = bytes.asSlice(Long.BYTES + length);
    return new SafeTensors(source, Header.read(json, source, data.byteSize()), data);
  }

  /** How messages call it. */
  public String source() {
    return source;
  }

  /** Free text by name. */
  public SequencedMap<String, String> metadata() {
    return Collections.unmodifiableSequencedMap(header.metadata());
  }

  /** Names of all tensors, in the order of the header. */
  public List<String> names() {
    return List.copyOf(header.tensors().keySet());
  }

  /**
   * Element type and shape; empty if there is no such tensor, or its type is none that Ashlar computes with.
   */
  public Optional<TensorType> type(String name) {
    var stored = header.tensors().get(name);
    if (stored == null || !fits(stored)) return Optional.empty();
    return stored.element().dtype.map(dtype -> new TensorType(dtype, shape(stored)));
  }

  /**
   * A tensor: a view of the file, which cannot be written to.
   *
   * @throws FileException if there is none of that name, its element type is none of Ashlar's, or an extent
   *     is too large
   */
  public NDArray get(String name) throws FileException {
    var stored = header.tensors().get(name);
    if (stored == null) {
      throw FileException.at(source, "no tensor " + FileProblems.shown(name), "one of " + listed(names()),
          Nearest.advice(name, names()));
    }
    var place = source + ": tensor " + FileProblems.shown(name);
    if (stored.element().dtype.isEmpty()) {
      throw FileException.at(place, "elements of type " + stored.element(), "one of "
          + listed(List.of(DType.values()).stream().map(DType::name).toList()),
          "convert the file to one of these");
    }
    if (!fits(stored)) {
      throw FileException.at(place, "the shape " + Arrays.toString(stored.shape()),
          "extents up to " + Integer.MAX_VALUE, "");
    }
    var bytes = data.asSlice(stored.begin(), stored.end() - stored.begin());
    if (stored.element() == Element.BOOL) checkTruths(bytes, place);
    return NDArray.wrap(new TensorType(stored.element().dtype.get(), shape(stored)), bytes);
  }

  /** All tensors, as {@link #get} gives them. */
  public SequencedMap<String, NDArray> arrays() throws FileException {
    SequencedMap<String, NDArray> arrays = new LinkedHashMap<>();
    for (var name : names()) arrays.put(name, get(name));
    return arrays;
  }

  /**
   * Writes tensors to a file, atomically: see {@link AtomicFiles#write}. The same tensors in the same order
   * make the same bytes. Those of wider elements come first, so that all lie aligned.
   *
   * @param tensors by name
   * @param metadata free text by name
   * @throws IOException if it cannot be written
   */
  public static void write(Path path, Map<String, NDArray> tensors, Map<String, String> metadata)
      throws IOException {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    tensors.forEach((name, array) -> types.put(name, array.type()));
    write(path, types, tensors::get, metadata);
  }

  /**
   * Writes tensors that are fetched one at a time.
   *
   * @param types by name
   * @param values gives each tensor once
   */
  public static void write(
      Path path, Map<String, TensorType> types, Function<String, NDArray> values,
      Map<String, String> metadata)
      throws IOException {
    var layout = Layout.of(types, metadata);
    AtomicFiles.write(path, file -> layout.writeTo(file, values));
  }

  /**
   * Writes the same bytes into a channel.
   *
   * @param types by name
   * @param values gives each tensor once
   */
  public static void write(
      WritableByteChannel channel, Map<String, TensorType> types, Function<String, NDArray> values,
      Map<String, String> metadata)
      throws IOException {
    Layout.of(types, metadata).writeTo(channel, values);
  }

  private static boolean fits(Header.Stored stored) {
    for (long extent : stored.shape()) if (extent > Integer.MAX_VALUE) return false;
    return true;
  }

  private static Shape shape(Header.Stored stored) {
    var dims = new int[stored.shape().length];
    for (int i = 0; i < dims.length; i++) dims[i] = (int) stored.shape()[i];
    return Shape.of(dims);
  }

  private static void checkTruths(MemorySegment bytes, String place) throws FileException {
    for (long i = 0; i < bytes.byteSize(); i++) {
      byte truth = bytes.get(ValueLayout.JAVA_BYTE, i);
      if (truth < 0 || truth > 1) {
        throw FileException.at(place + ": element " + i, "the truth value " + (truth & 0xff), "0 or 1",
            "the file is damaged");
      }
    }
  }

  private static String listed(List<String> names) {
    int shown = 12;
    if (names.isEmpty()) return "none: the file has no tensors";
    if (names.size() <= shown) return String.join(", ", names);
    return String.join(", ", names.subList(0, shown)) + " and " + (names.size() - shown) + " more";
  }
}
