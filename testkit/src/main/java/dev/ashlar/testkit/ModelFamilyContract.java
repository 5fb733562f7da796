package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.plugin.Registry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What every family of models promises, checked for examples of it: that its settings are read from config.json and
 * written back, and that the parameters of its architecture are the numbers of the publisher's files, each once. A
 * plug-in's test is a subclass; the layers of the architecture are on its class path:
 *
 * <pre>{@code
 * class PairsTest extends ModelFamilyContract {
 *   protected List<ModelFamilyExample> examples() {
 *     return List.of(ModelFamilyExample.of(new Pairs(7, 4), "{model_type: pairs, vocab_size: 7, hidden_size: 4}")
 *         .tensor("wte.weight", 7, 4)
 *         .tensor("lm_head.weight", 7, 4));
 *   }
 * }
 * }</pre>
 *
 * <p>Whether a tensor is the one that is meant, where another has its shape, only the publisher's results show: compare
 * with these too.
 */
@Stable
public abstract class ModelFamilyContract {

  /** Families with settings, each with what its publisher's files say. */
  protected abstract List<ModelFamilyExample> examples();

  /** Knows the names of families and layers; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each example and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return Promises.of("examples", examples(), example -> example.family().toString(),
        example -> new ModelFamilyChecks(example, names()).all());
  }
}
