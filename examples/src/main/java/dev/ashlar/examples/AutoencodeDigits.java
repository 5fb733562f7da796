package dev.ashlar.examples;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Csv;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.transforms.Divide;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Loss;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.training.Architecture;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An autoencoder: digits of 64 pixels go through 8 numbers and come out again, {@code AutoencodeDigits digits.csv}. It
 * learns from the digits 0 to 8 alone, and without being told which is which: the loss compares the output with the
 * input.
 *
 * <p>Look at the mean squared error of pixels: of digits that it has not seen it is a fraction of their variance, which
 * is what the mean image would leave; of nines it is larger, since none was there to learn from.
 */
final class AutoencodeDigits {

  /** How dark a pixel can be in the table. */
  private static final int DARKEST = 16;

  /**
   * Mean squared errors of pixels from 0 to 1.
   *
   * @param known of digits of the kinds that it learnt from, but not these
   * @param strange of a kind that it has never seen
   * @param variance of the first: the error of their mean image
   */
  record Errors(double known, double strange, double variance) {}

  public static void main(String[] arguments) throws Exception {
    var errors = errors(Path.of(arguments[0]));
    System.out.printf("mean squared error of pixels: %.4f of digits like those learnt, %.4f of nines,"
        + " %.4f by the mean image%n", errors.known(), errors.strange(), errors.variance());
  }

  static Errors errors(Path file) throws Exception {
    var network = Sequential.of(
        Dense.of(48).withActivation(Activations.RELU), Dense.of(8),
        Dense.of(48).withActivation(Activations.RELU), Dense.of(64).withActivation(Activations.SIGMOID));
    // A loss is a function: this one looks at no target.
    Loss likeTheInput = (outputs, batch) ->
        batch.mean(outputs.first().sub(batch.columns().get(Batch.INPUT).div(DARKEST)).square());
    var task = Task.of(new Architecture(List.of(new Divide(DARKEST)), network), likeTheInput, Adam.of(3e-3));
    try (var digits = Csv.of(file).withLabel("label").open();
        var backend = Backends.open(Registry.discover())) {
      var labels = column(digits, Batch.TARGET).toInts();
      var known = Datasets.subset(digits, positions(labels, false));
      var parts = Datasets.split(known, 1, 0.8);
      try (var result = new Trainer(backend).train(task, Examples.of(parts.get(0)), Settings.of(60, 64))) {
        var unseen = column(parts.get(1), Batch.INPUT);
        var nines = column(Datasets.subset(digits, positions(labels, true)), Batch.INPUT);
        return new Errors(error(result.model(), unseen), error(result.model(), nines), variance(unseen));
      }
    }
  }

  private static long[] positions(int[] labels, boolean nines) {
    return LongStream.range(0, labels.length).filter(i -> labels[(int) i] == 9 == nines).toArray();
  }

  /** All that a column holds, [examples, ..]. */
  static NDArray column(Dataset data, String name) throws Exception {
    int size = (int) data.size();
    var type = data.columns().get(name);
    var all = NDArray.zeros(type.withShape(Shape.of(size).concat(type.shape())));
    data.read(LongStream.range(0, size).toArray(), size, Map.of(name, all));
    return all;
  }

  private static double error(Model model, NDArray digits) {
    float[] given = digits.toFloats();
    float[] made = model.predict(digits).toFloats();
    return IntStream.range(0, given.length)
        .mapToDouble(i -> given[i] / DARKEST - made[i]).map(error -> error * error).average().orElseThrow();
  }

  private static double variance(NDArray digits) {
    float[] given = digits.toFloats();
    int width = digits.shape().dim(1);
    double[] means = new double[width];
    for (int i = 0; i < given.length; i++) {
      means[i % width] += given[i] / digits.shape().dim(0);
    }
    return IntStream.range(0, given.length)
        .mapToDouble(i -> (given[i] - means[i % width]) / DARKEST).map(error -> error * error).average().orElseThrow();
  }
}
