package dev.ashlar.io.data;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Examples held in arrays, whose first axis counts them. */
final class ArrayDataset implements Dataset {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Column[] columns;
  /** Which examples of the arrays these are; all of them if it is null. */
  private final long @Nullable [] positions;
  private final long size;
  private final SequencedMap<String, TensorType> types;
  private final List<String> classes;
  private final List<String> features;
  private final Optional<TextEncoding> text;

  /**
   * An array and how it is given.
   *
   * @param array as it is kept, [examples, ..]
   * @param given type of one example
   */
  record Column(String name, NDArray array, TensorType given) {
    static Column of(String name, NDArray array, DType dtype) {
      var shape = array.shape();
      if (shape.rank() == 0) {
        throw new ShapeException("column '" + name + "'", "an axis of examples in front", "a scalar");
      }
      return new Column(name, array, new TensorType(dtype, shape.slice(1, shape.rank())));
    }

    int examples() {
      return array.shape().dim(0);
    }
  }

  ArrayDataset(List<Column> columns, List<String> classes, List<String> features) {
    this(columns, classes, features, Optional.empty());
  }

  ArrayDataset(List<Column> columns, List<String> classes, List<String> features, Optional<TextEncoding> text) {
    this(columns.toArray(Column[]::new), null, List.copyOf(classes), List.copyOf(features), text);
  }

  private ArrayDataset(
      Column[] columns, long @Nullable [] positions, List<String> classes, List<String> features,
      Optional<TextEncoding> text) {
    if (columns.length == 0) throw new IllegalArgumentException("a data set needs at least one column");
    SequencedMap<String, TensorType> given = new LinkedHashMap<>();
    for (var column : columns) {
      if (column.examples() != columns[0].examples()) {
        throw new ShapeException("column '" + column.name() + "'",
            columns[0].examples() + " examples as in column '" + columns[0].name() + "'",
            column.examples() + " examples");
      }
      given.put(column.name(), column.given());
    }
    this.columns = columns;
    this.positions = positions;
    this.size = positions == null ? columns[0].examples() : positions.length;
    this.types = Collections.unmodifiableSequencedMap(given);
    this.classes = classes;
    this.features = features;
    this.text = text;
  }

  /** Some of these examples, in the given order. */
  ArrayDataset subset(long[] chosen) {
    var there = chosen.clone();
    for (int i = 0; i < there.length; i++) there[i] = position(there[i]);
    return new ArrayDataset(columns, there, classes, features, text);
  }

  /** What numbers stand for text, if these do. */
  Optional<TextEncoding> text() {
    return text;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public SequencedMap<String, TensorType> columns() {
    return types;
  }

  @Override
  public long origin(long position) {
    return position(position);
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public List<String> features() {
    return features;
  }

  /** Allocates nothing. */
  @Override
  public void read(long[] positions, int count, Map<String, NDArray> batch) {
    int wanted = 0;
    for (var column : columns) {
      var into = batch.get(column.name());
      if (into == null) continue;
      wanted++;
      check(column.name(), column.given(), count, into);
      long elements = into.size() / Math.max(1, into.shape().dim(0));
      for (int i = 0; i < count; i++) {
        copy(column.array(), position(positions[i]) * elements, into, i * elements, elements);
      }
    }
    if (wanted < batch.size()) {
      throw new IllegalArgumentException("columns " + batch.keySet() + " asked for; there are "
          + types.keySet());
    }
  }

  private long position(long position) {
    Objects.checkIndex(position, size);
    return positions == null ? position : positions[(int) position];
  }

  /** Refuses an array that does not hold so many examples of a column. */
  static void check(String column, TensorType given, int count, NDArray into) {
    var shape = into.shape();
    boolean fits = into.dtype() == given.dtype() && shape.rank() == given.shape().rank() + 1
        && shape.dim(0) >= count;
    for (int axis = 1; fits && axis < shape.rank(); axis++) {
      fits = shape.dim(axis) == given.shape().dim(axis - 1);
    }
    if (!fits) {
      throw new ShapeException("column '" + column + "'",
          given.withShape(given.shape().insert(0, count)) + " or more rows", into.type().toString());
    }
  }

  private static void copy(NDArray from, long source, NDArray to, long target, long elements) {
    if (from.dtype() == to.dtype()) {
      int bytes = to.dtype().bytes();
      MemorySegment.copy(from.data(), source * bytes, to.data(), target * bytes, elements * bytes);
    } else if (from.dtype() == DType.U8 && to.dtype() == DType.F32) {
      for (long i = 0; i < elements; i++) {
        float value = from.data().get(ValueLayout.JAVA_BYTE, source + i) & 0xff;
        to.data().setAtIndex(F32, target + i, value);
      }
    } else {
      for (long i = 0; i < elements; i++) to.set(target + i, from.get(source + i));
    }
  }
}
