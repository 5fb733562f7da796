package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ExamplesTest {

  private final Dataset data =
      Datasets.of(Map.of("input", NDArray.of(Shape.of(10), IntStream.range(0, 10).toArray())));

  @Test
  void everyExampleIsInOnePart() throws Exception {
    Examples examples = Examples.of(data, new Split(0.2, 0.3, true, 5));
    assertThat(examples.parts().keySet()).containsExactly("train", "validation", "test");
    int[] train = values(examples.train());
    int[] validation = values(examples.validation().orElseThrow());
    int[] test = values(examples.test().orElseThrow());
    assertThat(new int[] {train.length, validation.length, test.length}).containsExactly(5, 3, 2);
    assertThat(IntStream.concat(IntStream.concat(Arrays.stream(train), Arrays.stream(validation)), Arrays.stream(test))
        .sorted().toArray()).containsExactly(IntStream.range(0, 10).toArray());
    assertThat(values(Examples.of(data, new Split(0.2, 0.3, true, 5)).train())).containsExactly(train);
  }

  @Test
  void withoutChanceTheLastAreSetApart() throws Exception {
    Examples examples = Examples.of(data, new Split(0.2, 0.1, false, 0));
    assertThat(values(examples.train())).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(values(examples.validation().orElseThrow())).containsExactly(7);
    assertThat(values(examples.test().orElseThrow())).containsExactly(8, 9);
  }

  @Test
  void someMustBeLeftToLearnFrom() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Split(0.6, 0.4, true, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Examples.of(Datasets.subset(data, 1), new Split(0.5, 0, false, 0)));
  }

  private static int[] values(Dataset part) throws Exception {
    int size = (int) part.size();
    NDArray values = NDArray.of(Shape.of(size), new int[size]);
    part.read(LongStream.range(0, size).toArray(), size, Map.of("input", values));
    return values.toInts();
  }
}
