package dev.ashlar.examples;

import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.training.Backends;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A generative adversarial network (Goodfellow et al., 2014) that learns to throw points onto a ring: {@code TrainGan}.
 * The discriminator learns to tell real points from made ones, the generator to pass for real. Each has its own
 * optimizer and its own program; both programs run over one store, where parameters go by the same names.
 *
 * <p>Look at the made points: nearly all lie on the ring, and all around it. One that has found a single place where
 * it passes (mode collapse) would leave sectors empty.
 */
final class TrainGan {

  private static final int BATCH = 256;
  private static final TensorType NOISE = TensorType.of(DType.F32, BATCH, 2);
  private static final TensorType POINTS = TensorType.of(DType.F32, BATCH, 2);

  private static final Layer GENERATOR = Sequential.of(
      Dense.of(64).withActivation(Activations.RELU), Dense.of(64).withActivation(Activations.RELU), Dense.of(2));
  private static final Layer DISCRIMINATOR = Sequential.of(
      Dense.of(64).withActivation(Activations.RELU), Dense.of(64).withActivation(Activations.RELU), Dense.of(1));
  private static final Adam OPTIMIZER = Adam.of(1e-3).withBetas(0.5, 0.99);

  public static void main(String[] arguments) {
    NDArray made = train(3000);
    System.out.printf("%.0f %% of the points are on the ring, in %d of 12 sectors%n",
        100 * shareOnRing(made), sectors(made));
  }

  /** Points from a generator that was trained for so many steps. */
  static NDArray train(int steps) {
    var random = new Random(1);
    var teaching = discriminatorStep();
    var making = generatorStep();
    try (var backend = Backends.open(Registry.discover()); var store = backend.newStore()) {
      Training.initialize(store, backend, 1, teaching);
      Training.initialize(store, backend, 1, making);
      try (var discriminator = backend.compile(teaching).open(store);
          var generator = backend.compile(making).open(store)) {
        for (int i = 0; i < steps; i++) {
          fillWithRing(discriminator.argument("real"), random);
          discriminator.run();
          generator.run();
        }
      }
      NDArray noise = NDArray.of(NOISE.shape(), floats(random, BATCH * 2));
      return backend.compile(points()).run(store, Map.of("noise", noise)).get("points");
    }
  }

  private static Computation discriminatorStep() {
    var trace = Trace.training(Precision.F32, 1);
    Tensor made = generated(trace).detach();
    Tensor onReal = trace.root().call("discriminator", DISCRIMINATOR, Tensor.input("real", POINTS));
    Tensor onMade = trace.root().again("discriminator").apply(DISCRIMINATOR, made);
    Tensor loss = softplus(onReal.neg()).mean().add(softplus(onMade).mean());
    return Training.step("discriminator", loss, OPTIMIZER, trace);
  }

  private static Computation generatorStep() {
    var trace = Trace.training(Precision.F32, 1);
    Tensor onMade = trace.root().call("discriminator", DISCRIMINATOR, generated(trace));
    return Training.step("generator", softplus(onMade.neg()).mean(), OPTIMIZER, trace);
  }

  private static Computation points() {
    var trace = Trace.inference(Precision.F32);
    Tensor made = trace.root().call("generator", GENERATOR, Tensor.input("noise", NOISE));
    return new Computation("points", Tensors.of("points", made), trace.variables());
  }

  /** Noise differs from step to step: the key knows the count of steps, which is a variable. */
  private static Tensor generated(Trace trace) {
    return trace.root().call("generator", GENERATOR, trace.root().key("noise").normal(NOISE));
  }

  /** log(1 + exp(x)), without overflow: the cross-entropy of a score. */
  private static Tensor softplus(Tensor x) {
    return Functions.relu(x).add(x.abs().neg().exp().log1p());
  }

  // ---------------------------------------------------------------- points

  private static void fillWithRing(NDArray points, Random random) {
    for (int i = 0; i < BATCH; i++) {
      double angle = 2 * Math.PI * random.nextDouble();
      double radius = 1 + 0.05 * random.nextGaussian();
      points.set(2 * i, radius * Math.cos(angle));
      points.set(2 * i + 1, radius * Math.sin(angle));
    }
  }

  private static float[] floats(Random random, int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Points no further from the ring than four deviations of the real ones. */
  static double shareOnRing(NDArray points) {
    return radii(points).filter(radius -> Math.abs(radius - 1) < 0.2).count() / (double) BATCH;
  }

  private static DoubleStream radii(NDArray points) {
    return IntStream.range(0, BATCH)
        .mapToDouble(i -> Math.hypot(points.get(2 * i), points.get(2 * i + 1)));
  }

  /** How many twelfths of the circle hold points. */
  static int sectors(NDArray points) {
    return (int) IntStream.range(0, BATCH)
        .map(i -> (int) Math.floor(6 * (1 + Math.atan2(points.get(2 * i + 1), points.get(2 * i)) / Math.PI)))
        .map(sector -> Math.min(sector, 11)).distinct().count();
  }
}
