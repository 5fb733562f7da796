package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.model.Transform;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/** Lets transforms learn from the training examples, each as the transforms before it leave them. */
final class Fitting {

  private Fitting() {}

  static List<Transform> fit(List<Transform> transforms, Dataset training, Precision precision) throws IOException {
    List<Transform> fitted = new ArrayList<>();
    for (Transform transform : transforms) {
      fitted.add(fit(transform,
          fitted.isEmpty() ? training : new Transformed(training, List.copyOf(fitted), precision)));
    }
    return fitted;
  }

  private static Transform fit(Transform transform, Dataset training) throws IOException {
    try {
      return Objects.requireNonNull(transform.fit(training), "fit gave null");
    } catch (IllegalArgumentException e) {
      throw e; // it says what it takes instead
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw new PartException(transform, e);
    }
  }

  /** Examples whose first input went through transforms. */
  private record Transformed(Dataset data, List<Transform> transforms, Precision precision) implements Dataset {

    @Override
    public long size() {
      return data.size();
    }

    @Override
    public SequencedMap<String, TensorType> columns() {
      SequencedMap<String, TensorType> columns = new LinkedHashMap<>(data.columns());
      TensorType batch = symbolic(first(), 1).type();
      columns.put(first(), batch.withShape(batch.shape().remove(0)));
      return columns;
    }

    @Override
    public long origin(long position) {
      return data.origin(position);
    }

    @Override
    public List<String> features() {
      boolean same = columns().get(first()).shape().equals(data.columns().get(first()).shape());
      return same ? data.features() : List.of();
    }

    @Override
    public void read(long[] positions, int count, Map<String, NDArray> batch) throws IOException {
      Map<String, NDArray> raw = new LinkedHashMap<>(batch);
      if (batch.containsKey(first())) {
        raw.put(first(), NDArray.zeros(batched(data.columns().get(first()), count)));
      }
      data.read(positions, count, raw);
      if (batch.containsKey(first())) {
        NDArray prepared = Reference.evaluate(symbolic(first(), count), Map.of(first(), raw.get(first())));
        batch.get(first()).rows(0, count).data().copyFrom(prepared.data());
      }
    }

    private String first() {
      return Programs.inputs(data.columns()).firstEntry().getKey();
    }

    private Tensor symbolic(String name, int count) {
      Trace trace = Trace.inference(precision);
      Tensor value = Tensor.input(name, batched(data.columns().get(name), count));
      for (Transform transform : transforms) {
        value = trace.root().again("inputs").call(transform, value);
      }
      return value;
    }

    private static TensorType batched(TensorType type, int count) {
      return type.withShape(Shape.of(count).concat(type.shape()));
    }
  }
}
