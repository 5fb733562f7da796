package dev.ashlar.reference;

import dev.ashlar.api.Experimental;
import dev.ashlar.tensor.Evaluator;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import java.util.Map;

/** {@link Reference} as a service, for {@link Tensor#eval()}. */
@Experimental(since = "0.1")
public final class ReferenceEvaluator implements Evaluator {

  @Override
  public NDArray evaluate(Tensor tensor, Map<String, NDArray> arguments) {
    return Reference.evaluate(tensor, arguments);
  }
}
