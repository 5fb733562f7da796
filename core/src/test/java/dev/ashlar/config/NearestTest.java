package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> NAMES = List.of(
      "adam", "adamw", "batch_norm", "cross_entropy", "gelu", "learning_rate", "mean_squared_error", "relu", "sgd", "l1",
      "x");

  @ParameterizedTest
  @CsvSource({
      "'', '', 0", "abc, '', 3", "kitten, sitting, 3", "ab, ba, 1", "abcd, acbd, 1", "ca, abc, 3",
      "relu, relu, 0"})
  void distancesCountSwapsAsOne(String a, String b, int distance) {
    assertThat(Nearest.distance(a, b)).isEqualTo(distance);
    assertThat(Nearest.distance(b, a)).isEqualTo(distance);
  }

  @ParameterizedTest
  @CsvSource({
      "leraning_rate, learning_rate", "learningRate, learning_rate", "learning-rate, learning_rate",
      "LearningRate, learning_rate", "BatchNorm, batch_norm", "crossentropy, cross_entropy", "rleu, relu",
      "SGD, sgd", "adammw, adamw", "adm, adam", "batchnrom, batch_norm", "reloo, relu", "batch, batch_norm",
      "cross, cross_entropy", "learn, learning_rate", "mse, mean_squared_error", "lr, learning_rate", "relu_layer, relu", "MSE, mean_squared_error"})
  void theNearestNameIsFound(String typed, String meant) {
    assertThat(Nearest.name(typed, NAMES)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({"l2", "y", "transformer", "softmax", "''", "rate", "re", "relational", "bat_house"})
  void nothingFarIsSuggested(String typed) {
    assertThat(Nearest.name(typed, NAMES)).isEmpty();
  }

  @Test
  void aHugeNameCostsLittle() {
    assertThat(Nearest.name("x".repeat(1_000_000), NAMES)).isEmpty();
  }
}
