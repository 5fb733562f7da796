package dev.ashlar.examples;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Csv;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.training.Backends;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * A variational autoencoder (Kingma and Welling, 2014) that learns to draw digits: {@code TrainVae digits.csv}. The
 * encoder tells a mean and a deviation for each of 6 hidden numbers, the decoder draws from a sample of them, and the
 * loss is what the drawing lacks and how far the hidden numbers are from standard normal ones. So the decoder alone,
 * given noise, draws digits that nobody wrote: a second program over the same parameters.
 *
 * <p>Look at the drawings, and at how near they are to some written digit: as near as written ones are to each other,
 * where each pixel for itself by chance is far away. The divergence must stay well above 0 (a decoder that does not
 * listen to the encoder would make it 0).
 */
final class TrainVae {

  private static final int BATCH = 64;
  private static final int HIDDEN = 6;
  private static final int PIXELS = 64;
  private static final double DARKEST = 16;
  private static final TensorType IMAGES = TensorType.of(DType.F32, BATCH, PIXELS);
  private static final TensorType CODES = TensorType.of(DType.F32, BATCH, HIDDEN);

  private static final Layer ENCODER =
      Sequential.of(Dense.of(128).withActivation(Activations.RELU), Dense.of(2 * HIDDEN));
  private static final Layer DECODER = Sequential.of(
      Dense.of(128).withActivation(Activations.RELU), Dense.of(PIXELS).withActivation(Activations.SIGMOID));

  /**
   * What was learnt.
   *
   * @param divergence of the hidden numbers from standard normal ones, in nats for an image
   * @param drawn distance of drawings to the nearest written digit, in the mean
   * @param written the same of written digits to the nearest other one
   * @param chance the same of images whose pixels are taken from different digits
   * @param drawings [images, pixels], from 0 to 1
   */
  record Outcome(double divergence, double drawn, double written, double chance, NDArray drawings) {}

  public static void main(String[] arguments) throws Exception {
    var outcome = train(Path.of(arguments[0]), 60);
    for (int row = 0; row < 8; row++) {
      var line = new StringBuilder();
      for (int image = 0; image < 8; image++) {
        for (int column = 0; column < 8; column++) {
          line.append(" .:*#".charAt((int) (4.99 * outcome.drawings().get(PIXELS * image + 8 * row + column))));
        }
        line.append("  ");
      }
      System.out.println(line);
    }
    System.out.printf("distance to the nearest written digit: %.2f drawn, %.2f written, %.2f by chance%n",
        outcome.drawn(), outcome.written(), outcome.chance());
    System.out.printf("divergence of the hidden numbers: %.1f nats for an image%n", outcome.divergence());
  }

  static Outcome train(Path file, int epochs) throws Exception {
    var random = new Random(1);
    var step = step();
    try (var digits = Csv.of(file).withLabel("label").open();
        var backend = Backends.open(Registry.discover());
        var store = backend.newStore()) {
      Training.initialize(store, backend, 1, step);
      double divergence = 0;
      try (var learning = backend.compile(step).open(store)) {
        for (long i = 0; i < epochs * digits.size() / BATCH; i++) {
          digits.read(random.longs(BATCH, 0, digits.size()).toArray(), BATCH,
              Map.of(Batch.INPUT, learning.argument("images")));
          learning.run();
          divergence = learning.result("divergence").item();
        }
      }
      return outcome(divergence, drawings(backend, store, random), digits, random);
    }
  }

  private static Computation step() {
    var trace = Trace.training(Precision.F32, 1);
    Tensor images = Tensor.input("images", IMAGES).div(DARKEST);
    var told = trace.root().call("vae.encoder", ENCODER, images).split(2, 1);
    Tensor mean = told.get(0);
    Tensor logVariance = told.get(1);
    Tensor noise = trace.root().key("noise").normal(CODES);
    Tensor code = mean.add(logVariance.mul(0.5).exp().mul(noise)); // [batch, hidden]: differentiable in both
    Tensor drawn = trace.root().call("vae.decoder", DECODER, code);

    // Pixels that scatter around what is drawn with a deviation of 0.2.
    Tensor lacking = drawn.sub(images).square().sum(1).div(2 * 0.2 * 0.2).mean();
    Tensor divergence = mean.square().add(logVariance.exp()).sub(logVariance).sub(1).sum(1).mul(0.5).mean();
    var update = Training.step("vae", lacking.add(divergence), Adam.of(2e-3), trace);
    return new Computation(update.name(), update.results().with("divergence", divergence), update.variables());
  }

  private static NDArray drawings(Backend backend, VariableStore store, Random random) {
    var trace = Trace.inference(Precision.F32);
    Tensor drawn = trace.root().call("vae.decoder", DECODER, Tensor.input("code", CODES));
    var codes = NDArray.zeros(CODES);
    for (int i = 0; i < codes.size(); i++) {
      codes.set(i, random.nextGaussian());
    }
    return backend.compile(new Computation("draw", Tensors.of("drawn", drawn), trace.variables()))
        .run(store, Map.of("code", codes)).get("drawn");
  }

  // ---------------------------------------------------------------- measuring

  private static Outcome outcome(double divergence, NDArray drawings, Dataset digits, Random random) throws Exception {
    float[] written = AutoencodeDigits.column(digits, Batch.INPUT).toFloats();
    double[] drawn = new double[BATCH * PIXELS];
    double[] mixed = new double[drawn.length];
    double[] others = new double[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = drawings.get(i) * DARKEST;
      mixed[i] = written[random.nextInt((int) digits.size()) * PIXELS + i % PIXELS];
      others[i] = written[i];
    }
    return new Outcome(divergence, distance(drawn, written, 0), distance(others, written, BATCH),
        distance(mixed, written, 0), drawings);
  }

  /** From each image to the nearest written digit of those behind the first few, in the mean. */
  private static double distance(double[] images, float[] written, int skipped) {
    double sum = 0;
    for (int image = 0; image < BATCH; image++) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int other = skipped; other < written.length / PIXELS; other++) {
        double square = 0;
        for (int i = 0; i < PIXELS; i++) {
          double difference = (images[image * PIXELS + i] - written[other * PIXELS + i]) / DARKEST;
          square += difference * difference;
        }
        nearest = Math.min(nearest, square);
      }
      sum += Math.sqrt(nearest);
    }
    return sum / BATCH;
  }
}
