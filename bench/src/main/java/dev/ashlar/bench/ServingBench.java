package dev.ashlar.bench;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.MeanSquaredError;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import dev.ashlar.training.TrainingResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a prediction for one example takes, end to end, beside the model's program alone; and asking with a row by the
 * names of its columns: {@code ./ashlar java -cp .. dev.ashlar.bench.ServingBench}.
 */
final class ServingBench {

  private static final int ROUNDS = 9;
  private static final long NANOS = 2_700_000_000L;

  private ServingBench() {}

  public static void main(String[] arguments) throws Exception {
    try (Backend backend = Backends.open(Registry.discover())) {
      System.out.println(backend.describe());
      Block digits = Sequential.of(Dense.of(256)
          .withActivation(Activations.RELU), Dense.of(10));
      measure("10-5-1", Models.seed(), 10, 1, backend);
      measure("64-256-10", digits, 64, 10, backend);
      measure("784-512-512-10", Models.mlp(), 784, 10, backend);
    }
  }

  private static void measure(String name, Block block, int width, int outputs, Backend backend) throws Exception {
    float[] example = new float[width];
    Random random = new Random(1);
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < width; i++) {
      example[i] = (float) random.nextGaussian();
      row.put("x" + i, example[i]);
    }
    try (Runs program = new Runs(backend, Forward.of(block, TensorType.of(DType.F32, 1, width)), Map.of());
        TrainingResult trained = trained(block, width, outputs, backend)) {
      Model model = trained.model();
      model.warmUp(1);
      long start = System.nanoTime();
      model.predict(example);
      long first = System.nanoTime() - start;
      List<double[]> times = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) { // in turn, so that what disturbs one disturbs all
        times.add(new double[] {micros(program::run), micros(() -> model.predict(example)),
            micros(() -> model.ask(row))});
      }
      double alone = median(times, 0);
      double whole = median(times, 1);
      System.out.printf("%-16s program %.2f us, float[] to float[] %.2f us (%.2f times), row to answer %.2f us;"
          + " the first after warming up %.1f us%n", name, alone, whole, whole / alone, median(times, 2), first / 1e3);
    }
  }

  private static TrainingResult trained(Block block, int width, int outputs, Backend backend)
      throws IOException, InterruptedException {
    NDArray inputs = NDArray.zeros(TensorType.of(DType.F32, 64, width));
    Runs.fill(inputs, 0, new Random(2));
    int[] targets = IntStream.range(0, 64).map(i -> i % outputs).toArray();
    boolean isOfClasses = outputs > 1;
    NDArray target = isOfClasses ? NDArray.of(Shape.of(64), targets) : NDArray.zeros(TensorType.of(DType.F32, 64, 1));
    Dataset data = Datasets.of(Map.of(Batch.INPUT, inputs, Batch.TARGET, target),
        isOfClasses ? IntStream.range(0, outputs).mapToObj(i -> "c" + i).toList() : List.of(),
        IntStream.range(0, width).mapToObj(i -> "x" + i).toList());
    return new Trainer(backend).train(Task.of(block,
        isOfClasses ? new CrossEntropy() : new MeanSquaredError(), Adam.of(1e-3)),
        Examples.of(data), Settings.of(1, 64));
  }

  private static double micros(Runnable work) {
    long runs = 0;
    long start = System.nanoTime();
    long end = start + NANOS / ROUNDS;
    long now;
    do {
      for (int i = 0; i < 20; i++) {
        work.run();
      }
      runs += 20;
      now = System.nanoTime();
    } while (now < end);
    return (now - start) / 1e3 / runs;
  }

  private static double median(List<double[]> times, int column) {
    double[] sorted = times.stream().mapToDouble(t -> t[column]).sorted().toArray();
    return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
  }
}
