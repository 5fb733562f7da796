package dev.ashlar.training;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.FileProblems;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the host knows of a run after an update, beside the values of the variables. Random numbers and the order of
 * examples follow from seeds and from counters, so there is no more to know.
 *
 * @param steps updates made
 * @param batches that all examples make
 * @param pass all examples so often; then, of the next pass,
 * @param number batches: those that were trained on, not those that were read ahead
 * @param seen examples trained on since the model was measured
 * @param nanos time that this took
 * @param sums what the batches since then add up to
 * @param best the measure of the best model, smaller if better; NaN if none was measured, or is no number
 * @param bestEpoch when that was; 0 if none was measured
 * @param keptEpoch whose model is kept
 * @param callbacks states of callbacks, by name
 */
record RunState(long steps, int batches, long pass, int number, long seen, long nanos, Sums.Totals sums, double best,
    int bestEpoch, int keptEpoch, Value.Mapping callbacks) {

  /** Counts up when a reader of the version before could misread it. */
  private static final long VERSION = 1;

  Value.Mapping written() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("format", VERSION);
    fields.put("steps", steps);
    fields.put("batches", batches);
    fields.put("pass", pass);
    fields.put("number", number);
    fields.put("seen", seen);
    fields.put("nanos", nanos);
    Map<String, Object> totals = new LinkedHashMap<>();
    // As text: every double has one, also those that are no numbers of JSON.
    totals.put("loss", Double.toString(sums.loss()));
    totals.put("weight", Double.toString(sums.weight()));
    totals.put("batches", sums.batches());
    fields.put("sums", totals);
    fields.put("best", Double.toString(best));
    fields.put("best_epoch", bestEpoch);
    fields.put("kept_epoch", keptEpoch);
    fields.put("callbacks", callbacks);
    return (Value.Mapping) Value.of(fields);
  }

  /**
   * The state that a tree says.
   *
   * @param source how messages call it
   */
  static RunState of(Value tree, String source) throws FileException {
    Fields fields = new Fields(tree, source);
    long version = fields.whole("format");
    if (version > VERSION) {
      throw FileException.at(source, "version " + version, "version " + VERSION + " or less",
          "a newer Ashlar wrote the checkpoint: update this one");
    }
    Fields sums = new Fields(fields.value("sums"), source + ": sums");
    return new RunState(fields.whole("steps"), (int) fields.whole("batches"), fields.whole("pass"),
        (int) fields.whole("number"), fields.whole("seen"), fields.whole("nanos"),
        new Sums.Totals(sums.real("loss"), sums.real("weight"), (int) sums.whole("batches"), Map.of()),
        fields.real("best"), (int) fields.whole("best_epoch"), (int) fields.whole("kept_epoch"),
        fields.map("callbacks"));
  }

  /** The same with the sums that metrics keep. */
  RunState withSums(Map<String, double[]> statistics) {
    return new RunState(steps, batches, pass, number, seen, nanos,
        new Sums.Totals(sums.loss(), sums.weight(), sums.batches(), statistics), best, bestEpoch, keptEpoch, callbacks);
  }

  /** A number that is written as one or as text; another where there is none. */
  static double number(@Nullable Value value, double otherwise) {
    try {
      return value == null ? otherwise
          : Double.parseDouble(value instanceof Value.Text text ? text.value() : value.toString());
    } catch (NumberFormatException e) {
      return otherwise; // another program wrote it
    }
  }

  private record Fields(Value tree, String source) {

    Value value(String name) throws FileException {
      Value value = tree instanceof Value.Mapping map ? map.get(name) : null;
      if (value == null) {
        throw bad(name, "nothing", "a value");
      }
      return value;
    }

    long whole(String name) throws FileException {
      Value value = value(name);
      if (value instanceof Value.Num number && number.isLong() && number.value().signum() >= 0) {
        return number.value().longValueExact();
      }
      throw bad(name, FileProblems.shown(value.toString()), "a whole number");
    }

    double real(String name) throws FileException {
      Value value = value(name);
      try {
        return Double.parseDouble(value instanceof Value.Text text ? text.value() : value.toString());
      } catch (NumberFormatException e) {
        throw bad(name, FileProblems.shown(value.toString()), "a number");
      }
    }

    Value.Mapping map(String name) throws FileException {
      Value value = value(name);
      if (value instanceof Value.Mapping map) {
        return map;
      }
      throw bad(name, FileProblems.shown(value.toString()), "a map");
    }

    private FileException bad(String name, String found, String expected) {
      return FileException.at(source + ": " + name, found, expected, "another program wrote it");
    }
  }
}
