package dev.ashlar.io.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Arithmetic.Operation;
import dev.ashlar.tensor.NDArray;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArithmeticTest {

  /** Each problem with its answer as text: the input, and behind it the last target. */
  private static List<String> problems(Arithmetic source) throws Exception {
    try (Dataset data = source.open()) {
      var problems = new ArrayList<String>();
      int length = data.columns().get("input").shape().dim(0);
      for (long row = 0; row < data.size(); row++) {
        Map<String, NDArray> batch = Map.of("input", NDArray.zeros(data.columns().get("input").withShape(
            data.columns().get("input").shape().insert(0, 1))), "target", NDArray.zeros(
            data.columns().get("target").withShape(data.columns().get("target").shape().insert(0, 1))));
        data.read(new long[] {row}, 1, batch);
        var input = batch.get("input").toInts();
        var target = batch.get("target").toInts();
        for (int i = 0; i < length - 1; i++) {
          assertThat(target[i]).isEqualTo(i <= 2 * source.digits() ? source.ignore() : input[i + 1]);
        }
        problems.add(IntStream.concat(IntStream.of(input), IntStream.of(target[length - 1]))
            .mapToObj(data.classes()::get).collect(Collectors.joining()));
      }
      return problems;
    }
  }

  private static void check(Arithmetic source, String sign) throws Exception {
    for (var problem : problems(source)) {
      var sides = problem.split("=");
      var numbers = sides[0].split("[-+*]");
      long a = Long.parseLong(numbers[0]);
      long b = Long.parseLong(numbers[1]);
      long answer = Long.parseLong(source.reversed() ? new StringBuilder(sides[1]).reverse().toString() : sides[1]);
      assertThat(answer).as(problem).isEqualTo(switch (sign) {
        case "+" -> a + b;
        case "-" -> a - b;
        default -> a * b;
      });
      assertThat(problem).contains(sign);
    }
  }

  @Test
  void answersAreRightAndNoProblemComesTwice() throws Exception {
    check(new Arithmetic(Operation.ADD, 2, 10_000, true, -100, 0), "+");
    check(new Arithmetic(Operation.ADD, 3, 500, false, -1, 1), "+");
    check(new Arithmetic(Operation.SUBTRACT, 2, 10_000, true, -100, 0), "-");
    check(new Arithmetic(Operation.MULTIPLY, 8, 300, true, -100, 0), "*");
    var all = problems(new Arithmetic(Operation.ADD, 2, 20_000, true, -100, 0));
    assertThat(all).hasSize(10_000).doesNotHaveDuplicates().contains("47+15=260", "99+99=891");
    assertThat(problems(new Arithmetic(Operation.SUBTRACT, 1, 1000, true, -100, 0))).hasSize(55);
    assertThat(problems(new Arithmetic(Operation.MULTIPLY, 7, 1000, true, -100, 0))).doesNotHaveDuplicates().hasSize(1000);
  }

  @Test
  void theSeedDrawsThem() throws Exception {
    var some = problems(new Arithmetic(Operation.ADD, 2, 100, true, -100, 0));
    assertThat(problems(new Arithmetic(Operation.ADD, 2, 100, true, -100, 0))).isEqualTo(some);
    assertThat(new HashSet<>(problems(new Arithmetic(Operation.ADD, 2, 100, true, -100, 1)))).isNotEqualTo(new HashSet<>(some));
    assertThatThrownBy(() -> new Arithmetic(Operation.ADD, 2, 100, true, 3, 0)).hasMessageContaining("below 0");
  }
}
