package dev.ashlar.layers;

import static dev.ashlar.testkit.LayerExample.Trait.RANDOM;

import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Orthogonal;
import dev.ashlar.layers.initializers.TruncatedNormal;
import dev.ashlar.testkit.ExpectedNumbers;
import dev.ashlar.testkit.LayerContract;
import dev.ashlar.testkit.LayerExample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Layers over channels, sequences and images keep the contract: all cases with numbers of PyTorch, and more. */
class SpatialContractTest extends LayerContract {

  @Override
  protected List<LayerExample> examples() {
    Map<String, ExpectedNumbers> cases = ExpectedNumbers.read(PyTorchTest.class, "torch_numbers.txt");
    List<LayerExample> all = new ArrayList<>();
    SpatialLayers.pyTorch().forEach((name, layer) -> {
      ExpectedNumbers numbers = cases.get(name);
      long parameters = numbers.group("parameter").values().stream().mapToLong(p -> p.size()).sum();
      all.add(LayerExample.of(layer, numbers.get("input.value")).parameters(parameters)
          .gives(numbers.get("output").shape().dims()));
    });
    all.add(LayerExample.of(new SpatialDropout(0.4), 3, 8).gives(3, 8).parameters(0).traits(RANDOM));
    all.add(LayerExample.of(new SpatialDropout(0.4), 3, 8, 2, 3).gives(3, 8, 2, 3).parameters(0).traits(RANDOM));
    all.add(LayerExample.of(new GaussianNoise(0.4), 3, 8).gives(3, 8).parameters(0).traits(RANDOM));
    all.add(LayerExample.of(new Prelu().withSlopes(), 2, 3).gives(2, 3).parameters(3));
    all.add(LayerExample.of(new Glu(Activations.TANH, -2), 2, 4, 3).gives(2, 2, 3).parameters(0));
    all.add(LayerExample.of(Dense.of(3).withInitializer(new Orthogonal(1)), 2, 5).gives(2, 3).parameters(18));
    all.add(LayerExample.of(Dense.of(3).withInitializer(new TruncatedNormal(0.1, 2)), 2, 5).parameters(18));
    return all;
  }
}
