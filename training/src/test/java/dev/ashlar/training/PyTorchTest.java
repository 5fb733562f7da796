package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Scope;
import dev.ashlar.optimizers.AdamW;
import dev.ashlar.optimizers.ClipByGlobalNorm;
import dev.ashlar.optimizers.Groups;
import dev.ashlar.optimizers.Lookahead;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.optimizers.schedules.Constant;
import dev.ashlar.optimizers.schedules.Plateau;
import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.testkit.ExpectedNumbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole runs are those of loops of PyTorch, update by update; torch_numbers.py wrote the numbers. */
class PyTorchTest {

  private static final Map<String, ExpectedNumbers> CASES =
      ExpectedNumbers.read(PyTorchTest.class, "torch_numbers.txt");
  private static final ExpectedNumbers GIVEN = CASES.get("given");
  private static final CrossEntropy SMOOTHED =
      new CrossEntropy().withClassWeights(List.of(1.0, 0.5, 3.0)).withLabelSmoothing(0.1);

  /** What a case trains, and how. */
  private record Run(Task task, Settings settings) {

    static Run of(Optimizer optimizer) {
      return new Run(Task.of((Layer) PyTorchTest::net, new CrossEntropy(), optimizer), settings(3, Optional.empty()));
    }

    Run with(CrossEntropy loss) {
      return new Run(new Task(task.model(), loss, task.optimizer(), List.of(), task.metrics(), task.precision()),
          settings);
    }

    Run clipped(double norm) {
      return new Run(task.withGradients(new ClipByGlobalNorm(norm)), settings);
    }

    Run accumulated(int batches) {
      return new Run(task, settings.withAccumulation(batches));
    }

    Run averaged(double memory) {
      return new Run(task, settings.withEma(memory));
    }

    Run lasting(int epochs, Optional<Integer> patience) {
      return new Run(task, settings(epochs, patience));
    }

    private static Settings settings(int epochs, Optional<Integer> patience) {
      return new Settings(epochs, 4, 0, false, Settings.Keep.BEST, Programs.LOSS, patience);
    }
  }

  private static Map<String, Run> runs() {
    Map<String, Run> all = new LinkedHashMap<>();
    Sgd quick = Sgd.of(0.25).withMomentum(0.875);
    all.put("plain", Run.of(quick));
    all.put("accumulated", Run.of(quick).accumulated(3));
    all.put("accumulated_clipped", Run.of(Sgd.of(0.5).withMomentum(0.875)).accumulated(4).clipped(0.25));
    all.put("ema", Run.of(Sgd.of(0.25)).averaged(0.875));
    all.put("ema_accumulated", Run.of(Sgd.of(0.5)).averaged(0.5).accumulated(3));
    all.put("lookahead", Run.of(new Lookahead(Sgd.of(0.5).withMomentum(0.5), 4, 0.5)));
    AdamW decaying = AdamW.of(0x1p-6).withWeightDecay(0.25);
    Groups groups = new Groups(
        Map.of("*.bias", decaying.withWeightDecay(0).withLearningRate(new Constant(0x1p-5))), decaying);
    all.put("groups", Run.of(groups));
    all.put("groups_accumulated_clipped", Run.of(groups).accumulated(2).clipped(0.5));
    all.put("weighted_smoothed", Run.of(Sgd.of(0.25)).with(SMOOTHED));
    all.put("weighted_smoothed_accumulated", Run.of(Sgd.of(0.25)).with(SMOOTHED).accumulated(3));
    all.put("plateau", Run.of(Sgd.of(0).withLearningRate(new Plateau(2, 0.5, 1, 0.01, 1, 0)))
        .lasting(12, Optional.empty()));
    all.put("patience", Run.of(Sgd.of(1.5).withMomentum(0.5)).lasting(20, Optional.of(3)));
    all.put("patience_ema", Run.of(Sgd.of(2)).lasting(20, Optional.of(2)).averaged(0.75));
    CrossEntropy ignoring = new CrossEntropy(Optional.of(1));
    all.put("ignored", Run.of(Sgd.of(0.25)).with(ignoring));
    all.put("ignored_accumulated", Run.of(Sgd.of(0.25)).with(ignoring).accumulated(2));
    return all;
  }

  private static Tensor net(Tensor x, Scope scope) {
    return dense(dense(x, scope.child("first")).tanh(), scope.child("last"));
  }

  private static Tensor dense(Tensor x, Scope scope) {
    return x.matmul(parameter("weight", scope)).add(parameter("bias", scope));
  }

  private static Tensor parameter(String name, Scope scope) {
    NDArray start = GIVEN.get("start." + scope.path() + "." + name);
    return scope.parameter(name, start.shape(), (type, fans, key) -> Tensor.constant(start.cast(type.dtype())));
  }

  private static Dataset part(String name) {
    Map<String, NDArray> columns = new LinkedHashMap<>();
    columns.put("input", GIVEN.get(name + ".input").cast(DType.F32));
    columns.put("target", GIVEN.get(name + ".target"));
    return Datasets.of(columns, List.of("a", "b", "c"), List.of());
  }

  @TestFactory
  Stream<DynamicTest> inDoublePrecision() {
    return runs().entrySet().stream().map(run -> DynamicTest.dynamicTest(run.getKey(),
        () -> check(run.getValue(), CASES.get(run.getKey()), new ReferenceBackend(), DType.F64, 1e-9)));
  }

  @TestFactory
  Stream<DynamicTest> inSinglePrecision() {
    return runs().entrySet().stream().map(run -> DynamicTest.dynamicTest(run.getKey(),
        () -> check(run.getValue(), CASES.get(run.getKey()), Cpu.defaults().withThreads(2).open(), DType.F32, 2e-4)));
  }

  private static void check(Run run, ExpectedNumbers expected, Backend opened, DType dtype, double bound)
      throws Exception {
    List<Double> losses = new ArrayList<>();
    List<Double> measured = new ArrayList<>();
    TrainingListener listener = new TrainingListener() {
      @Override
      public void step(long step, double loss) {
        losses.add(loss);
      }

      @Override
      public void epoch(EpochReport report) {
        measured.add(report.metrics().get(Examples.VALIDATION).get(Programs.LOSS));
      }
    };
    Examples examples = new Examples(part("train"), Optional.of(part("validation")), Optional.empty());
    try (Backend backend = opened;
        TrainingResult result = new Trainer(backend, listener)
            .train(run.task.withPrecision(Precision.of(dtype)), examples, run.settings)) {
      close("losses", losses, expected, bound);
      close("measured", measured, expected, bound);
      assertThat(result.epoch()).isEqualTo((int) expected.get("best_epoch").item());
      expected.group("kept").forEach((name, value) ->
          ExpectedNumbers.assertClose(name, result.model().store().read(name), value, bound));
      // The rate that is known is that of the last update, before the last measurement.
      if (expected.arrays().containsKey("rates")) {
        assertThat(result.model().store().read("training.schedule_0.value").item())
            .isEqualTo(expected.get("rates").get(expected.get("rates").size() - 2));
      }
    }
  }

  private static void close(String what, List<Double> found, ExpectedNumbers expected, double bound) {
    double[] values = found.stream().mapToDouble(v -> v).toArray();
    ExpectedNumbers.assertClose(what, NDArray.of(dev.ashlar.tensor.Shape.of(values.length), values),
        expected.get(what), bound);
  }
}
