package dev.ashlar.training;

import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.io.model.Signature;
import dev.ashlar.io.tables.RowEncoder;
import dev.ashlar.io.tables.RowException;
import dev.ashlar.tensor.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a model is asked, and what its outputs mean. */
final class Asking {

  private static final int LISTED = 8;

  private final Signature signature;
  private final Answers meaning;
  private volatile @Nullable RowEncoder rows;

  Asking(Signature signature) {
    this.signature = signature;
    this.meaning = Answers.of(signature);
  }

  /**
   * What outputs mean.
   *
   * @throws RowException if one is no number, of which nothing can be said
   */
  List<Answer> answers(float[][] outputs) {
    List<Answer> answers = new ArrayList<>(outputs.length);
    for (float[] output : outputs) {
      for (float number : output) {
        if (Float.isNaN(number)) {
          throw noNumber(outputs.length == 1 ? "the example" : "example " + answers.size());
        }
      }
      answers.add(new Answer(meaning, output));
    }
    return List.copyOf(answers);
  }

  private static RowException noNumber(String place) {
    return new RowException(new Problem(new Place(place, null), "NaN among what the model says of it", "numbers",
        "NaN or infinite numbers in what is asked, or in the model's weights, lead to it; predict gives it as it is"));
  }

  /** Of all outputs of a batch. */
  List<Answer> answers(Map<String, NDArray> outputs) {
    NDArray main = outputs.get(meaning.name());
    float[][] each = new float[main.shape().dim(0)][];
    for (int i = 0; i < each.length; i++) {
      each[i] = main.rows(i, i + 1).toFloats();
    }
    return answers(each);
  }

  /**
   * The features that rows of a table are.
   *
   * @throws RowException if one is not what the model takes
   */
  float[][] encoded(List<?> all) {
    RowEncoder encoder = encoder();
    float[][] features = new float[all.size()][];
    for (int i = 0; i < features.length; i++) {
      String place = features.length == 1 ? "the row" : "row " + (i + 1) + " of " + features.length;
      features[i] = switch (all.get(i)) {
        case Map<?, ?> map -> encoder.encode(map, place);
        case Record record -> encoder.encode(record, place);
        case null -> throw noRow(place, "null");
        default -> throw noRow(place, "a value of " + all.get(i).getClass().getName());
      };
    }
    return features;
  }

  private static RowException noRow(String place, String found) {
    return new RowException(
        new Problem(new Place(place, null), found, "a map by the names of the columns, or a record", ""));
  }

  private RowEncoder encoder() {
    RowEncoder known = rows;
    if (known == null) {
      long width = signature.inputs().size() == 1 ? signature.inputTypes().firstEntry().getValue().shape().size() : -1;
      known = signature.encoding().map(RowEncoder::of).orElseGet(() -> RowEncoder.ofNumbers(signature.features()));
      if (known.width() != width || width == 0) {
        throw new RowException(new Problem(new Place("the row", null), "columns by name",
            "an input of " + signature.inputTypes() + ", which has no columns with names",
            "ask with numbers, row-major: ask(float...) or askAll(NDArray)"));
      }
      rows = known;
    }
    return known;
  }

  /** The first names, for messages. */
  static String some(List<String> names) {
    return names.stream().limit(LISTED).collect(Collectors.joining(", ")) + (names.size() > LISTED ? ", .." : "");
  }
}
