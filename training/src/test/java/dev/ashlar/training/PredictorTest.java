package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.LookupException;
import dev.ashlar.program.Lookups;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PredictorTest {

  /** Counts the workspaces that are opened. */
  private record Counting(Program program, AtomicInteger opened) implements Program {
    @Override
    public String name() {
      return program.name();
    }

    @Override
    public SequencedMap<String, TensorType> arguments() {
      return program.arguments();
    }

    @Override
    public SequencedMap<String, TensorType> results() {
      return program.results();
    }

    @Override
    public long workspaceBytes() {
      return program.workspaceBytes();
    }

    @Override
    public Workspace open(VariableStore store) {
      opened.incrementAndGet();
      return program.open(store);
    }
  }

  @Test
  void aRunThatFailsGivesItsWorkspaceBack() {
    Tensor ids = Tensor.input("ids", TensorType.of(DType.I32, 1));
    Tensor table = Tensor.constant(NDArray.of(Shape.of(3), 5f, 6f, 7f));
    Computation predict = new Computation("predict", Tensors.of("out", table.gather(ids)), List.of());
    AtomicInteger opened = new AtomicInteger();
    Map<String, NDArray> out = Map.of("out", NDArray.of(Shape.of(1), 0f));
    try (Backend backend = new ReferenceBackend();
        VariableStore store = backend.newStore();
        Predictor predictor = new Predictor(
            new Counting(backend.compile(predict), opened), Lookups.of(predict.graph()), store)) {
      for (int i = 0; i < 3; i++) {
        assertThatExceptionOfType(LookupException.class)
            .isThrownBy(() -> predictor.run(Map.of("ids", NDArray.of(Shape.of(1), 3)), out, 0, 1));
      }
      predictor.run(Map.of("ids", NDArray.of(Shape.of(1), 2)), out, 0, 1);
    }
    assertThat(out.get("out").item()).isEqualTo(7);
    assertThat(opened).hasValue(1);
  }
}
