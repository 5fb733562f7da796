package dev.ashlar.optimizers.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.model.Schedule;
import dev.ashlar.optimizers.Sgd;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.testkit.ExpectedNumbers;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SchedulesTest {

  private static final Offset<Double> F32 = within(1e-6);

  private static double at(Schedule schedule, int step, long total) {
    Tensor value = schedule.at(new Schedule.Progress(Tensor.scalar(DType.I32, step), total));
    assertThat(value.type().toString()).isEqualTo("f32[]");
    return Reference.evaluate(value).item();
  }

  @Test
  void a_constant_stays() {
    assertThat(at(new Constant(0.25), 0, 10)).isEqualTo(0.25);
    assertThat(at(new Constant(0.25), 1_000_000, 10)).isEqualTo(0.25);
  }

  @Test
  void a_cosine_rises_to_its_peak_and_falls_to_its_floor() {
    Cosine cosine = new Cosine(1, 4, 0.1);
    assertThat(at(cosine, 0, 104)).isCloseTo(0.2, F32);
    assertThat(at(cosine, 3, 104)).isCloseTo(0.8, F32);
    assertThat(at(cosine, 4, 104)).isCloseTo(1, F32);
    assertThat(at(cosine, 29, 104)).isCloseTo(0.1 + 0.9 * (1 + Math.sqrt(0.5)) / 2, F32);
    assertThat(at(cosine, 54, 104)).isCloseTo(0.55, F32);
    assertThat(at(cosine, 104, 104)).isCloseTo(0.1, F32);
    assertThat(at(cosine, 500, 104)).isCloseTo(0.1, F32);
  }

  @Test
  void a_line_rises_to_its_peak_and_falls_to_its_floor() {
    Linear linear = new Linear(1, 4, 0.2);
    assertThat(at(linear, 1, 104)).isCloseTo(0.4, F32);
    assertThat(at(linear, 4, 104)).isCloseTo(1, F32);
    assertThat(at(linear, 54, 104)).isCloseTo(0.6, F32);
    assertThat(at(linear, 200, 104)).isCloseTo(0.2, F32);
  }

  @Test
  void without_warm_up_the_peak_comes_first() {
    assertThat(at(new Cosine(0.5, 0, 0), 0, 10)).isCloseTo(0.5, F32);
    assertThat(at(new Linear(0.5, 0, 0), 5, 10)).isCloseTo(0.25, F32);
  }

  @Test
  void another_schedule_is_small_at_first() {
    WarmUp warm = new WarmUp(3, new Step(1, 4, 0.5));
    assertThat(at(warm, 0, 20)).isCloseTo(0.25, F32);
    assertThat(at(warm, 2, 20)).isCloseTo(0.75, F32);
    assertThat(at(warm, 3, 20)).isCloseTo(1, F32);
    assertThat(at(warm, 4, 20)).isCloseTo(0.5, F32);
  }

  /** The learning rate of 20 steps is that of PyTorch; torch_numbers.py wrote the numbers. */
  @Test
  void they_are_those_of_pytorch() {
    Map<String, ExpectedNumbers> cases = ExpectedNumbers.read(Sgd.class, "torch_numbers.txt");
    Map<String, Schedule> schedules = Map.of("step", new Step(0.5, 6, 0.3), "exponential", new Exponential(0.5, 0.9),
        "polynomial", new Polynomial(0.5, 2, 0), "cosine", new Cosine(0.5, 0, 0.1), "linear", new Linear(0.5, 0, 0.1));
    schedules.forEach((name, schedule) -> check(name, schedule, cases, 20));
    check("multi_step", new MultiStep(0.5, List.of(3, 10, 11), 0.4), cases, 20);
    check("cosine_restarts", new CosineRestarts(0.5, 3, 2, 0.1), cases, 20);
    check("cosine_restarts_alike", new CosineRestarts(0.5, 6, 1, 0), cases, 20);
    check("warm_up", new WarmUp(3, new Exponential(0.5, 0.9)), cases, 20);
    check("inverse_sqrt", new InverseSqrt(0.5, 4), cases, 20);
    check("one_cycle", new OneCycle(0.5, 0.3, 25, 1e4), cases, 21);
  }

  private static void check(String name, Schedule schedule, Map<String, ExpectedNumbers> cases, long total) {
    NDArray expected = cases.get("schedule_" + name).get("values");
    for (int step = 0; step < expected.size(); step++) {
      assertThat(at(schedule, step, total)).as("%s at step %d", name, step).isCloseTo(expected.get(step), F32);
    }
  }

  @Test
  void a_way_down_ends_below_where_it_begins() {
    assertThatThrownBy(() -> new Cosine(0.01, 5, 0.1))
        .hasMessage("floor: found the number 0.1, expected at most 'peak', which is 0.01");
    assertThatThrownBy(() -> new Plateau(0.01, 0.1, 3, 0, 0, 0.1)).hasMessageContaining("at most 'initial'");
    assertThatThrownBy(() -> Sgd.of(0.1).withNesterov(0))
        .hasMessage("nesterov: found true, without momentum, expected a momentum to look ahead along; add one:"
            + " 'momentum: 0.9'");
  }

  @Test
  void a_run_shorter_than_its_warm_up_is_no_mistake() {
    assertThat(at(new Cosine(1, 10, 0), 3, 5)).isCloseTo(4 / 11.0, F32);
    assertThat(at(new Cosine(1, 10, 0), 12, 5)).isCloseTo(0, F32);
  }
}
