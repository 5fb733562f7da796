package dev.ashlar.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads event files, knowing nothing of how they are written: messages as maps from numbers of fields to values. */
final class WrittenEvents {

  /**
   * A value in a file.
   *
   * @param field that holds it: 2 a scalar, 4 a picture, 5 a histogram, 8 a tensor
   * @param value a float, or the bytes of a message
   */
  record Value(long step, String tag, int field, Object value) {

    float scalar() {
      return (Float) value;
    }

    Map<Integer, List<Object>> message() {
      return WrittenEvents.message((ByteBuffer) value);
    }
  }

  /** Status and step of a session. */
  record Session(long step, long status) {}

  final List<Value> values = new ArrayList<>();
  final List<Session> sessions = new ArrayList<>();

  /** All files of a folder, in the order of their names. */
  static WrittenEvents in(Path folder) throws IOException {
    WrittenEvents events = new WrittenEvents();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().contains("tfevents")).sorted().toList()) {
        events.read(file);
      }
    }
    return events;
  }

  private void read(Path path) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    while (file.hasRemaining()) {
      int size = Math.toIntExact(file.getLong());
      event(message(file.slice(file.position() + 4, size)));
      file.position(file.position() + 4 + size + 4);
    }
  }

  private void event(Map<Integer, List<Object>> event) {
    long step = (Long) event.getOrDefault(2, List.of(0L)).getFirst();
    event.getOrDefault(7, List.of())
        .forEach(session -> sessions.add(new Session(step, (Long) message((ByteBuffer) session).get(1).getFirst())));
    for (Object summary : event.getOrDefault(5, List.of())) {
      for (Object value : message((ByteBuffer) summary).get(1)) {
        Map<Integer, List<Object>> fields = message((ByteBuffer) value);
        int kind = Stream.of(2, 4, 5, 8).filter(fields::containsKey).findFirst().orElseThrow();
        values.add(new Value(step, text(fields.get(1).getFirst()), kind, fields.get(kind).getFirst()));
      }
    }
  }

  /** Values under a tag, in order. */
  List<Value> of(String tag) {
    return values.stream().filter(value -> value.tag().equals(tag)).toList();
  }

  static String text(Object bytes) {
    return StandardCharsets.UTF_8.decode(((ByteBuffer) bytes).duplicate()).toString();
  }

  static Map<Integer, List<Object>> message(ByteBuffer given) {
    ByteBuffer bytes = given.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, List<Object>> fields = new LinkedHashMap<>();
    while (bytes.hasRemaining()) {
      long key = varint(bytes);
      Object value = switch ((int) (key & 7)) {
        case 0 -> varint(bytes);
        case 1 -> bytes.getDouble();
        case 5 -> bytes.getFloat();
        case 2 -> {
          int size = (int) varint(bytes);
          ByteBuffer part = bytes.slice(bytes.position(), size);
          bytes.position(bytes.position() + size);
          yield part;
        }
        default -> throw new IllegalStateException("kind " + (key & 7));
      };
      fields.computeIfAbsent((int) (key >> 3), number -> new ArrayList<>()).add(value);
    }
    return fields;
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
