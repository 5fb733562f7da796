package dev.ashlar.training;

import dev.ashlar.model.Batch;
import dev.ashlar.tensor.TensorType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a model takes and gives, for one example: the batch is not part of the types.
 *
 * @param inputs by name
 * @param outputs by name; the first is the main one
 * @param classes names of the classes that the main output scores, in order; empty if there are none
 * @param features names of the first input's features, in order; empty if they have none
 */
public record Signature(
    SequencedMap<String, TensorType> inputs,
    SequencedMap<String, TensorType> outputs,
    List<String> classes,
    List<String> features) {

  /** What the main output is called unless the model gives it a name of its own. */
  public static final String OUTPUT = "output";

  /** Copies the collections. */
  public Signature {
    inputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(inputs));
    outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
    classes = List.copyOf(classes);
    features = List.copyOf(features);
  }

  /** Whether a column of a data set goes into the model: all but targets and weights do. */
  static boolean isInput(String column) {
    return !column.equals(Batch.TARGET) && !column.equals(Batch.WEIGHT);
  }

  /** The columns that go into a model. */
  static SequencedMap<String, TensorType> inputs(Map<String, TensorType> columns) {
    SequencedMap<String, TensorType> inputs = new LinkedHashMap<>();
    columns.forEach((name, type) -> {
      if (isInput(name)) {
        inputs.put(name, type);
      }
    });
    return inputs;
  }
}
