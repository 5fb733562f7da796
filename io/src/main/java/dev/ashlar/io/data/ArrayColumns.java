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
      var numbers = part.array.shape().rank() == 1 ? part.array.reshape(part.examples(), 1) : part.array;
      columns.add(ArrayDataset.Column.of(Batch.TARGET, numbers, DType.F32));
      return new ArrayDataset(columns, List.of(), List.of());
    }
    if (part.array.size() != part.examples()) {
      throw FileException.at(part.source, "labels of shape " + part.array.shape(), "one label for each example",
          "of one-hot labels take the index: y.argmax(axis=1)");
    }
    var numbers = part.array.reshape(part.examples());
    columns.add(ArrayDataset.Column.of(Batch.TARGET, numbers, DType.I32));
    return new ArrayDataset(columns, ClassNumbers.names(part.source, numbers, classes), List.of());
  }

  private static DType given(DType kept) {
    return switch (kept) {
      case I64, I32 -> DType.I32;
      default -> DType.F32;
    };
  }
}
