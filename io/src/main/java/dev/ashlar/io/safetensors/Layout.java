package dev.ashlar.io.safetensors;

import dev.ashlar.io.jackson.StrictJson;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How tensors will lie in a file.
 *
 * @param header the length and the JSON, padded with blanks so that the data begins on a cache line
 * @param tensors in the order of their data
 */
record Layout(byte[] header, List<Map.Entry<String, TensorType>> tensors) {
  private static final int ALIGNMENT = 64;
  private static final long SLICE = 1L << 26;

  static Layout of(Map<String, TensorType> types, Map<String, String> metadata) {
    var tensors = new ArrayList<>(types.entrySet());
    // Wider elements first: then each lies on a multiple of its size, since the format allows no gaps.
    // Stable.
    tensors.sort(Comparator.comparingInt(e -> -e.getValue().dtype().bytes()));
    var json = utf8(json(tensors, metadata));
    int length = Math.ceilDiv(Long.BYTES + json.length, ALIGNMENT) * ALIGNMENT - Long.BYTES;
    var header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(length).put(json);
    while (header.hasRemaining()) header.put((byte) ' ');
    return new Layout(header.array(), List.copyOf(tensors));
  }

  void writeTo(WritableByteChannel file, Function<String, NDArray> values) throws IOException {
    write(file, MemorySegment.ofArray(header));
    for (var tensor : tensors) {
      var array = values.apply(tensor.getKey());
      if (!array.type().equals(tensor.getValue())) {
        throw new ShapeException("tensor '" + tensor.getKey() + "'", tensor.getValue().toString(),
            array.type().toString());
      }
      write(file, array.data());
    }
  }

  private static void write(WritableByteChannel file, MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += SLICE) {
      var slice = bytes.asSlice(at, Math.min(SLICE, bytes.byteSize() - at)).asByteBuffer();
      while (slice.hasRemaining()) file.write(slice);
    }
  }

  private static String json(List<Map.Entry<String, TensorType>> tensors, Map<String, String> metadata) {
    var text = new StringWriter();
    try (var json = StrictJson.factory().createGenerator(text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(Header.METADATA);
        for (var entry : metadata.entrySet()) json.writeStringField(entry.getKey(), entry.getValue());
        json.writeEndObject();
      }
      long at = 0;
      for (var tensor : tensors) {
        if (tensor.getKey().equals(Header.METADATA)) {
          throw new IllegalArgumentException("no tensor can be called '" + Header.METADATA + "'");
        }
        var type = tensor.getValue();
        json.writeObjectFieldStart(tensor.getKey());
        json.writeStringField("dtype", Element.of(type.dtype()).name());
        json.writeFieldName("shape");
        json.writeArray(type.shape().dims(), 0, type.shape().rank());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {at, at + type.bytes()}, 0, 2);
        json.writeEndObject();
        at += type.bytes();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("text cannot fail to be written", e);
    }
    return text.toString();
  }

  private static byte[] utf8(String json) {
    try {
      var bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
      var result = new byte[bytes.remaining()];
      bytes.get(result);
      return result;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a name or text that is not Unicode (half of a surrogate pair)", e);
    }
  }
}
