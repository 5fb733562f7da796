package dev.ashlar.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.NameResolver;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Callback;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Metric;
import dev.ashlar.model.Optimizer;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.OperationKernel;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.CustomOp;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** A contract that is given nothing to try, or too little to show anything, fails; each failure says what failed. */
class TooLittleIsNoticedTest {

  /** What the failures of a contract's tests say. */
  private static List<String> failures(Stream<? extends DynamicNode> contract) {
    List<String> messages = new ArrayList<>();
    contract.flatMap(TooLittleIsNoticedTest::tests).forEach(test -> {
      try {
        test.getExecutable().execute();
      } catch (Throwable e) {
        assertThat(e).isInstanceOf(AssertionError.class);
        messages.add(e.getMessage());
      }
    });
    return messages;
  }

  private static Stream<DynamicTest> tests(DynamicNode node) {
    return node instanceof DynamicContainer container
        ? container.getChildren().flatMap(TooLittleIsNoticedTest::tests) : Stream.of((DynamicTest) node);
  }

  private static void saysWhatFailed(Stream<? extends DynamicNode> contract, String example, String message) {
    assertThat(failures(contract)).anySatisfy(said -> assertThat(said)
        .contains(example + ", promise '").contains(message));
  }

  private static Stream<DynamicNode> layers(LayerExample... examples) {
    return new LayerContract() {
      @Override
      protected List<LayerExample> examples() {
        return List.of(examples);
      }

      @Override
      protected NameResolver names() {
        return NameResolver.NONE;
      }
    }.contract();
  }

  private static Stream<DynamicNode> losses(LossContract.Example... examples) {
    return new LossContract() {
      @Override
      protected List<Example> examples() {
        return List.of(examples);
      }
    }.contract();
  }

  private static Stream<DynamicNode> metrics(MetricContract.Example... examples) {
    return new MetricContract() {
      @Override
      protected List<Example> examples() {
        return List.of(examples);
      }
    }.contract();
  }

  private static Stream<DynamicNode> sources(DataSourceContract.Example... examples) {
    return new DataSourceContract() {
      @Override
      protected List<Example> examples() {
        return List.of(examples);
      }
    }.contract();
  }

  private static Stream<DynamicNode> kernels(KernelExample... examples) {
    return new KernelContract() {
      @Override
      protected List<KernelExample> examples() {
        return List.of(examples);
      }
    }.contract();
  }

  private static Stream<DynamicNode> families(ModelFamilyExample... examples) {
    return new ModelFamilyContract() {
      @Override
      protected List<ModelFamilyExample> examples() {
        return List.of(examples);
      }
    }.contract();
  }

  @Test
  void nothing() {
    Stream<DynamicNode> optimizers = new OptimizerContract() {
      @Override
      protected List<Optimizer> optimizers() {
        return List.of();
      }
    }.contract();
    Stream<DynamicNode> callbacks = new CallbackContract() {
      @Override
      protected List<Callback> callbacks() {
        return List.of();
      }
    }.contract();
    String nothing = ", promise 'has something to try': the list is empty, so that nothing is tried: give at least one";
    assertThat(failures(layers())).containsExactly("examples()" + nothing);
    assertThat(failures(losses())).containsExactly("examples()" + nothing);
    assertThat(failures(metrics())).containsExactly("examples()" + nothing);
    assertThat(failures(sources())).containsExactly("examples()" + nothing);
    assertThat(failures(kernels())).containsExactly("examples()" + nothing);
    assertThat(failures(families())).containsExactly("examples()" + nothing);
    assertThat(failures(optimizers)).containsExactly("optimizers()" + nothing);
    assertThat(failures(callbacks)).containsExactly("callbacks()" + nothing);
  }

  /** Which mixes examples, and does not say so. */
  private record Centred() implements Layer {
    @Override
    public Tensor forward(Tensor x, dev.ashlar.model.Scope scope) {
      return x.sub(x.mean(0));
    }
  }

  @Test
  void aLayer() {
    saysWhatFailed(layers(LayerExample.of(new Centred(), 1, 4)), "Centred[] on f64[1, 4]",
        "a batch of 1 does not show how examples are treated: give 2 or more");
    saysWhatFailed(layers(LayerExample.of(new Centred(), NDArray.zeros(TensorType.of(DType.F64, 3, 4)))),
        "Centred[] on f64[3, 4]", "all examples are the same");
    saysWhatFailed(layers(LayerExample.of(new Centred(), 2, 0)), "Centred[] on f64[2, 0]", "which holds no examples");
    saysWhatFailed(layers(LayerExample.of(new Centred(), 2, 4).with("more", Values.normal(
        TensorType.of(DType.F64, 3, 4), 1))), "Centred[] on f64[2, 4], f64[3, 4]", "are [2, 3]");
    saysWhatFailed(layers(LayerExample.of(new Centred(), 3, 4)), "Centred[] on f64[3, 4]", "claim MIXES_EXAMPLES");
  }

  @Test
  void aLossAndAMetric() {
    NDArray two = Values.normal(TensorType.of(DType.F64, 2, 3), 1);
    NDArray alike = NDArray.zeros(TensorType.of(DType.F64, 4, 3));
    Loss loss = (y, batch) -> batch.mean(y.first().sub(batch.target()).square());
    for (NDArray few : List.of(two, alike)) {
      String why = few == two ? "a batch of 2 does not show" : "all examples are the same";
      saysWhatFailed(losses(new LossContract.Example(loss, few, few)), " of " + few.type(), why);
      saysWhatFailed(metrics(new MetricContract.Example(new Counted(), few, few)), "Counted[] of " + few.type(), why);
    }
  }

  private record Counted() implements Metric {
    @Override
    public Tensors statistics(Tensors outputs, Batch batch) {
      return Tensors.of("count", batch.weight().sum());
    }

    @Override
    public double result(Map<String, double[]> sums) {
      return sums.get("count")[0];
    }
  }

  /** Examples that are all 0. */
  private record Zeros(long size) implements Dataset {
    @Override
    public SequencedMap<String, TensorType> columns() {
      SequencedMap<String, TensorType> columns = new LinkedHashMap<>();
      columns.put(Batch.INPUT, TensorType.of(DType.F32, 2));
      return columns;
    }

    @Override
    public void read(long[] positions, int count, Map<String, NDArray> batch) {
      batch.get(Batch.INPUT).rows(0, count).data().fill((byte) 0);
    }
  }

  @Test
  void aSource() {
    saysWhatFailed(sources(new DataSourceContract.Example(() -> new Zeros(1), 1)), "", "a batch of 1 does not show");
    saysWhatFailed(sources(new DataSourceContract.Example(() -> new Zeros(5), 5)), "", "all examples are the same");
  }

  /** Which says that it gives fewer numbers than it does. */
  private record Wider() implements CustomOp {
    @Override
    public String name() {
      return "test:wider";
    }

    @Override
    public List<TensorType> outputTypes(List<TensorType> operands) {
      return List.of(operands.getFirst().withShape(Shape.of(operands.getFirst().shape().dim(0), 1)));
    }

    @Override
    public void evaluate(List<NDArray> operands, List<NDArray> outputs) {
      for (long i = 0; i < operands.getFirst().size(); i++) {
        outputs.getFirst().set(i, operands.getFirst().get(i));
      }
    }
  }

  private record WiderKernel() implements OperationKernel {
    @Override
    public String operation() {
      return "test:wider";
    }

    @Override
    public String backend() {
      return "cpu";
    }

    @Override
    public Executable bind(CustomOp operation, List<NDArray> in, List<NDArray> out, SegmentAllocator memory) {
      return piece -> operation.evaluate(in, out);
    }
  }

  @Test
  void aKernel() {
    saysWhatFailed(kernels(KernelExample.of(new WiderKernel(), new Wider(), TensorType.of(DType.F32, 0, 4))),
        "Wider[] of [f32[0, 4]]", "in which there is no number");
    saysWhatFailed(kernels(KernelExample.of(new WiderKernel(), new Wider(), TensorType.of(DType.F32, 1, 1))),
        "Wider[] of [f32[1, 1]]", "the operands are the same in the opposite order");
  }

  @Test
  void aCustomOperationWhoseTypesAreWrongIsNamed() {
    String said = "operation 'test:wider'";
    saysWhatFailed(layers(LayerExample.of((Layer) (x, scope) ->
        Tensor.apply(new Op.Custom(new Wider(), List.of(x))), 2, 4)), "on f64[2, 4]", said + ": its own code, "
        + Wider.class.getName() + ".evaluate, failed, operands [f64[2, 4]], outputs [f64[2, 1]]"
        + " as its outputTypes says: java.lang.IndexOutOfBounds");
    saysWhatFailed(kernels(KernelExample.of(new WiderKernel(), new Wider(), TensorType.of(DType.F32, 2, 4))),
        "Wider[] of [f32[2, 4]]", "kernel " + WiderKernel.class.getName() + " or " + said
        + " failed: operands [f32[2, 4]], outputs [f32[2, 1]] as its outputTypes says: java.lang.IndexOutOfBounds");
  }

  @Test
  void aBackendThatLacksAll() {
    BackendContract contract = new BackendContract() {
      @Override
      protected Backend open() {
        return new OtherContractsBiteTest.Altered() {
          @Override
          public List<String> missing(Computation computation) {
            return List.of("all");
          }
        };
      }

      @Override
      protected boolean mayLack(String name) {
        return true;
      }
    };
    saysWhatFailed(contract.operations().filter(node -> node instanceof DynamicTest), "the operations",
        "so that nothing is computed: [all]");
    try (Backend one = new ReferenceBackend()) {
      assertThat(one.missing(new Computation("none", Tensors.empty(), List.of()))).isEmpty();
    }
  }
}
