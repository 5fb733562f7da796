package dev.ashlar.runtime;

import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.model.Link;
import dev.ashlar.training.Answers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is told of an output, as it is written.
 *
 * @param answers that are told
 */
record AnswerTable(Answers answers) {

  private static final String PREDICTION = "prediction";

  // ---------------------------------------------------------------- as a table

  List<String> header() {
    if (answers.classes().isEmpty()) {
      return (answers.targets().size() == 1 ? Stream.of(PREDICTION)
          : answers.targets().isEmpty() ? numbered(answers.name())
              : answers.targets().stream().map(target -> PREDICTION + "_" + target))
          .map(AnswerTable::quoted).toList();
    }
    List<String> cells = new ArrayList<>(numbered(PREDICTION).toList());
    if (answers.positions() == 1) {
      cells.addAll(answers.classes());
    } else {
      numbered(answers.name()).forEach(position -> answers.classes().forEach(c -> cells.add(position + "_" + c)));
    }
    return cells.stream().map(AnswerTable::quoted).toList();
  }

  private Stream<String> numbered(String noun) {
    return answers.positions() == 1 ? Stream.of(noun)
        : IntStream.range(0, answers.positions()).mapToObj(i -> noun + "_" + i);
  }

  /** Of one example in a batch. */
  String row(float[] told, int example) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < answers.positions() && !answers.classes().isEmpty(); i++) {
      cells.add(quoted(best(told, example, i)));
    }
    for (int i = 0; i < answers.positions() * answers.width(); i++) {
      cells.add(Float.toString(told[example * answers.positions() * answers.width() + i]));
    }
    return String.join(",", cells);
  }

  private String best(float[] told, int example, int position) {
    int from = (example * answers.positions() + position) * answers.width();
    return answers.classes().get(Answers.greatest(told, from, answers.width()));
  }

  static String quoted(String text) {
    return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  // ---------------------------------------------------------------- as JSON

  /** Of one example in a batch. */
  List<Value.Entry> json(float[] told, int example) {
    List<Value.Entry> entries = new ArrayList<>();
    if (answers.classes().isEmpty()) {
      boolean named = answers.targets().size() > 1;
      entries.add(entry(answers.targets().isEmpty() ? answers.name() : PREDICTION, named
          ? mapping(answers.targets(), told, example * answers.positions())
          : each(i -> number(told[example * answers.positions() + i]))));
    } else {
      entries.add(entry(PREDICTION, each(i -> new Value.Text(best(told, example, i), Place.ROOT))));
      entries.add(entry(answers.link() == Link.IDENTITY ? "scores" : "probabilities",
          each(i -> mapping(answers.classes(), told, (example * answers.positions() + i) * answers.width()))));
    }
    return entries;
  }

  private Value each(java.util.function.IntFunction<Value> value) {
    return answers.positions() == 1 ? value.apply(0)
        : new Value.Sequence(IntStream.range(0, answers.positions()).mapToObj(value).toList(), Place.ROOT);
  }

  private static Value mapping(List<String> names, float[] told, int from) {
    return new Value.Mapping(IntStream.range(0, names.size())
        .mapToObj(i -> entry(names.get(i), number(told[from + i]))).toList(), Place.ROOT);
  }

  private static Value.Entry entry(String key, Value value) {
    return new Value.Entry(key, null, value);
  }

  /** JSON has no infinity and no NaN: null. */
  private static Value number(float value) {
    return Float.isFinite(value) ? new Value.Num(new BigDecimal(Float.toString(value)), Place.ROOT)
        : new Value.Null(Place.ROOT);
  }
}
