package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.transforms.Standardize;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model that many threads ask, while its weights are replaced, and while it is closed. */
class ServingTest {

  /** How long the threads ask; {@code -Dashlar.serving.seconds=30} for longer. */
  private static final double SECONDS = Double.parseDouble(System.getProperty("ashlar.serving.seconds", "4"));
  private static final int THREADS = 8;
  private static final int EXAMPLES = 600;
  private static final long MEGABYTE = 1 << 20;

  @TempDir
  private static Path folder;
  private static Path one;
  private static Path other;
  private static final float[][] examples = new float[EXAMPLES][4];

  @BeforeAll
  static void train() throws Exception {
    one = train(Fixtures.numbers(64), "one", 1);
    other = train(Fixtures.numbers(80), "other", 2);
    Random random = new Random(7);
    for (float[] example : examples) {
      for (int i = 0; i < example.length; i++) {
        example[i] = (float) random.nextGaussian();
      }
    }
  }

  private static Path train(Dataset data, String name, long seed) throws Exception {
    Path file = folder.resolve(name + ".safetensors");
    Task task = Fixtures.regression();
    try (Backend backend = Backends.open(Registry.discover());
        TrainingResult result = new Trainer(backend).train(
            task.withModel(new Architecture(List.of(new Standardize()), task.model())), Examples.of(data),
            Settings.of(3, 16).withSeed(seed))) {
      result.model().save(file);
    }
    return file;
  }

  private static float[] answers(Path file) throws Exception {
    try (Model model = Model.load(file)) {
      return flat(model.predict(examples));
    }
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = rows[i][0];
    }
    return all;
  }

  /** Every result has the bits of the one or of the other weights, whole batches too, and nothing grows. */
  @Test
  void manyThreadsAskWhileWeightsAreReplaced() throws Exception {
    float[] ofOne = answers(one);
    float[] ofOther = answers(other);
    assertThat(ofOne).isNotEqualTo(ofOther);
    AtomicLong predictions = new AtomicLong();
    AtomicLong replacements = new AtomicLong();
    AtomicLong seenOther = new AtomicLong();
    long end = System.nanoTime() + (long) (SECONDS * 1e9);
    try (Model model = Model.load(one); Model second = Model.load(other);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
      model.warmUp(1, 8, EXAMPLES);
      List<Callable<Void>> work = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(t);
        work.add(() -> {
          while (System.nanoTime() < end) {
            int count = random.nextInt(20) == 0 ? EXAMPLES : random.nextInt(4) == 0 ? 5 : 1;
            int from = random.nextInt(EXAMPLES - count + 1);
            float[][] asked = Arrays.copyOfRange(examples, from, from + count);
            float[] found = flat(random.nextBoolean() ? model.predict(asked)
                : rows(model.predict(array(asked)).toFloats()));
            boolean isOne = Arrays.equals(found, Arrays.copyOfRange(ofOne, from, from + count));
            boolean isOther = Arrays.equals(found, Arrays.copyOfRange(ofOther, from, from + count));
            assertThat(isOne || isOther).as("a result of one of the two models, whole").isTrue();
            seenOther.addAndGet(isOther ? 1 : 0);
            predictions.incrementAndGet();
          }
          return null;
        });
      }
      long[] before = new long[2];
      List<Long> course = new ArrayList<>();
      work.add(() -> {
        long warm = System.nanoTime() + (long) (SECONDS * 1e9 / 2);
        long look = System.nanoTime();
        for (int i = 0; System.nanoTime() < end; i++) {
          switch (i % 3) {
            case 0 -> model.replaceWeights(other);
            case 1 -> model.replaceWeights(one);
            default -> model.replaceWeights(second);
          }
          replacements.incrementAndGet();
          if (System.nanoTime() > look) {
            course.add(resident() / MEGABYTE);
            look += (long) (SECONDS * 1e8);
          }
          Thread.sleep(5);
          if (before[0] == 0 && System.nanoTime() > warm) {
            before[0] = heap();
            before[1] = resident();
          }
        }
        return null;
      });
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
      long heap = heap() - before[0];
      long resident = resident() - before[1];
      System.out.printf("%d threads, %.0f s: %d predictions, %d of the other weights, %d replacements; since half of"
              + " the time heap %+.1f MB, resident %+.1f MB; its course %s MB%n", THREADS, SECONDS, predictions.get(),
          seenOther.get(), replacements.get(), heap / (double) MEGABYTE, resident / (double) MEGABYTE, course);
      assertThat(predictions.get()).isGreaterThan(100);
      assertThat(seenOther.get()).isBetween(1L, predictions.get() - 1);
      assertThat(replacements.get()).isGreaterThan(3);
      assertThat(heap).as("growth of the heap").isLessThan(3 * MEGABYTE);
      assertThat(resident).as("growth of resident memory").isLessThan(32 * MEGABYTE);
    }
  }

  private static NDArray array(float[][] rows) {
    NDArray array = NDArray.of(Shape.of(rows.length, 4), new float[rows.length * 4]);
    for (int i = 0; i < rows.length; i++) {
      array.write(4L * i, rows[i]);
    }
    return array;
  }

  private static float[][] rows(float[] numbers) {
    float[][] rows = new float[numbers.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new float[] {numbers[i]};
    }
    return rows;
  }

  /** Of what is alive. */
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Of the process; 0 where the system does not tell. */
  private static long resident() throws java.io.IOException {
    Path statm = Path.of("/proc/self/statm");
    return Files.exists(statm) ? Long.parseLong(Files.readString(statm).split(" ")[1]) * 4096 : 0;
  }

  @Test
  void whatIsReplacedAnswersAsTheOtherModel() throws Exception {
    try (Model model = Model.load(one)) {
      float[] ofOther = answers(other);
      model.predict(examples);
      try (Model second = Model.load(other)) {
        model.replaceWeights(second);
      } // they were copied
      assertThat(flat(model.predict(examples))).isEqualTo(ofOther);
      model.replaceWeights(one);
      assertThat(flat(model.predict(examples))).isEqualTo(answers(one));
      Path again = folder.resolve("again.safetensors");
      model.save(again);
      assertThat(answers(again)).isEqualTo(answers(one));
    }
  }

  @Test
  void closingWaitsForPredictionsAndLaterOnesAreTold() throws Exception {
    float[] expected = answers(one);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 5; round++) {
        Model model = Model.load(one);
        List<Future<Integer>> asked = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          asked.add(threads.submit(() -> {
            int done = 0;
            try {
              while (true) {
                assertThat(flat(model.predict(examples))).isEqualTo(expected);
                done++;
              }
            } catch (IllegalStateException e) {
              assertThat(e).hasMessageContaining("the model is closed");
              return done;
            }
          }));
        }
        Thread.sleep(30);
        model.close();
        for (Future<Integer> one : asked) {
          assertThat(one.get()).isNotNegative();
        }
      }
    }
  }

  @Test
  void anInterruptEndsALongPredictionAndTheModelGoesOn() throws Exception {
    float[] expected = answers(one);
    float[][] many = new float[2_000_000][];
    Arrays.setAll(many, i -> examples[i % EXAMPLES]);
    try (Model model = Model.load(one)) {
      Throwable[] thrown = new Throwable[1];
      boolean[] still = new boolean[1];
      Thread thread = Thread.ofPlatform().start(() -> {
        try {
          model.predict(many);
        } catch (CancellationException e) {
          thrown[0] = e;
          still[0] = Thread.currentThread().isInterrupted();
        }
      });
      Thread.sleep(20);
      thread.interrupt();
      thread.join();
      assertThat(thrown[0]).isInstanceOf(CancellationException.class)
          .hasMessageMatching("interrupted after [0-9]+ of 2000000 examples");
      assertThat(still[0]).isTrue();
      assertThat(flat(model.predict(examples))).isEqualTo(expected);
    }
  }

  @Test
  void anInterruptEndsTrainingAndItsBackendGoesOn() throws Exception {
    float[] expected = answers(one);
    try (Backend backend = Backends.open(Registry.discover());
        Model model = Model.load(one, Registry.discover(), backend)) {
      TrainingListener interrupting = new TrainingListener() {
        @Override
        public void epoch(EpochReport report) {
          Thread.currentThread().interrupt();
        }
      };
      assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> new Trainer(backend, interrupting).train(
          Fixtures.regression(), Examples.of(Fixtures.numbers(64)), Settings.of(50, 16)));
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      assertThat(flat(model.predict(examples))).isEqualTo(expected);
    }
  }

  @Test
  void anApplicationsExecutorHelps() throws Exception {
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 512, 512));
    NDArray values = NDArray.zeros(x.type());
    for (long i = 0; i < values.size(); i++) {
      values.set(i, Math.sin(i));
    }
    Map<String, NDArray> arguments = Map.of("x", values);
    float[] expected;
    try (Backend alone = Cpu.defaults().withThreads(1).open()) {
      expected = alone.evaluate(x.matmul(x).exp(), arguments).toFloats();
    }
    try (ThreadPoolExecutor executor = (ThreadPoolExecutor) Executors.newFixedThreadPool(2)) {
      answers(one); // no thread of a backend that is closed stays
      long ours = threads();
      try (Backend backend = Cpu.defaults().withThreads(3).open(List.of(), executor);
          Model model = Model.load(one, Registry.discover(), backend)) {
        assertThat(flat(model.predict(examples))).isEqualTo(answers(one));
        for (int i = 0; i < 20; i++) {
          assertThat(backend.evaluate(x.matmul(x).exp(), arguments).toFloats()).isEqualTo(expected);
        }
        assertThat(executor.getTaskCount()).isPositive();
        assertThat(threads()).isEqualTo(ours);
        executor.shutdown(); // now the caller works alone
        assertThat(backend.evaluate(x.matmul(x).exp(), arguments).toFloats()).isEqualTo(expected);
      }
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("ashlar-cpu")).count();
  }
}
