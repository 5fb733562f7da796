package dev.ashlar.data;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A set of examples in a fixed order, read by position. Thread-safe. */
@Stable
public interface Dataset extends AutoCloseable {

  /** Number of examples. */
  long size();

  /** Whether there is no example. May be quicker to tell than how many there are. */
  default boolean isEmpty() {
    return size() == 0;
  }

  /**
   * Columns by name, with the type of one example: without the batch axis. By convention {@link
   * dev.ashlar.model.Batch#INPUT} and {@link dev.ashlar.model.Batch#TARGET}; a set may have others.
   */
  SequencedMap<String, TensorType> columns();

  /**
   * Copies examples into rows 0 to {@code count - 1} of the batch; other rows are left alone.
   *
   * @param positions of the examples, each from 0 to {@code size() - 1}; {@code count} are read
   * @param batch an array for each column, [batch, ..]
   */
  void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException;

  /**
   * Where an example was, counted from 0, in the set that was read, if this has some of its examples or has them in
   * another order: what messages call it.
   *
   * @param position of the example here
   */
  default long origin(long position) {
    return position;
  }

  /** Names of the classes that an integer target counts, in order; empty where there are none. */
  default List<String> classes() {
    return List.of();
  }

  /** Names of the inputs' features, in order; empty where they have none. */
  default List<String> features() {
    return List.of();
  }

  /** Names of the numbers in the target, in order; empty where they have none or the target counts classes. */
  default List<String> targets() {
    return List.of();
  }

  @Override
  default void close() throws IOException {}
}
