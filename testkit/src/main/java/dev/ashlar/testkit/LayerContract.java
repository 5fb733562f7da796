package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.plugin.Registry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What every layer promises, checked for examples of it by the reference, and on the other backends that are on the
 * class path, if there are any. A plug-in's test is a subclass:
 *
 * <pre>{@code
 * class GatedLinearTest extends LayerContract {
 *   protected List<LayerExample> examples() {
 *     return List.of(LayerExample.of(new GatedLinear(3), 2, 4).gives(2, 3).parameters(24));
 *   }
 * }
 * }</pre>
 */
@Stable
public abstract class LayerContract {

  /** Layers, each with an input and what is claimed of it. */
  protected abstract List<LayerExample> examples();

  /** Knows the names of the layers and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each example and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return Promises.of("examples", examples(), LayerExample::label,
        example -> new LayerChecks(example, names()).all());
  }
}
