package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Callback;
import dev.ashlar.plugin.Registry;
import dev.ashlar.testkit.Promises.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What every callback promises, checked on runs that are made up: 12 epochs of 5 steps whose loss falls, rises, does
 * both, jumps, is large, 0 or no number. A plug-in's test is a subclass:
 *
 * <pre>{@code
 * class EarlyStoppingTest extends CallbackContract {
 *   protected List<Callback> callbacks() {
 *     return List.of(EarlyStopping.of(3));
 *   }
 * }
 * }</pre>
 */
@Stable
public abstract class CallbackContract {

  /** Callbacks that follow {@code loss}, or no measure at all. */
  protected abstract List<Callback> callbacks();

  /** Whether they go by nothing but what they hear; one that looks at a clock, for example, does not. */
  protected boolean goByWhatTheyHear() {
    return true;
  }

  /** Knows the names of the callbacks and what they contain; the plug-ins on the class path. */
  protected NameResolver names() {
    return Registry.discover();
  }

  /** One test for each callback and promise. */
  @TestFactory
  Stream<DynamicNode> contract() {
    return Promises.of("callbacks", callbacks(), Callback::toString, callback -> {
      CallbackChecks checks = new CallbackChecks(callback);
      List<Promise> tests = new ArrayList<>(List.of(
          new Promise("hears a run of any course", checks::hears),
          new Promise("follows each run by itself", () -> checks.begins(goByWhatTheyHear())),
          new Promise("names the measures that it goes by", checks::measures),
          new Promise("says of itself whether it scales updates", checks::scales),
          new Promise("averages by a memory from 0 to 1", checks::averages),
          new Promise("can be written to a configuration and read back",
              () -> new ConfigurationCheck(names()).check(callback, Callback.class))));
      if (goByWhatTheyHear()) {
        tests.add(new Promise("does the same in an equal run", checks::repeats));
        tests.add(new Promise("goes on from a checkpoint as if nothing had been", checks::resumes));
      }
      return tests;
    });
  }
}
