package dev.ashlar.io.tables;

import dev.ashlar.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes features of raw numbers, row by row. Allocates nothing for a row. Immutable. */
final class Encoder {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment raw;
  private final long rawWidth;
  private final Part[] parts;
  private final boolean isPlain;

  Encoder(RawTable table, TableEncoding encoding) {
    this.raw = table.numbers().data();
    this.rawWidth = table.width();
    this.isPlain = encoding.isPlain();
    this.parts = new Part[encoding.columns().size()];
    int to = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = part(table.columns().get(i), encoding.columns().get(i), table.offset(i), to);
      to += encoding.columns().get(i).features().size();
    }
    assert table.numbers().dtype() == DType.F32;
  }

  void write(long row, MemorySegment into, long at) {
    long from = row * rawWidth;
    if (isPlain) {
      MemorySegment.copy(raw, from * Float.BYTES, into, at * Float.BYTES, rawWidth * Float.BYTES);
      return;
    }
    for (int i = 0; i < parts.length; i++) parts[i].write(raw, from, into, at);
  }

  /** Features of one column. */
  private sealed interface Part {
    void write(MemorySegment raw, long from, MemorySegment into, long at);
  }

  private static Part part(RawColumn column, ColumnEncoding encoding, int from, int to) {
    return switch (encoding) {
      case ColumnEncoding.Number(_, var missing) -> new NumberPart(from, to, missing.orElse(Double.NaN).floatValue());
      case ColumnEncoding.Date(_, var parts, _, var missing) ->
          new DatePartOf(from, to, parts, missing.orElse(Double.NaN));
      case ColumnEncoding.Category category -> {
        var numbers = numbers(category);
        int none = category.values().size();
        List<String> texts = ((RawColumn.Category) column).texts();
        var byCode = texts.stream().mapToInt(text -> numbers.getOrDefault(text, none)).toArray();
        int missing = category.missing().map(category.values()::indexOf).orElse(none);
        yield new CategoryPart(from, to, byCode, missing, category);
      }
    };
  }

  /** The number of each value, as it is looked up. */
  static Map<String, Integer> numbers(ColumnEncoding.Category category) {
    var numbers = new HashMap<String, Integer>();
    for (int i = 0; i < category.values().size(); i++) {
      numbers.putIfAbsent(Numbers.category(category.values().get(i)), i);
    }
    return numbers;
  }

  /** Writes the features of a category. */
  static void category(int value, ColumnEncoding.Category category, MemorySegment into, long at) {
    if (category.encode() != ColumnType.Encoding.ONE_HOT) {
      into.setAtIndex(F32, at, value);
      return;
    }
    for (int i = 0; i < category.values().size(); i++) into.setAtIndex(F32, at + i, i == value ? 1 : 0);
  }

  /** Writes the features of a moment. */
  static void date(double days, List<DatePart> parts, MemorySegment into, long at) {
    long next = at;
    for (int p = 0; p < parts.size(); p++) {
      var part = parts.get(p);
      int width = part == DatePart.YEARS || part == DatePart.DAYS ? 1 : 2;
      for (int i = 0; i < width; i++) into.setAtIndex(F32, next++, part.value(days, i));
    }
  }

  private record NumberPart(int from, int to, float missing) implements Part {
    @Override
    public void write(MemorySegment raw, long row, MemorySegment into, long at) {
      float value = raw.getAtIndex(F32, row + from);
      into.setAtIndex(F32, at + to, Float.isNaN(value) ? missing : value);
    }
  }

  /**
   * A category.
   *
   * @param byCode number of the value for each raw code
   */
  private record CategoryPart(int from, int to, int[] byCode, int missing, ColumnEncoding.Category category)
      implements Part {
    @Override
    public void write(MemorySegment raw, long row, MemorySegment into, long at) {
      float code = raw.getAtIndex(F32, row + from);
      Encoder.category(Float.isNaN(code) ? missing : byCode[(int) code], category, into, at + to);
    }
  }

  private record DatePartOf(int from, int to, List<DatePart> parts, double missing) implements Part {
    @Override
    public void write(MemorySegment raw, long row, MemorySegment into, long at) {
      double days = (double) raw.getAtIndex(F32, row + from) + raw.getAtIndex(F32, row + from + 1);
      Encoder.date(Double.isNaN(days) ? missing : days, parts, into, at + to);
    }
  }
}
