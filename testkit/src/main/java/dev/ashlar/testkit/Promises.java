package dev.ashlar.testkit;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

/** Promises as tests. A failure's message says which example broke which, for runners that show no names. */
final class Promises {

  /** Of an example's description, that a message repeats. */
  private static final int LONGEST = 200;

  /** What is promised, and what throws if it does not hold. */
  record Promise(String name, Executable body) {}

  private Promises() {}

  /**
   * One test for each example and promise; one that fails if there is no example.
   *
   * @param method that gives the examples
   * @param name of an example
   */
  static <E> Stream<DynamicNode> of(
      String method, List<E> examples, Function<E, String> name, Function<E, List<Promise>> promises) {
    if (examples.isEmpty()) {
      return Stream.of(test(method + "()", "has something to try", () -> {
        throw new AssertionError("the list is empty, so that nothing is tried: give at least one");
      }));
    }
    return examples.stream().map(example -> DynamicContainer.dynamicContainer(name.apply(example),
        promises.apply(example).stream().map(promise -> test(name.apply(example), promise.name(), promise.body()))));
  }

  /**
   * A test whose failure names what was tried and what was promised.
   *
   * @param example what is tried
   */
  static DynamicTest test(String example, String promise, Executable body) {
    return DynamicTest.dynamicTest(promise, () -> {
      try {
        body.execute();
      } catch (TestAbortedException | VirtualMachineError e) {
        throw e;
      } catch (Throwable e) {
        String what = e instanceof AssertionError && e.getMessage() != null ? e.getMessage() : e.toString();
        throw new AssertionError(said(example, promise) + ": " + what, e);
      }
    });
  }

  private static String said(String example, String promise) {
    String text = example.length() <= LONGEST ? example : example.substring(0, LONGEST) + "..";
    return example.equals(promise) ? text : text + ", promise '" + promise + "'";
  }

  static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }
}
