package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.data.DataSource;
import dev.ashlar.plugin.Registry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every source of data promises, checked for examples of it. A plug-in's test is a subclass:
 *
 * <pre>{@code
 * class WavesTest extends DataSourceContract {
 *   protected List<Example> examples() {
 *     return List.of(new Example(new Waves(Path.of("src/test/resources/three.wav")), 3));
 *   }
 * }
 * }</pre>
 */
@Stable
public abstract class DataSourceContract {

  /**
   * A source, and what is claimed of it.
   *
   * @param size number of examples, at least 1
   */
  public record Example(DataSource source, long size) {}

  /** Sources, each with the number of its examples. */
  protected abstract List<Example> examples();

  /** Knows the names of the sources and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each source and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return examples().stream().map(example -> {
      DataSourceChecks checks = new DataSourceChecks(example);
      return DynamicContainer.dynamicContainer(example.source().toString(), List.of(
          DynamicTest.dynamicTest("has as many examples as is claimed", checks::size),
          DynamicTest.dynamicTest("fills the rows that it is asked for, and no others", checks::rows),
          DynamicTest.dynamicTest("reads in any order what it reads one by one", checks::order),
          DynamicTest.dynamicTest("is the same each time that it is opened", checks::repeats),
          DynamicTest.dynamicTest("serves several threads", checks::threads),
          DynamicTest.dynamicTest("has classes and names that fit its columns", checks::names),
          DynamicTest.dynamicTest("names files that are there", checks::files),
          DynamicTest.dynamicTest("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(example.source(), DataSource.class))));
    });
  }
}
