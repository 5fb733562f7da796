package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.Map;
import java.util.ServiceLoader;

/** Computes the values of tensors: a backend, or the reference that comes with core. */
@Stable
public interface Evaluator {

  /**
   * The value of one tensor that depends on no variables: for trying things and for tests.
   *
   * @param arguments values of the inputs that it depends on, by name
   * @return a fresh array
   */
  NDArray evaluate(Tensor tensor, Map<String, NDArray> arguments);

  /** The slow and obvious one, which core provides as a service so that tensors need not know it. */
  static Evaluator reference() {
    return ServiceLoader.load(Evaluator.class, Evaluator.class.getClassLoader()).findFirst().orElseThrow();
  }
}
