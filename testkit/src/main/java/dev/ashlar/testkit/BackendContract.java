package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.program.Backend;
import dev.ashlar.program.LookupException;
import dev.ashlar.program.Lookups;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What every backend promises: it computes what the reference computes, within a bound; says beforehand what
 * it lacks; keeps variables and gives the same bits whenever it is asked. A backend's test is a subclass:
 *
 * <pre>{@code
 * class CpuBackendContractTest extends BackendContract {
 *   protected Backend open() { return new Cpu(2).open(); }
 *   protected boolean mayLack(String name) { return name.endsWith("/f16"); }
 * }
 * }</pre>
 */
@Stable
public abstract class BackendContract {

  /** Opens the backend; each test closes what it opened. */
  protected abstract Backend open();

  /** Whether the backend may lack what a case needs; it must then say so, and must not lack anything else. */
  protected boolean mayLack(String name) {
    return false;
  }

  /**
   * The greatest difference from the reference, over the larger of 1 and the expected magnitude. Integers and
   * truth values are exact in any case.
   */
  protected double bound(String name, DType dtype) {
    return switch (dtype) {
      case F64 -> 1e-12;
      case F32 -> 2e-5;
      case F16 -> 4e-3;
      case BF16 -> 3e-2;
      default -> 0;
    };
  }

  /** More cases than those that every backend runs. */
  protected List<BackendCase> more() {
    return List.of();
  }

  /** Whether a run in an open workspace allocates nothing on the heap once it is warm. */
  protected boolean warmRunsAllocateNothing() {
    return true;
  }

  /**
   * Whether runs are checked: one stops with an {@link ArithmeticException} that tells of a NaN where a result
   * would hold one, and with a {@link LookupException} where an argument names a row that is not there.
   */
  protected boolean isChecked() {
    return false;
  }

  /** One test for each operation, type and extent. */
  @TestFactory
  Stream<DynamicNode> operations() {
    Map<String, List<BackendCase>> groups = new LinkedHashMap<>();
    Stream.concat(OperationSuite.all().stream(), more().stream()).forEach(c ->
        groups.computeIfAbsent(c.name().split("/")[0], g -> new ArrayList<>()).add(c));
    Stream<DynamicNode> each = groups.entrySet().stream().map(e -> DynamicContainer.dynamicContainer(e.getKey(),
        e.getValue().stream().map(c -> Promises.test(c.name(), c.name(), () -> check(c)))));
    return Stream.concat(each, Stream.of(Promises.test("the operations", "are not all lacking",
        () -> requireSome(groups.values().stream().flatMap(List::stream).toList()))));
  }

  private void requireSome(List<BackendCase> cases) {
    try (Backend backend = open()) {
      Promises.require(cases.stream().anyMatch(c -> backend.missing(c.computation()).isEmpty()),
          "the backend lacks something of every one of " + cases.size() + " cases, so that nothing is computed: "
          + backend.missing(cases.getFirst().computation()));
    }
  }

  /** One test for each promise about programs, workspaces and stores. */
  @TestFactory
  Stream<DynamicNode> programs() {
    return new ProgramChecks(this::open, warmRunsAllocateNothing()).all();
  }

  private void check(BackendCase c) {
    try (Backend backend = open()) {
      List<String> missing = backend.missing(c.computation());
      if (!missing.isEmpty()) {
        checkMissing(backend, c, missing);
        return;
      }
      Map<String, NDArray> all = new HashMap<>(c.arguments());
      all.putAll(c.variables());
      List<Tensor> outputs = c.computation().results().values();
      List<NDArray> expected = Reference.evaluate(outputs, all);
      try (VariableStore store = backend.newStore()) {
        c.variables().forEach(store::write);
        Program program = backend.compile(c.computation());
        try (Workspace workspace = program.open(store)) {
          program.arguments().keySet().forEach(name ->
              workspace.argument(name).data().copyFrom(c.arguments().get(name).data()));
          if (isChecked() && hasStrayLookup(c, workspace)) {
            checkRefuses(workspace);
            return;
          }
          if (isChecked() && expected.stream().anyMatch(BackendContract::hasNaN)) {
            checkStops(workspace);
            return;
          }
          workspace.run();
          int next = 0;
          for (String name : c.computation().results().names()) {
            NDArray value = expected.get(next++);
            NDArray found = workspace.result(name);
            if (!found.type().equals(value.type())) {
              throw new AssertionError("result '" + name + "' is " + found.type() + ", expected "
                  + value.type());
            }
            ExpectedNumbers.assertClose("result '" + name + "'", found, value,
                bound(c.name(), value.dtype()));
          }
        }
      }
    }
  }

  private static boolean hasNaN(NDArray array) {
    return array.dtype().isFloating() && Arrays.stream(array.toDoubles()).anyMatch(Double::isNaN);
  }

  private static boolean hasStrayLookup(BackendCase c, Workspace workspace) {
    try {
      Lookups.of(c.computation().graph()).check(workspace);
      return false;
    } catch (LookupException e) {
      return true;
    }
  }

  private static void checkRefuses(Workspace workspace) {
    try {
      workspace.run();
    } catch (LookupException e) {
      return;
    }
    throw new AssertionError("an argument names a row that is not there, but the run did not stop; isChecked() says"
        + " that it does");
  }

  private static void checkStops(Workspace workspace) {
    try {
      workspace.run();
    } catch (ArithmeticException e) {
      if (!String.valueOf(e.getMessage()).contains("NaN")) {
        throw new AssertionError("the message must tell of a NaN: " + e.getMessage(), e);
      }
      return;
    }
    throw new AssertionError("a result holds NaN, but the run did not stop; isChecked() says that it does");
  }

  private void checkMissing(Backend backend, BackendCase c, List<String> missing) {
    if (!mayLack(c.name())) {
      throw new AssertionError("the backend says that it lacks " + missing + "; add it, or let mayLack(\""
          + c.name()
          + "\") be true");
    }
    try {
      backend.compile(c.computation());
    } catch (UnsupportedOperationException e) {
      for (String sentence : missing) {
        if (!String.valueOf(e.getMessage()).contains(sentence)) {
          throw new AssertionError("compile must name all that is missing: '" + sentence + "' is not in '"
              + e.getMessage() + "'", e);
        }
      }
      return;
    }
    throw new AssertionError("missing() names " + missing + ", but compile does not refuse");
  }
}
