package dev.ashlar.io.data;

import dev.ashlar.config.FileException;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes examples of arrays that a file holds. */
final class ArrayColumns {
  private ArrayColumns() {}

  /**
   * An array, and what messages call it.
   *
   * @param array [examples, ..]
   */
  record Part(String source, NDArray array) {
    int examples() {
      return array.shape().dim(0);
    }
  }

  /** Inputs, and targets if there are labels. */
  static Dataset of(Part inputs, Optional<Part> labels, List<String> classes) throws FileException {
    if (inputs.array.shape().rank() == 0 || inputs.array.size() == 0) {
      throw FileException.at(inputs.source, "an array of shape " + inputs.array.shape() + ", with no examples",
          "at least one example along the first axis", "");
    }
    checkRange(inputs);
    var columns = new ArrayList<ArrayDataset.Column>();
    columns.add(ArrayDataset.Column.of(Batch.INPUT, inputs.array, given(inputs.array.dtype())));
    if (labels.isEmpty()) return new ArrayDataset(columns, classes, List.of());
    var part = labels.get();
    if (part.array.shape().rank() == 0 || part.examples() != inputs.examples()) {
      throw FileException.at(part.source, "labels of shape " + part.array.shape(),
          inputs.examples() + " along the first axis, as there are examples in " + inputs.source,
          "the two belong to different sets");
    }
    if (part.array.dtype().isFloating()) {
      if (!classes.isEmpty()) {
        throw FileException.at(part.source, "elements of type " + part.array.dtype(),
            "whole numbers, since 'classes' are named", "");
      }
      checkRange(part);
      var numbers = part.array.shape().rank() == 1 ? part.array.reshape(part.examples(), 1) : part.array;
      columns.add(ArrayDataset.Column.of(Batch.TARGET, numbers, DType.F32));
      return new ArrayDataset(columns, List.of(), List.of());
    }
    boolean several = part.array.size() != part.examples();
    if (several && part.array.dtype() == DType.BOOL) {
      throw FileException.at(part.source, "labels of shape " + part.array.shape(), "one label for each example",
          "of one-hot labels take the index: y.argmax(axis=1); several that may be true are numbers:"
          + " y.astype('float32')");
    }
    checkRange(part);
    var numbers = several ? part.array : part.array.reshape(part.examples());
    columns.add(ArrayDataset.Column.of(Batch.TARGET, numbers, DType.I32));
    var names = several ? ClassNumbers.namesOfPositions(part.source, numbers, classes)
        : ClassNumbers.names(part.source, numbers, classes);
    return new ArrayDataset(columns, names, List.of());
  }

  /** Numbers of 64 bits are given as 32 bits: what does not fit must not become another number, or infinite. */
  private static void checkRange(Part part) throws FileException {
    if (part.array.dtype() == DType.F64) checkMagnitude(part);
    if (part.array.dtype() != DType.I64) return;
    for (long i = 0; i < part.array.size(); i++) {
      long value = part.array.getLong(i);
      if (value != (int) value) {
        throw FileException.at(part.source + ": element " + i, "the number " + value,
            "from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE, "numbers that are no symbols may be floats");
      }
    }
  }

  private static void checkMagnitude(Part part) throws FileException {
    for (long i = 0; i < part.array.size(); i++) {
      double value = part.array.get(i);
      if (Double.isFinite(value) && Float.isInfinite((float) value)) {
        throw FileException.at(part.source + ": element " + i, "the number " + value,
            "of magnitude <= " + Float.MAX_VALUE, "take the logarithm, or divide by a large number");
      }
    }
  }

  private static DType given(DType kept) {
    return switch (kept) {
      case I64, I32 -> DType.I32;
      default -> DType.F32;
    };
  }
}
