package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object of {@code tokenizer.json}, with messages for what is missing or of another kind. Unknown ones
 * are left alone: newer programs write more.
 */
record Fields(Value.Mapping values) {
  /** Reads an item of a list. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Fields fields) throws FileException;
  }

  static Fields of(Value value) throws FileException {
    if (value instanceof Value.Mapping mapping) return new Fields(mapping);
    throw problem(value, shown(value), "an object", "");
  }

  /** What kind of thing it is. */
  String type() throws FileException {
    return text("type");
  }

  /** Whether there is something under the name. */
  boolean has(String name) {
    return find(name) != null;
  }

  /** The value, or null if there is none. */
  @Nullable Value find(String name) {
    var value = values.get(name);
    return value instanceof Value.Null ? null : value;
  }

  Value get(String name) throws FileException {
    var value = find(name);
    if (value == null) throw problem(values, "no '" + name + "'", "an object with '" + name + "'", "");
    return value;
  }

  Fields object(String name) throws FileException {
    return of(get(name));
  }

  String text(String name) throws FileException {
    return text(get(name));
  }

  String text(String name, String otherwise) throws FileException {
    return has(name) ? text(name) : otherwise;
  }

  @Nullable String optional(String name) throws FileException {
    return has(name) ? text(name) : null;
  }

  static String text(Value value) throws FileException {
    if (value instanceof Value.Text text) return text.value();
    throw problem(value, shown(value), "a text", "");
  }

  /** A single character. */
  int character(String name) throws FileException {
    var text = text(name);
    if (text.codePointCount(0, text.length()) == 1) return text.codePointAt(0);
    throw problem(get(name), FileProblems.shown(text), "a single character", "");
  }

  boolean flag(String name, boolean otherwise) throws FileException {
    return switch (find(name)) {
      case null -> otherwise;
      case Value.Bool b -> b.value();
      case Value other -> throw problem(other, shown(other), "true or false", "");
    };
  }

  /** A whole number from 0 on. */
  int count(String name) throws FileException {
    return count(get(name));
  }

  int count(String name, int otherwise) throws FileException {
    return has(name) ? count(name) : otherwise;
  }

  static int count(Value value) throws FileException {
    if (value instanceof Value.Num number && number.isLong()) {
      long count = number.value().longValueExact();
      if (count >= 0 && count <= Integer.MAX_VALUE) return (int) count;
    }
    throw problem(value, shown(value), "a whole number from 0 to " + Integer.MAX_VALUE, "");
  }

  List<Value> items(String name) throws FileException {
    return items(get(name));
  }

  static List<Value> items(Value value) throws FileException {
    if (value instanceof Value.Sequence list) return list.items();
    throw problem(value, shown(value), "a list", "");
  }

  <T> List<T> list(String name, Reader<T> reader) throws FileException {
    var read = new ArrayList<T>();
    for (var item : items(name)) read.add(reader.read(of(item)));
    return List.copyOf(read);
  }

  /** One of some names, as an enum writes them: {@code MergedWithNext}, or {@code merged_with_next}. */
  <E extends Enum<E>> E choice(String name, Class<E> type, @Nullable E otherwise) throws FileException {
    if (otherwise != null && !has(name)) return otherwise;
    var found = text(name);
    for (var each : type.getEnumConstants()) {
      if (plain(each.name()).equals(plain(found))) return each;
    }
    var names = new ArrayList<String>();
    for (var each : type.getEnumConstants()) names.add(written(each.name()));
    throw unknown(get(name), found, names);
  }

  /** {@code MERGED_WITH_NEXT} as such files have it. */
  private static String written(String name) {
    var written = new StringBuilder();
    for (var word : name.split("_")) written.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    return written.toString();
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** That a type is none that there is. */
  FileException unknownType(String... known) throws FileException {
    return unknown(get("type"), type(), List.of(known));
  }

  static FileException unknown(Value at, String found, List<String> known) {
    return problem(at, FileProblems.shown(found), "one of " + String.join(", ", known), Nearest.advice(found, known));
  }

  static FileException problem(Value at, String found, String expected, String help) {
    return new FileException(new Problem(at.place(), found, expected, help));
  }

  private static String shown(Value value) {
    return switch (value) {
      case Value.Null _ -> "null";
      case Value.Mapping _ -> "an object";
      case Value.Sequence _ -> "a list";
      case Value.Text text -> "the text " + FileProblems.shown(text.value());
      default -> FileProblems.shown(value.toString());
    };
  }
}
