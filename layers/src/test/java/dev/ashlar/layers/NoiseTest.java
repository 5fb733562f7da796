package dev.ashlar.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.model.Mode;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.testkit.Trial;
import dev.ashlar.testkit.Values;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoiseTest {

  @Test
  void wholeChannelsAreDroppedAndTheOthersScaledUp() {
    NDArray x = Values.normal(TensorType.of(DType.F64, 40, 50, 2, 3), 1);

    NDArray y = Trial.of(new SpatialDropout(0.25), Mode.TRAINING, DType.F64, Map.of("x", x)).evaluate().get("x");

    int dropped = 0;
    for (int channel = 0; channel < 2000; channel++) {
      boolean zero = y.get(6L * channel) == 0;
      dropped += zero ? 1 : 0;
      for (int i = 0; i < 6; i++) {
        long at = 6L * channel + i;
        assertThat(y.get(at)).isEqualTo(zero ? 0 : x.get(at) * (1 / 0.75));
      }
    }
    assertThat(dropped / 2000.0).isBetween(0.21, 0.29);
  }

  @Test
  void noiseHasTheDeviationAskedFor() {
    NDArray x = NDArray.zeros(TensorType.of(DType.F32, 100, 100));

    NDArray y = Trial.of(new GaussianNoise(0.3), Mode.TRAINING, DType.F32, Map.of("x", x)).evaluate().get("x");

    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 10_000; i++) {
      sum += y.get(i);
      squares += y.get(i) * y.get(i);
    }
    assertThat(sum / 10_000).isBetween(-0.015, 0.015);
    assertThat(Math.sqrt(squares / 10_000)).isBetween(0.29, 0.31);
  }
}
