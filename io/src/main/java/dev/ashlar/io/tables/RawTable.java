package dev.ashlar.io.tables;

import dev.ashlar.tensor.NDArray;
import java.util.List;

/**
 * A table as it was read, before anything is learnt from it.
 *
 * @param numbers f32[rows, raw numbers]; NaN where nothing was
 * @param columns in order
 * @param targets names of the numbers to learn; none of classes
 * @param missing what is to stand for nothing
 * @param groups a number for each row, the same for those that belong together; empty if none do
 * @param source what messages call the table
 */
record RawTable(NDArray numbers, List<RawColumn> columns, List<String> targets, Missing missing, int[] groups,
    String source) {

  int rows() {
    return numbers.shape().dim(0);
  }

  int width() {
    return numbers.shape().dim(1);
  }

  /** Where the numbers of a column begin in a row. */
  int offset(int column) {
    int offset = 0;
    for (int i = 0; i < column; i++) offset += columns.get(i).width();
    return offset;
  }

  float number(long row, int offset) {
    return (float) numbers.get(row * width() + offset);
  }
}
