package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs computations on this backend and on the reference. */
final class Compare {

  private Compare() {}

  /** Results by name and variables after the run, by name with a leading {@code @}. */
  static Map<String, NDArray> run(Backend backend, Computation computation, Map<String, NDArray> values) {
    return run(backend, computation, values, 1);
  }

  static Map<String, NDArray> run(
      Backend backend, Computation computation, Map<String, NDArray> values, int times) {
    try (VariableStore store = backend.newStore()) {
      for (Variable variable : computation.variables()) {
        NDArray value = values.get(variable.name());
        if (value != null) {
          store.write(variable.name(), value);
        }
      }
      Map<String, NDArray> found = new LinkedHashMap<>();
      try (var workspace = backend.compile(computation).open(store)) {
        computation.arguments().keySet().forEach(name -> workspace.argument(name).data()
            .copyFrom(values.get(name).data()));
        for (int i = 0; i < times; i++) {
          workspace.run();
        }
        computation.results().names().forEach(name -> found.put(name, workspace.result(name).copy()));
      }
      computation.variables().forEach(v -> found.put("@" + v.name(), store.read(v.name())));
      return found;
    }
  }

  /** What the reference says. */
  static Map<String, NDArray> expected(Computation computation, Map<String, NDArray> values) {
    List<String> names = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    computation.results().asMap().forEach((name, tensor) -> {
      names.add(name);
      tensors.add(tensor);
    });
    computation.variables().forEach(v -> {
      names.add("@" + v.name());
      tensors.add(v.after());
    });
    List<NDArray> arrays = Reference.evaluate(tensors, values);
    Map<String, NDArray> expected = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      expected.put(names.get(i), arrays.get(i));
    }
    return expected;
  }

  /**
   * Checks that values agree.
   *
   * @param relative allowed error beside the largest value of the array
   */
  static void assertClose(Map<String, NDArray> found, Map<String, NDArray> expected, double relative) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, array) -> assertClose(name, found.get(name), array, relative));
  }

  static void assertClose(String name, NDArray found, NDArray expected, double relative) {
    assertThat(found.type()).as(name).isEqualTo(expected.type());
    double scale = 0;
    for (long i = 0; i < expected.size(); i++) {
      double value = Math.abs(expected.get(i));
      scale = Double.isFinite(value) ? Math.max(scale, value) : scale;
    }
    for (long i = 0; i < expected.size(); i++) {
      double a = found.get(i);
      double b = expected.get(i);
      boolean same = Double.compare(a, b) == 0 || a == b || Double.isNaN(a) && Double.isNaN(b);
      if (!same) {
        double allowed = expected.dtype().isFloating() ? relative * scale + 1e-37 : 0;
        assertThat(Math.abs(a - b)).as("%s[%d]: found %s, expected %s", name, i, a, b)
            .isLessThanOrEqualTo(allowed);
      }
    }
  }

  /** Checks that values are the same to the last bit. */
  static void assertSameBits(Map<String, NDArray> found, Map<String, NDArray> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, array) -> {
      long at = firstDifference(found.get(name), array);
      assertThat(at).as("first different byte of %s %s", name, array.type()).isEqualTo(-1);
    });
  }

  /** The first byte that differs; sign and payload of a NaN are unspecified, so any NaN is like any other. */
  private static long firstDifference(NDArray found, NDArray expected) {
    long bytes = expected.data().byteSize();
    long width = expected.dtype().bytes();
    long at = 0;
    while (at < bytes) {
      long mismatch = MemorySegment.mismatch(found.data(), at, bytes, expected.data(), at, bytes);
      if (mismatch == -1) {
        return -1;
      }
      long element = (at + mismatch) / width;
      boolean bothNaN = expected.dtype().isFloating() && Double.isNaN(found.get(element))
          && Double.isNaN(expected.get(element));
      if (!bothNaN) {
        return at + mismatch;
      }
      at = (element + 1) * width;
    }
    return -1;
  }

  /** Random values for the arguments and the variables. */
  static Map<String, NDArray> values(Computation computation, long seed) {
    Random random = new Random(seed);
    Map<String, NDArray> values = new LinkedHashMap<>();
    computation.arguments().forEach((name, type) -> values.put(name, random(type, random)));
    computation.variables().forEach(v -> values.put(v.name(), random(v.type(), random)));
    return values;
  }

  static NDArray random(TensorType type, Random random) {
    NDArray array = NDArray.zeros(type);
    for (long i = 0; i < array.size(); i++) {
      switch (type.dtype()) {
        case BOOL -> array.setLong(i, random.nextInt(2));
        case F64, F32, F16, BF16 -> array.set(i, random.nextGaussian());
        default -> array.setLong(i, random.nextInt(10));
      }
    }
    return array;
  }

  static NDArray ints(Shape shape, int bound, long seed) {
    int[] values = new Random(seed).ints(shape.size(), 0, bound).toArray();
    return NDArray.of(shape, values);
  }

  /** A computation without variables. */
  static Computation of(Map<String, Tensor> results) {
    return new Computation("test", Tensors.of(results), List.of());
  }

  static Computation of(Tensor result) {
    return of(Map.of("value", result));
  }
}
