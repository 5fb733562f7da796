package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.program.Backend;
import dev.ashlar.reference.ReferenceBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ExaminationTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  /** The positions that were looked at, of so many examples. */
  private static List<Long> seen(int examples, long most, Duration longest) throws Exception {
    List<Long> seen = new ArrayList<>();
    Examples all = Examples.of(Fixtures.numbers(examples));
    try (Backend backend = new ReferenceBackend();
        TrainingResult trained = new Trainer(backend, TrainingListener.SILENT)
            .train(Fixtures.regression(), all, Settings.of(1, 16))) {
      Task task = Fixtures.regression().withModel(trained.model().block());
      new Examination(task, trained.model(), all.train(), 8).run(most, longest, (positions, count, losses, outputs, columns) ->
          Arrays.stream(positions).limit(count).forEach(seen::add));
    }
    return seen;
  }

  @Test
  void eachExampleIsLookedAtOnce() throws Exception {
    for (int examples : new int[] {1, 2, 7, 40, 100}) {
      assertThat(seen(examples, 1000, LONG)).containsExactlyInAnyOrderElementsOf(
          LongStream.range(0, examples).boxed().toList());
    }
  }

  @Test
  void soManyAreEvenlyTaken() throws Exception {
    assertThat(seen(100, 20, LONG)).containsExactlyInAnyOrderElementsOf(
        LongStream.range(0, 20).map(i -> 5 * i).boxed().toList());
  }

  /** There is time for one batch, which is taken from all over. */
  @Test
  void thereMayBeNoTimeForAll() throws Exception {
    List<Long> seen = seen(100, 100, Duration.ZERO);
    assertThat(seen).hasSize(8);
    List<Long> sorted = seen.stream().sorted().toList();
    assertThat(sorted.getFirst()).isLessThan(25);
    assertThat(sorted.getLast()).isGreaterThan(75);
    for (int i = 1; i < sorted.size(); i++) {
      assertThat(sorted.get(i) - sorted.get(i - 1)).as(sorted.toString()).isBetween(4L, 25L);
    }
  }
}
