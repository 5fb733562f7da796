package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.plugin.Plugin;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.LookupException;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Origin;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuBackendTest {

  private static final TensorType FOUR = TensorType.of(DType.F32, 4);

  private final Backend backend = Cpu.defaults().withThreads(2).open();

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor before(String name) {
    return Tensor.apply(new Op.Input(Op.Role.VARIABLE, name, FOUR));
  }

  private static NDArray four(float... values) {
    return NDArray.of(Shape.of(4), values);
  }

  @Test
  void itIsFoundAsAPlugin() {
    assertThat(ServiceLoader.load(Plugin.class)).anySatisfy(p -> assertThat(p.components())
        .contains(Cpu.class));
  }

  @Test
  void itSaysWhatWillRun() {
    assertThat(backend.name()).isEqualTo("cpu");
    assertThat(backend.describe()).startsWith("cpu: ").endsWith("2 threads");
  }

  @Test
  void variablesAreInitializedUpdatedInPlaceAndExchanged() {
    Tensor a = before("a");
    Tensor b = before("b");
    Variable first = new Variable("a", Variable.Kind.STATE, a, b, Tensor.full(FOUR, 1));
    Variable second = new Variable("b", Variable.Kind.STATE, b, a.add(b), Tensor.full(FOUR, 2));
    Computation step = new Computation("step", Tensors.of("old", a), List.of(first, second));
    try (VariableStore store = backend.newStore()) {
      backend.compile(Computation.initialize(List.of(first, second))).run(store, Map.of());
      try (var workspace = backend.compile(step).open(store)) {
        workspace.run();
        assertThat(store.read("a").get(0)).isEqualTo(2);
        assertThat(store.read("b").get(0)).isEqualTo(3);
        workspace.run();
        assertThat(workspace.result("old").get(3)).isEqualTo(2);
        assertThat(store.read("b").get(0)).isEqualTo(5);
      }
    }
  }

  @Test
  void aProgramThatReadsWhatIsNotThereSaysSo() {
    Tensor w = before("w");
    Variable variable = new Variable("w", Variable.Kind.STATE, w, w, Tensor.zeros(FOUR));
    Program program = backend.compile(new Computation("p", Tensors.of(w.add(1)), List.of(variable)));
    try (VariableStore store = backend.newStore()) {
      assertThatThrownBy(() -> program.open(store)).isInstanceOf(IllegalStateException.class)
          .hasMessage("program 'p' reads variables that have no value: [w]");
    }
  }

  @Test
  void anOverlaySharesWhatIsBelowAndKeepsItsOwn() {
    Tensor w = before("w");
    Tensor cache = before("cache");
    Computation step = new Computation("decode", Tensors.of(w.add(cache)), List.of(
        new Variable("w", Variable.Kind.PARAMETER, w, w, Tensor.zeros(FOUR)),
        new Variable("cache", Variable.Kind.SESSION, cache, cache.add(w), Tensor.zeros(FOUR))));
    try (VariableStore store = backend.newStore(); VariableStore session = store.overlay()) {
      store.write("w", four(1, 2, 3, 4));
      session.write("cache", four(0, 0, 0, 0));
      Program program = backend.compile(step);
      program.run(session, Map.of());
      assertThat(program.run(session, Map.of()).get("value").toFloats()).containsExactly(2, 4, 6, 8);
      assertThat(store.types()).containsOnlyKeys("w");
      assertThat(session.types()).containsOnlyKeys("w", "cache");
    }
  }

  @Test
  void checkedModeNamesWhereNaNWasMade() {
    Tensor x = Tensor.input("x", FOUR);
    Tensor bad = Origin.within("blocks.3", () -> x.log());
    Computation computation = new Computation("step", Tensors.of(bad.add(1)), List.of());
    try (Backend checked = Cpu.defaults().withChecked(true).open(); VariableStore store =
        checked.newStore()) {
      Program program = checked.compile(computation);
      program.run(store, Map.of("x", four(1, 2, 3, 4)));
      assertThatThrownBy(() -> program.run(store, Map.of("x", four(1, 2, -3, 4))))
          .isInstanceOf(ArithmeticException.class)
          .hasMessage("program 'step': log of blocks.3 made NaN at element 2 of 4");
    }
  }

  @Test
  void checkedModeNamesWhoLooksUpWhatIsNotThere() {
    Tensor ids = Tensor.input("ids", TensorType.of(DType.I32, 3));
    Tensor rows = Origin.within("embedding", () -> Tensor.zeros(TensorType.of(DType.F32, 5, 2)).gather(ids));
    Map<String, NDArray> arguments = Map.of("ids", NDArray.of(Shape.of(3), 4, 5, 0));
    try (Backend checked = Cpu.defaults().withChecked(true).open()) {
      assertThatThrownBy(() -> checked.evaluate(rows, arguments)).isInstanceOf(LookupException.class).hasMessage(
          "argument 'ids', element 1: expected a whole number from 0 to 4, which 'embedding' looks up, found 5");
    }
  }

  @Test
  void aClosedBackendRunsNothing() {
    Backend other = Cpu.defaults().open();
    VariableStore store = other.newStore();
    var program = other.compile(Compare.of(Tensor.input("x", FOUR).add(1)));
    var workspace = program.open(store);
    other.close();
    other.close();
    assertThatThrownBy(() -> program.open(store)).isInstanceOf(IllegalStateException.class)
        .hasMessage("the cpu backend is closed");
    assertThatThrownBy(workspace::run).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void noThreadOutlivesTheBackend() {
    try (Backend other = Cpu.defaults().withThreads(3).open()) {
      Computation step = Models.mlp(64, 100, 256, 10);
      Map<String, NDArray> values = Compare.values(step, 1);
      values.put("labels", Compare.ints(Shape.of(64), 10, 2));
      Compare.run(other, step, values, 3);
    }
    assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().startsWith("ashlar-cpu-"));
  }

  @Test
  void aProgramDescribesItsSteps() {
    Program program = backend.compile(Models.mlp(4, 5, 6, 3));
    String text = ((CpuProgram) program).describe();
    assertThat(text).contains("matmul").contains("GFLOP").contains("temporary");
    assertThat(((CpuProgram) program).steps()).isNotEmpty();
  }

  @Test
  void aCacheIsUpdatedWhereItLies() {
    TensorType type = TensorType.of(DType.F32, 6, 4);
    Tensor cache = Tensor.apply(new Op.Input(Op.Role.VARIABLE, "cache", type));
    Tensor at = Tensor.input("at", TensorType.of(DType.I32));
    Tensor row = Tensor.input("row", TensorType.of(DType.F32, 1, 4));
    Tensor next = cache.dynamicUpdate(row.mul(2), List.of(at, Tensor.scalar(DType.I32, 0)));
    Computation step = new Computation("decode", Tensors.of(next.sum(0)),
        List.of(new Variable("cache", Variable.Kind.SESSION, cache, next, Tensor.zeros(type))));
    Program program = backend.compile(step);
    assertThat(((CpuProgram) program).steps()).noneMatch(s -> s.label().equals("copy"));
    try (VariableStore store = backend.newStore()) {
      store.write("cache", NDArray.zeros(type));
      for (int i = 0; i < 3; i++) {
        program.run(store, Map.of("at", NDArray.scalar(DType.I32, i),
            "row", NDArray.of(Shape.of(1, 4), (float) i, 1, 2, 3)));
      }
      assertThat(store.read("cache").rows(0, 3).toFloats()).containsExactly(0, 2, 4, 6, 2, 2, 4, 6, 4, 2, 4, 6);
    }
  }

  @Test
  void manyThreadsShareAProgram() throws Exception {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 300, 400));
    Program program = backend.compile(Compare.of(x.mul(2).add(1).exp().sum(1)));
    NDArray value = Compare.random(x.type(), new java.util.Random(1));
    try (VariableStore store = backend.newStore()) {
      NDArray expected = program.run(store, Map.of("x", value)).get("value");
      var threads = java.util.stream.IntStream.range(0, 4).mapToObj(i -> new Thread(() -> {
        for (int n = 0; n < 20; n++) {
          assertThat(program.run(store, Map.of("x", value)).get("value").data().mismatch(expected.data()))
              .isEqualTo(-1);
        }
      })).toList();
      var failures = new java.util.concurrent.ConcurrentLinkedQueue<Throwable>();
      threads.forEach(t -> t.setUncaughtExceptionHandler((thread, e) -> failures.add(e)));
      threads.forEach(Thread::start);
      for (Thread t : threads) {
        t.join();
      }
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void whatThereIsNoMemoryForIsNamed() {
    // 400 TB: more than an address reaches.
    TensorType huge = TensorType.of(DType.F32, 10_000_000, 10_000_000);
    try (CpuStore store = new CpuStore()) {
      assertThatThrownBy(() -> store.findOrCreate("dense.weight", huge)).isInstanceOf(OutOfMemoryError.class)
          .hasMessageStartingWith("variable 'dense.weight' of f32[10000000, 10000000]: ")
          .hasMessageContaining("400000000000000 bytes");
    }
  }
}
