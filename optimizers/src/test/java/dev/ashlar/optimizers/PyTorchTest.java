package dev.ashlar.optimizers;

import dev.ashlar.model.Initializer;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.testkit.ExpectedNumbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Parameters after each of eight steps are those of PyTorch; torch_numbers.py wrote the numbers. */
class PyTorchTest {

  private static final Map<String, ExpectedNumbers> CASES =
      ExpectedNumbers.read(PyTorchTest.class, "torch_numbers.txt");
  private static final double RATE = 0x1p-6;
  private static final int STEPS = 8;

  private static Map<String, Optimizer> optimizers() {
    Map<String, Optimizer> all = new LinkedHashMap<>();
    all.put("sgd", Sgd.of(RATE));
    all.put("sgd_decay", Sgd.of(RATE).withWeightDecay(0.1));
    all.put("sgd_momentum", Sgd.of(RATE).withMomentum(0.9).withWeightDecay(0.1));
    all.put("sgd_nesterov", Sgd.of(RATE).withNesterov(0.9));
    all.put("adam", Adam.of(RATE));
    all.put("adam_decay", Adam.of(RATE).withBetas(0.8, 0.95).withWeightDecay(0.1));
    all.put("adamw", AdamW.of(RATE));
    all.put("adamw_decay", AdamW.of(RATE).withBetas(0.9, 0.95).withWeightDecay(0.1));
    all.put("adamw_matrices", AdamW.of(0).withLearningRate(new Constant(RATE)).withoutVectorDecay());
    all.put("adam_amsgrad", Adam.of(RATE).withAmsgrad());
    all.put("adamw_amsgrad", AdamW.of(RATE).withAmsgrad());
    all.put("rmsprop", RmsProp.of(RATE));
    all.put("rmsprop_centered", RmsProp.of(RATE).withCentering().withMomentum(0.9).withWeightDecay(0.1));
    all.put("adagrad", Adagrad.of(RATE));
    all.put("adagrad_decay", Adagrad.of(RATE).withInitialAccumulator(0.5).withWeightDecay(0.1));
    all.put("adadelta", Adadelta.of(1).withWeightDecay(0.1));
    all.put("adamax", Adamax.of(RATE).withWeightDecay(0.1));
    all.put("nadam", NAdam.of(RATE).withWeightDecay(0.1));
    all.put("radam", RAdam.of(RATE).withWeightDecay(0.1));
    all.put("lion", Lion.of(RATE).withWeightDecay(0.1));
    all.put("lamb", Lamb.of(RATE).withWeightDecay(0.1));
    all.put("adafactor", Adafactor.of(RATE).withWeightDecay(0.1));
    all.put("muon", Muon.of(RATE, RATE));
    all.put("sgd_clipped", new Chain(List.of(new ClipByGlobalNorm(1)), Sgd.of(RATE)));
    all.put("sgd_clipped_by_value", new Chain(List.of(new ClipByValue(0.5)), Sgd.of(RATE)));
    all.put("adamw_clipped_little", new ClipByGlobalNorm(100).then(AdamW.of(RATE)));
    AdamW decaying = AdamW.of(RATE).withWeightDecay(0.1);
    AdamW plain = AdamW.of(RATE).withWeightDecay(0);
    all.put("groups", new Groups(Map.of("bias", plain.withLearningRate(new Constant(RATE / 4))), decaying));
    all.put("groups_frozen", new Groups(Map.of("*ght", Adam.of(RATE)), new Frozen()));
    all.put("groups_clipped", new Chain(List.of(new ClipByGlobalNorm(1)), new Groups(Map.of("b*s", plain), decaying)));
    all.put("lookahead", new Lookahead(Sgd.of(RATE).withMomentum(0.9), 3, 0.25));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> inDoublePrecision() {
    return optimizers().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(),
            () -> check(e.getValue(), CASES.get(e.getKey()), DType.F64, 1e-10)));
  }

  @TestFactory
  Stream<DynamicTest> inSinglePrecision() {
    return optimizers().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(),
            () -> check(e.getValue(), CASES.get(e.getKey()), DType.F32, 1e-5)));
  }

  /** Runs as training does: one program over a store, with given gradients for arguments. */
  private static void check(Optimizer optimizer, ExpectedNumbers expected, DType dtype, double bound) {
    ExpectedNumbers given = CASES.get("given");
    Trace trace = Trace.training(Precision.of(dtype), STEPS);
    given.group("start").forEach((name, start) ->
        trace.root().parameter(name, start.shape(), Initializer.ZEROS));
    Tensors parameters = trace.parameters();
    Tensors gradients = parameters.map((name, p) -> Tensor.input("gradient." + name, p.type()));
    Tensor loss = Tensor.scalar(dtype, 0);
    trace.update(optimizer.step(
        parameters, at -> new Optimizer.Evaluation(loss, gradients), trace.root().child("optimizer")));
    trace.step().set(trace.step().value().add(1));
    try (ReferenceBackend backend = new ReferenceBackend(true); VariableStore store = backend.newStore()) {
      backend.compile(Computation.initialize(trace.variables()))
          .run(store, Map.of(Trace.SEED, NDArray.of(Shape.of(2), 1, 2)));
      given.group("start").forEach((name, start) -> store.write(name, start.cast(dtype)));
      Program step = backend.compile(new Computation("step", Tensors.empty(), trace.variables()));
      for (int i = 0; i < STEPS; i++) {
        Map<String, NDArray> arguments = new LinkedHashMap<>();
        given.group("gradient." + i).forEach((name, g) -> arguments.put("gradient." + name, g.cast(dtype)));
        step.run(store, arguments);
        for (var entry : expected.group("after." + i).entrySet()) {
          ExpectedNumbers.assertClose(entry.getKey() + " after step " + (i + 1), store.read(entry.getKey()),
              entry.getValue(), bound);
        }
      }
    }
  }
}
