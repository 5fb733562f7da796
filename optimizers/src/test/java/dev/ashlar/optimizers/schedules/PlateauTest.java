package dev.ashlar.optimizers.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.model.Precision;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Trace;
import dev.ashlar.optimizers.OptimizersPlugin;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlateauTest {

  private static final Map<String, ExpectedNumbers> CASES =
      ExpectedNumbers.read(OptimizersPlugin.class, "torch_numbers.txt");

  /** The values at two updates after each measure. */
  private static List<Double> values(Schedule schedule, double[] measures) {
    Trace trace = Trace.training(Precision.F32, 100);
    // Asked twice, as by two parameters.
    Tensors values = Tensors.of("a", schedule.at(trace.progress()), "b", schedule.at(trace.progress()));
    assertThat(trace.variables()).filteredOn(v -> v.name().endsWith(".value")).as("memories").hasSize(1);
    trace.step().set(trace.step().value().add(1));
    List<Double> found = new ArrayList<>();
    try (ReferenceBackend backend = new ReferenceBackend(true); VariableStore store = backend.newStore()) {
      backend.compile(Computation.initialize(trace.variables()))
          .run(store, Map.of(Trace.SEED, NDArray.of(Shape.of(2), 1, 2)));
      Program step = backend.compile(new Computation("step", values, trace.variables()));
      for (int i = 0; i < measures.length; i++) {
        store.write(Trace.LATEST, NDArray.scalar(DType.F32, measures[i]));
        store.write(Trace.MEASUREMENTS, NDArray.scalar(DType.I32, i + 1));
        found.add(step.run(store, Map.of()).get("a").item());
        found.add(step.run(store, Map.of()).get("a").item());
      }
    }
    return found;
  }

  private static void check(String name, Plateau plateau, double sign) {
    double[] measures = CASES.get(name).get("measures").toDoubles();
    List<Double> found = values(plateau, java.util.Arrays.stream(measures).map(m -> m * sign).toArray());
    double[] expected = CASES.get(name).get("values").toDoubles();
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as(name + " after measure " + (i / 2 + 1)).isCloseTo(expected[i / 2], within(1e-7));
    }
    assertThat(found.getLast()).isLessThan(found.getFirst());
  }

  /** torch_numbers.py wrote the numbers. */
  @Test
  void values_are_those_of_pytorch() {
    check("plateau", new Plateau(0.5, 0.1, 2, 1e-4, 0, 0), 1);
    check("plateau_cooldown", new Plateau(0.5, 0.5, 1, 0.05, 2, 0.02), 1);
  }

  /** Larger is better there: the host turns the sign, and so does the script. */
  @Test
  void a_share_of_a_negative_measure_is_a_margin_too() {
    check("plateau_largest", new Plateau(0.5, 0.5, 0, 1e-4, 0, 0), -1);
    assertThat(values(new Plateau(0.5, 0.5, 0, 0.5, 0, 0), new double[] {-1, -1.4, -1.6}))
        .containsExactly(0.5, 0.5, 0.25, 0.25, 0.25, 0.25);
  }

  @Test
  void where_nobody_measures_it_stays() {
    Tensor value = Plateau.of(0.25).at(new Schedule.Progress(Tensor.scalar(DType.I32, 3), 10));
    assertThat(value.eval().item()).isEqualTo(0.25);
    assertThat(values(new WarmUp(3, Plateau.of(1)), new double[] {1, 0.5})).containsExactly(0.25, 0.5, 0.75, 1.0);
  }
}
