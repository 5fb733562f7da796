package dev.ashlar.testkit;

import dev.ashlar.model.Initializer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.State;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;

/** Promises of programs, workspaces and stores, whatever is computed. */
record ProgramChecks(Supplier<Backend> open, boolean allocatesNothing) {

  /** Runs after which compilers have done what they will. */
  private static final int WARM_UP = 2000;

  /** Runs of each of several threads: in a fresh workspace, and in one that has run. */
  private static final int RUNS = 2;

  private static final TensorType VECTOR = TensorType.of(DType.F32, 37);

  Stream<DynamicNode> all() {
    Stream<DynamicNode> always = Stream.of(
        check("variables get their values after from all values before", this::swap),
        check("several variables may get one value", this::oneValue),
        check("a variable accumulates over runs", this::accumulate),
        check("results are computed from values before the run", this::resultsFromBefore),
        check("initialize starts variables from the seed", this::initialize),
        check("programs over one store share variables by name", this::sharing),
        check("a variable without a value is named", this::missingVariable),
        check("writing a value of another type is refused", this::wrongType),
        check("what was adopted is read, and changed elsewhere", this::adopting),
        check("unknown arguments and results are refused", this::unknownNames),
        check("arguments keep their contents between runs", this::arguments),
        check("an overlay reads what there is and keeps what it makes", this::overlay),
        check("many threads get the bits that one gets", this::threads));
    return allocatesNothing
        ? Stream.concat(always, Stream.of(check("a warm run allocates nothing", this::allocation)))
        : always;
  }

  private DynamicNode check(String promise, BiConsumer<Backend, VariableStore> body) {
    return Promises.test("programs", promise, () -> {
      try (Backend backend = open.get(); VariableStore store = backend.newStore()) {
        body.accept(backend, store);
      }
    });
  }

  private static NDArray vector(long seed) {
    return Values.normal(VECTOR, seed);
  }

  private static State slot(Trace trace, String name) {
    return trace.root().slot(name, VECTOR, Initializer.ZEROS);
  }

  private static Computation computation(String name, Tensors results, Trace trace) {
    return new Computation(name, results, trace.variables());
  }

  private static Trace trace() {
    return Trace.training(Precision.F32, 1);
  }

  private static void same(String what, NDArray found, NDArray expected) {
    if (!Arrays.equals(found.toDoubles(), expected.toDoubles())) {
      throw new AssertionError(what + ": expected " + expected + ", found " + found);
    }
  }

  private static <E extends Throwable> E refused(String what, Class<E> type, Runnable work) {
    try {
      work.run();
    } catch (Throwable e) {
      if (type.isInstance(e)) {
        return type.cast(e);
      }
      throw new AssertionError(what + ": expected " + type.getSimpleName() + ", got " + e, e);
    }
    throw new AssertionError(what + ": expected " + type.getSimpleName() + ", got nothing");
  }

  private void swap(Backend backend, VariableStore store) {
    Trace trace = trace();
    State a = slot(trace, "a");
    State b = slot(trace, "b");
    Tensor before = a.value();
    a.set(b.value());
    b.set(before);
    store.write("a", vector(1));
    store.write("b", vector(2));
    backend.compile(computation("swap", Tensors.empty(), trace)).run(store, Map.of());
    same("a", store.read("a"), vector(2));
    same("b", store.read("b"), vector(1));
  }

  private void oneValue(Backend backend, VariableStore store) {
    Trace trace = trace();
    State a = slot(trace, "a");
    State b = slot(trace, "b");
    State c = slot(trace, "c");
    Tensor value = a.value().neg();
    a.set(value);
    b.set(value);
    c.set(a.value());
    store.write("a", vector(1));
    store.write("b", vector(5));
    store.write("c", vector(6));
    backend.compile(computation("one_value", Tensors.empty(), trace)).run(store, Map.of());
    NDArray expected = vector(1);
    for (long i = 0; i < expected.size(); i++) {
      expected.set(i, -expected.get(i));
    }
    for (String name : List.of("a", "b", "c")) {
      same(name, store.read(name), expected);
    }
  }

  private void accumulate(Backend backend, VariableStore store) {
    Trace trace = trace();
    State sum = slot(trace, "sum");
    sum.set(sum.value().add(Tensor.input("x", VECTOR)));
    store.write("sum", NDArray.zeros(VECTOR));
    Program program = backend.compile(computation("accumulate", Tensors.empty(), trace));
    try (Workspace workspace = program.open(store)) {
      for (int i = 0; i < 4; i++) {
        workspace.argument("x").data().fill((byte) 0);
        workspace.argument("x").set(i, 1 + i);
        workspace.run();
      }
    }
    NDArray expected = NDArray.zeros(VECTOR);
    for (int i = 0; i < 4; i++) {
      expected.set(i, 1 + i);
    }
    same("sum", store.read("sum"), expected);
  }

  private void resultsFromBefore(Backend backend, VariableStore store) {
    Trace trace = trace();
    State v = slot(trace, "v");
    Tensor before = v.value();
    v.set(before.mul(2));
    store.write("v", vector(1));
    var results = backend.compile(computation("step", Tensors.of("same", before, "sum", before.add(before)),
        trace))
        .run(store, Map.of());
    NDArray doubled = vector(1);
    for (int i = 0; i < doubled.size(); i++) {
      doubled.set(i, 2 * doubled.get(i));
    }
    same("the variable as a result", results.get("same"), vector(1));
    same("twice the variable as a result", results.get("sum"), doubled);
    same("the variable after", store.read("v"), doubled);
  }

  private void initialize(Backend backend, VariableStore store) {
    Trace trace = trace();
    trace.root().parameter("w", Shape.of(4, 9), (type, fans, key) -> key.normal(type).mul(1 / fans.in()));
    trace.root().parameter("b", Shape.of(9), Initializer.ONES);
    Program program = backend.compile(Computation.initialize(trace.variables()));
    Map<String, NDArray> seed = Map.of(Trace.SEED, NDArray.of(Shape.of(2), 3, 4));
    program.run(store, seed);
    NDArray first = store.read("w");
    program.run(store, seed);
    same("w for the same seed", store.read("w"), first);
    same("b", store.read("b"), NDArray.of(Shape.of(9), 1f, 1, 1, 1, 1, 1, 1, 1, 1));
    program.run(store, Map.of(Trace.SEED, NDArray.of(Shape.of(2), 5, 4)));
    if (Arrays.equals(store.read("w").toDoubles(), first.toDoubles())) {
      throw new AssertionError("w is the same for another seed");
    }
    if (!List.copyOf(store.types().keySet()).equals(List.of("w", "b"))) {
      throw new AssertionError("the store has " + store.types() + ", expected w and b in this order");
    }
  }

  private void sharing(Backend backend, VariableStore store) {
    store.write("v", vector(1));
    for (int batch : new int[] {1, 5, 64}) {
      Trace trace = trace();
      Tensor x = Tensor.input("x", TensorType.of(DType.F32, batch, 37));
      State v = slot(trace, "v");
      Tensor y = x.mul(v.value());
      NDArray ones = NDArray.zeros(x.type());
      for (long i = 0; i < ones.size(); i++) {
        ones.set(i, 1);
      }
      NDArray found = backend.compile(computation("predict", Tensors.of("y", y), trace))
          .run(store, Map.of("x", ones)).get("y");
      same("batch of " + batch, found.rows(batch - 1, batch).reshape(37), vector(1));
    }
  }

  private void missingVariable(Backend backend, VariableStore store) {
    Trace trace = trace();
    Tensor y = slot(trace, "one").value().add(slot(trace, "two").value());
    Program program = backend.compile(computation("needs", Tensors.of("y", y), trace));
    String message = refused("a run without values", IllegalStateException.class, () -> program.open(store))
        .getMessage();
    if (!message.contains("one") || !message.contains("two")) {
      throw new AssertionError("the message must name both variables: " + message);
    }
  }

  private void wrongType(Backend backend, VariableStore store) {
    store.write("v", vector(1));
    refused("an f64 value for an f32 variable", ShapeException.class,
        () -> store.write("v", vector(1).cast(DType.F64)));
    refused("reading what is not there", IllegalArgumentException.class, () -> store.read("w"));
  }

  private void adopting(Backend backend, VariableStore store) {
    Trace trace = trace();
    State v = slot(trace, "v");
    Tensors before = Tensors.of("before", v.value());
    v.set(v.value().neg());
    NDArray lent = NDArray.wrap(VECTOR, vector(1).data().asReadOnly());
    store.adopt("v", lent);
    same("what was adopted", store.read("v"), vector(1));
    Map<String, NDArray> results = backend.compile(computation("negate", before, trace)).run(store, Map.of());
    same("before", results.get("before"), vector(1));
    same("the array that was adopted", lent, vector(1));
    NDArray expected = vector(1);
    for (long i = 0; i < expected.size(); i++) {
      expected.set(i, -expected.get(i));
    }
    same("v after the run", store.read("v"), expected);
    store.adopt("v", lent);
    store.write("v", vector(2));
    same("the array that was adopted", lent, vector(1));
    same("v when it was written", store.read("v"), vector(2));
    refused("adopting a value of another type", ShapeException.class,
        () -> store.adopt("v", vector(1).cast(DType.F64)));
  }

  private void unknownNames(Backend backend, VariableStore store) {
    Tensor x = Tensor.input("x", VECTOR);
    Program program = backend.compile(new Computation("double", Tensors.of("y", x.add(x)), List.of()));
    try (Workspace workspace = program.open(store)) {
      refused("an unknown argument", IllegalArgumentException.class, () -> workspace.argument("z"));
      refused("an unknown result", IllegalArgumentException.class, () -> workspace.result("x"));
    }
  }

  private void arguments(Backend backend, VariableStore store) {
    Tensor x = Tensor.input("x", VECTOR);
    Tensor s = Tensor.input("s", TensorType.of(DType.F32));
    Program program = backend.compile(new Computation("scale", Tensors.of("y", x.mul(s)), List.of()));
    try (Workspace workspace = program.open(store)) {
      workspace.argument("x").data().copyFrom(vector(1).data());
      for (int i = 1; i < 4; i++) {
        workspace.argument("s").set(0, i);
        workspace.run();
        NDArray expected = vector(1);
        for (int j = 0; j < expected.size(); j++) {
          expected.set(j, (float) expected.get(j) * i);
        }
        same("run " + i, workspace.result("y"), expected);
      }
      same("the argument", workspace.argument("x"), vector(1));
    }
  }

  private void overlay(Backend backend, VariableStore store) {
    store.write("weight", vector(1));
    Trace trace = Trace.decoding(Precision.F32, 8);
    Tensor weight = slot(trace, "weight").value();
    State cache = trace.root().session("cache", VECTOR);
    cache.set(cache.value().add(weight));
    Program program = backend.compile(computation("decode", Tensors.of("y", weight.mul(1)), trace));
    Program start = backend.compile(Computation.initialize(
        trace.variables().stream().filter(v -> v.name().equals("cache")).toList()));
    try (VariableStore one = store.overlay(); VariableStore two = store.overlay()) {
      start.run(one, Map.of());
      start.run(two, Map.of());
      program.run(one, Map.of());
      same("the cache of one session", one.read("cache"), vector(1));
      same("the cache of another", two.read("cache"), NDArray.zeros(VECTOR));
    }
    if (store.types().containsKey("cache")) {
      throw new AssertionError("an overlay's variable is in the store below: " + store.types());
    }
    same("the weight", store.read("weight"), vector(1));
  }

  /** A product, a softmax and a reduction: of [m, k] and [k, n]. */
  private static Program program(Backend backend, int m, int k, int n) {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, m, k));
    Tensor w = Tensor.input("w", TensorType.of(DType.F32, k, n));
    Tensor y = Functions.softmax(x.matmul(w).tanh(), -1);
    return backend.compile(new Computation("program", Tensors.of("y", y, "sum", y.square().sum(0)),
        List.of()));
  }

  private static void fill(Workspace workspace) {
    for (String name : List.of("x", "w")) {
      NDArray argument = workspace.argument(name);
      argument.data().copyFrom(Values.normal(argument.type(), name.hashCode()).data());
    }
  }

  private void threads(Backend backend, VariableStore store) {
    Program program = program(backend, 70, 129, 190); // large enough to be shared among threads
    NDArray first;
    NDArray sum;
    try (Workspace workspace = program.open(store)) {
      fill(workspace);
      workspace.run();
      first = workspace.result("y").copy();
      sum = workspace.result("sum").copy();
    }
    List<Future<?>> runs = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        runs.add(pool.submit(() -> {
          try (Workspace workspace = program.open(store)) {
            fill(workspace);
            for (int run = 0; run < RUNS; run++) {
              workspace.run();
              same("y", workspace.result("y"), first);
              same("sum", workspace.result("sum"), sum);
            }
          }
        }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError("a run among four threads failed: " + e.getCause(), e);
    }
  }

  private void allocation(Backend backend, VariableStore store) {
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Workspace workspace = program(backend, 6, 33, 20).open(store)) {
      fill(workspace);
      for (int i = 0; i < WARM_UP; i++) {
        workspace.run();
      }
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 20 && least > 0; i++) {
        long before = bean.getCurrentThreadAllocatedBytes();
        workspace.run();
        least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
      }
      if (least > 0) {
        throw new AssertionError("every warm run allocates, at least " + least + " bytes");
      }
    }
  }
}
