package dev.ashlar.testkit;

import dev.ashlar.model.Callback;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The promises of {@link CallbackContract}, for one callback. */
record CallbackChecks(Callback callback) {

  private static final int EPOCHS = 12;
  private static final int STEPS = 5;
  private static final String LOSS = "loss";

  /** How the loss goes from epoch to epoch. */
  private interface Course {
    double loss(int epoch);
  }

  private static final Course VALLEY = epoch -> 1 + Math.abs(epoch - 4) * 0.1;

  void hears() {
    for (Course course : List.<Course>of(VALLEY, epoch -> 1.0 / epoch, epoch -> epoch, epoch -> 0,
        epoch -> epoch > 3 ? Double.NaN : 1, epoch -> Double.POSITIVE_INFINITY)) {
      new Run(callback, course).epochs(1, EPOCHS).end();
    }
  }

  /** Two runs at a time do not feel each other. */
  void begins() {
    List<String> alone = new Run(callback, VALLEY).epochs(1, EPOCHS).asked;
    Run one = new Run(callback, VALLEY);
    Run other = new Run(callback, epoch -> epoch);
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      one.epochs(epoch, epoch);
      other.epochs(epoch, epoch);
    }
    if (!one.asked.isEmpty() && alone.isEmpty() || one.asked.size() != alone.size()) {
      throw new AssertionError("beside another run it asks for " + one.asked + ", alone for " + alone
          + ": keep what lasts during a run in the watcher, not in the callback");
    }
  }

  void measures() {
    if (callback.measures().stream().anyMatch(measure -> measure == null || measure.isBlank())) {
      throw new AssertionError("measures() gives " + callback.measures() + ": name 'loss' or metrics");
    }
  }

  void scales() {
    Run run = new Run(callback, VALLEY).epochs(1, EPOCHS);
    if (!callback.scalesUpdates() && run.asked.stream().anyMatch(line -> line.contains("scale"))) {
      throw new AssertionError("it scales updates, and scalesUpdates() is false");
    }
  }

  void averages() {
    callback.averaging().ifPresent(memory -> {
      long total = 40;
      Trace trace = Trace.training(Precision.F32, total);
      Tensor value = memory.at(trace.progress());
      if (!value.type().equals(TensorType.of(DType.F32))) {
        throw new AssertionError("averaging() gives a memory of type " + value.type() + ", not an f32 scalar");
      }
      for (int step = 0; step < total; step++) {
        double share = Reference.evaluate(value, Map.of(Trace.STEP, NDArray.scalar(DType.I32, step))).item();
        if (!(share >= 0 && share <= 1)) {
          throw new AssertionError("at step " + step + " the memory is " + share + ", not from 0 to 1");
        }
      }
    });
  }

  void repeats() {
    List<String> first = new Run(callback, VALLEY).epochs(1, EPOCHS).asked;
    List<String> second = new Run(callback, VALLEY).epochs(1, EPOCHS).asked;
    if (!first.equals(second)) {
      throw new AssertionError("of two equal runs it asks for " + first + " and for " + second
          + ": go by what is heard alone, or override goByWhatTheyHear()");
    }
  }

  /** Wherever a run is cut, the two parts ask for what the whole asks for. */
  void resumes() {
    List<String> whole = new Run(callback, VALLEY).epochs(1, EPOCHS).asked;
    for (int cut = 1; cut < EPOCHS; cut++) {
      Run before = new Run(callback, VALLEY).epochs(1, cut);
      Run after = new Run(callback, VALLEY);
      int begun = after.asked.size();
      after.watcher.restore(new LinkedHashMap<>(before.watcher.state()));
      after.epochs(cut + 1, EPOCHS);
      List<String> both = new ArrayList<>(before.asked);
      both.addAll(after.asked.subList(begun, after.asked.size()));
      if (!both.equals(whole)) {
        throw new AssertionError("resumed after epoch " + cut + ", it asks for " + both + ", in one go for " + whole
            + ": give all that the watcher remembers in state(), and take it in restore()");
      }
    }
  }

  /** A run that is made up. */
  private static final class Run implements Callback.Run {
    private final List<String> asked = new ArrayList<>();
    private final Callback callback;
    private final Course course;
    private final Callback.Watcher watcher;
    private long step;

    Run(Callback callback, Course course) {
      this.callback = callback;
      this.course = course;
      this.watcher = callback.begin(this);
    }

    Run epochs(int from, int to) {
      step = (from - 1L) * STEPS;
      for (int epoch = from; epoch <= to; epoch++) {
        for (int i = 0; i < STEPS; i++) {
          step++;
          watcher.step(step, course.loss(epoch) + 0.01 * i);
        }
        SequencedMap<String, SequencedMap<String, Double>> metrics = new LinkedHashMap<>();
        for (String part : List.of("train", "validation")) {
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          values.put(LOSS, course.loss(epoch));
          callback.measures().forEach(measure -> values.putIfAbsent(measure, 0.5));
          metrics.put(part, values);
        }
        watcher.epoch(new Callback.Epoch(epoch, step, metrics, epoch == 1));
      }
      return this;
    }

    void end() {
      watcher.end();
    }

    @Override
    public long steps() {
      return (long) EPOCHS * STEPS;
    }

    @Override
    public int epochs() {
      return EPOCHS;
    }

    @Override
    public String monitor() {
      return LOSS;
    }

    @Override
    public boolean largerIsBetter(String measure) {
      return !measure.equals(LOSS);
    }

    @Override
    public SequencedMap<String, TensorType> variables() {
      SequencedMap<String, TensorType> types = new LinkedHashMap<>();
      types.put("dense.weight", TensorType.of(DType.F32, 2, 2));
      return types;
    }

    @Override
    public NDArray read(String variable) {
      if (!variable.equals("dense.weight")) {
        throw new IllegalArgumentException("no variable '" + variable + "'");
      }
      return NDArray.of(Shape.of(2, 2), 1f, 2f, 3f, (float) step);
    }

    @Override
    public void stop(String reason) {
      asked.add(step + " stop: " + reason);
    }

    @Override
    public void scaleUpdates(double factor) {
      asked.add(step + " scale: " + factor);
    }

    @Override
    public void warn(String kind, String message) {
      asked.add(step + " warn " + kind + ": " + message);
    }
  }
}
