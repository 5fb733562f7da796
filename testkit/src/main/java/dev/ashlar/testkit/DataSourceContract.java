package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.data.DataSource;
import dev.ashlar.plugin.Registry;
import dev.ashlar.testkit.Promises.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
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
   * @param size number of examples, at least 2, not all alike
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
    return Promises.of("examples", examples(), example -> example.source().toString(), example -> {
      DataSourceChecks checks = new DataSourceChecks(example);
      return List.of(
          new Promise("has as many examples as is claimed", checks::size),
          new Promise("fills the rows that it is asked for, and no others", checks::rows),
          new Promise("reads in any order what it reads one by one", checks::order),
          new Promise("is the same each time that it is opened", checks::repeats),
          new Promise("serves several threads", checks::threads),
          new Promise("has classes and names that fit its columns", checks::names),
          new Promise("names files that are there", checks::files),
          new Promise("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(example.source(), DataSource.class)));
    });
  }
}
