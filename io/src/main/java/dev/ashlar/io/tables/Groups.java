package dev.ashlar.io.tables;

import dev.ashlar.config.FileException;
import java.util.HashMap;
import java.util.Map;

/** The column that says which rows belong together: numbers its texts as they come. */
final class Groups {
  private final int column;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final IntRows rows = new IntRows();

  Groups(int column) {
    this.column = column;
  }

  void add(Rows table) throws FileException {
    if (column < 0) return;
    var text = Numbers.category(table.text(column));
    if (text.isEmpty()) {
      throw table.at(column, table.line(), "nothing", "a value, since 'group' names the column",
          "fill the field, or remove the row");
    }
    var number = numbers.putIfAbsent(text, numbers.size());
    rows.add(number == null ? numbers.size() - 1 : number);
  }

  /** A number for each row; empty if none belong together. */
  int[] finish() {
    return rows.toArray();
  }
}
