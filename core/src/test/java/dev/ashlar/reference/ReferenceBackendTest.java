package dev.ashlar.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.LookupException;
import dev.ashlar.program.NotANumberException;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferenceBackendTest {

  private static final TensorType NUMBER = TensorType.of(DType.F32);

  private final Backend backend = new ReferenceBackend();
  private final VariableStore store = backend.newStore();

  @Test
  void updatesAllVariablesFromTheirValuesBefore() {
    Variable a = variable("a");
    Variable b = variable("b");
    store.write("a", NDArray.scalar(DType.F32, 2));
    store.write("b", NDArray.scalar(DType.F32, 3));
    Computation swap = new Computation("swap", Tensors.of("sum", a.before().add(b.before())),
        List.of(a.withAfter(b.before()), b.withAfter(a.before())));

    Map<String, NDArray> results = backend.compile(swap).run(store, Map.of());

    assertThat(results.get("sum").item()).isEqualTo(5);
    assertThat(store.read("a").item()).isEqualTo(3);
    assertThat(store.read("b").item()).isEqualTo(2);
  }

  @Test
  void checkedModeNamesWhoLooksUpWhatIsNotThere() {
    Tensor table = Tensor.zeros(TensorType.of(DType.F32, 5, 2));
    Tensor rows = Origin.within("embedding", () ->
        table.gather(Tensor.input("ids", TensorType.of(DType.I64, 2, 3)).cast(DType.I32).reshape(6)));
    Tensor masked = table.gather(Tensor.input("free", TensorType.of(DType.I32)).maximum(0));
    Computation computation = new Computation("predict", Tensors.of("rows", rows, "masked", masked), List.of());
    NDArray ids = NDArray.of(Shape.of(2, 3), 0, 4, 0, 5, 0, 0).cast(DType.I64);
    Map<String, NDArray> arguments = Map.of("ids", ids, "free", NDArray.scalar(DType.I32, -1));
    Program checked = new ReferenceBackend(true).compile(computation);

    assertThat(backend.compile(computation).run(store, arguments).get("rows").toFloats()).containsOnly(0);
    assertThatThrownBy(() -> checked.run(store, arguments)).isInstanceOf(LookupException.class).hasMessage(
        "argument 'ids', element 3: expected a whole number from 0 to 4, which 'embedding' looks up, found 5");
    ids.setLong(3, 4);
    assertThat(checked.run(store, arguments)).containsKeys("rows", "masked");
  }

  @Test
  void aWorkspaceKeepsItsArgumentsAndItsResultArrays() {
    Tensor x = Tensor.input("x", NUMBER);
    Variable count = variable("count");
    store.write("count", NDArray.scalar(DType.F32, 0));
    Computation computation = new Computation("add", Tensors.of("total", count.before().add(x)),
        List.of(count.withAfter(count.before().add(x))));
    try (Workspace workspace = backend.compile(computation).open(store)) {
      workspace.argument("x").set(0, 4);
      NDArray total = workspace.result("total");

      workspace.run();
      workspace.run();

      assertThat(total.item()).isEqualTo(8);
      assertThatThrownBy(() -> workspace.result("sum"))
          .hasMessage("program 'add' has no result 'sum', only [total]");
    }
  }

  @Test
  void initializesFromTheSeed() {
    Tensor seed = Tensor.input("seed", TensorType.of(DType.I32, 2));
    Variable a = new Variable("a", Variable.Kind.STATE, leaf("a"), leaf("a"), seed.cast(DType.F32).sum());
    Program initialize = backend.compile(Computation.initialize(List.of(a)));

    initialize.run(store, Map.of("seed", NDArray.of(Shape.of(2), 3, 4)));

    assertThat(store.read("a").item()).isEqualTo(7);
    assertThat(store.types()).containsExactly(Map.entry("a", NUMBER));
  }

  @Test
  void namesAllVariablesWithoutAValue() {
    Variable a = variable("a");
    Variable b = variable("b");
    Program program = backend.compile(
        new Computation("sum", Tensors.of("sum", a.before().add(b.before())), List.of(a, b)));

    assertThatThrownBy(() -> program.open(store))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("program 'sum' reads variables that have no value: a, b");
  }

  @Test
  void refusesAVariableOfAnotherType() {
    Variable a = variable("a");
    store.write("a", NDArray.scalar(DType.F64, 1));
    Program program = backend.compile(new Computation("read", Tensors.of(a.before()), List.of(a)));

    assertThatThrownBy(() -> program.open(store))
        .isInstanceOf(ShapeException.class)
        .hasMessage("variable 'a' of program 'read': expected f32[], found f64[] in the store");
    assertThatThrownBy(() -> store.write("a", NDArray.scalar(DType.F32, 1)))
        .hasMessage("variable 'a': expected f64[], found f32[]");
  }

  @Test
  void anOverlaySharesWhatThereIsAndKeepsWhatItMakes() {
    store.write("weight", NDArray.scalar(DType.F32, 2));
    VariableStore session = store.overlay();
    Variable weight = variable("weight");
    Variable cache = variable("cache");
    Program program = backend.compile(new Computation("fill", Tensors.empty(),
        List.of(weight.withAfter(weight.before().add(1)), cache.withAfter(weight.before().mul(10)))));

    program.run(session, Map.of());

    assertThat(session.read("cache").item()).isEqualTo(20);
    assertThat(session.read("weight").item()).isEqualTo(3);
    assertThat(store.read("weight").item()).isEqualTo(3);
    assertThat(store.types()).containsOnlyKeys("weight");
    session.close();
    assertThat(store.types()).containsOnlyKeys("weight");
  }

  @Test
  void checkedNamesTheFirstNanAndUpdatesNothing() {
    Backend checked = new ReferenceSettings(true).open();
    VariableStore values = checked.newStore();
    values.write("a", NDArray.scalar(DType.F32, 1));
    Variable a = variable("a");
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 2, 2));
    Tensor bad = Origin.within("blocks.3", () -> x.log());
    Program program = checked.compile(new Computation("step", Tensors.of("loss", bad.exp().sum()),
        List.of(a.withAfter(a.before().add(1)))));

    NotANumberException error = catchThrowableOfType(NotANumberException.class,
        () -> program.run(values, Map.of("x", NDArray.of(Shape.of(2, 2), 1f, 2f, -3f, -4f))));

    assertThat(error)
        .hasMessage("program 'step': log in blocks.3 gave the first NaN, at [1, 0] of f32[2, 2]");
    assertThat(values.read("a").item()).isEqualTo(1);
    assertThatThrownBy(() -> program.run(values, Map.of("x", NDArray.of(Shape.of(2, 2), 1, Float.NaN, 1, 1))))
        .hasMessage("program 'step': argument 'x' gave the first NaN, at [0, 1] of f32[2, 2]");
  }

  @Test
  void aNanThatIsWrittenCountsOnlyWhereItIsTaken() {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 2));
    Tensor roots = x.lt(0).where(Tensor.full(x.type(), Double.NaN), x.abs().sqrt());
    try (Backend checked = new ReferenceSettings(true).open(); VariableStore values = checked.newStore()) {
      Program program = checked.compile(new Computation("roots", Tensors.of("y", roots), List.of()));
      assertThat(program.run(values, Map.of("x", NDArray.of(Shape.of(2), 4f, 9f))).get("y").toFloats())
          .containsExactly(2, 3);
      assertThatThrownBy(() -> program.run(values, Map.of("x", NDArray.of(Shape.of(2), 4f, -9f))))
          .isInstanceOf(NotANumberException.class)
          .hasMessage("program 'roots': where gave the first NaN, at [1] of f32[2]");
    }
  }

  @Test
  void programsThatUpdateRunOneAfterTheOther() throws InterruptedException {
    store.write("count", NDArray.scalar(DType.F32, 0));
    VariableStore session = store.overlay();
    Variable count = variable("count");
    Program program = backend.compile(
        new Computation("count", Tensors.empty(), List.of(count.withAfter(count.before().add(1)))));
    List<Thread> threads = Stream.of(store, store, session)
        .map(s -> Thread.ofPlatform().start(() -> {
          try (Workspace workspace = program.open(s)) {
            for (int i = 0; i < 300; i++) {
              workspace.run();
            }
          }
        }))
        .toList();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(store.read("count").item()).isEqualTo(900);
  }

  @Test
  void aClosedBackendOrWorkspaceRunsNoMore() {
    Program program =
        backend.compile(new Computation("one", Tensors.of(Tensor.scalar(DType.F32, 1)), List.of()));
    Workspace closed = program.open(store);
    closed.close();
    assertThatThrownBy(closed::run).hasMessage("this workspace of program 'one' is closed");

    Workspace open = program.open(store);
    backend.close();
    assertThatThrownBy(open::run).hasMessage("the reference backend is closed");
  }

  private static Variable variable(String name) {
    Tensor before = leaf(name);
    return new Variable(name, Variable.Kind.STATE, before, before, Tensor.zeros(NUMBER));
  }

  private static Tensor leaf(String name) {
    return Tensor.apply(new Op.Input(Op.Role.VARIABLE, name, NUMBER));
  }
}
