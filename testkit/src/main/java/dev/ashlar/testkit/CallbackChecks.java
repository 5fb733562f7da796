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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The promises of {@link CallbackContract}, for one callback. */
record CallbackChecks(Callback callback) {

  private static final int EPOCHS = 12;
  private static final int STEPS = 5;
  /** Of what is compared, in a message. */
  private static final int SHOWN = 6;
  private static final String LOSS = "loss";
  private static final String SCALE = "scale updates by ";

  /** How the loss goes from epoch to epoch. */
  private enum Course {
    VALLEY(epoch -> 1 + Math.abs(epoch - 4) * 0.1),
    FALLING(epoch -> 1.0 / epoch),
    RISING(epoch -> epoch),
    NOISY(epoch -> 1 + 0.5 * Math.sin(2.3 * epoch)),
    LARGE(epoch -> 1e6 * epoch),
    PEAKS(epoch -> epoch % 4 == 0 ? 1e4 : 0.1),
    ZERO(epoch -> 0),
    NO_NUMBER(epoch -> epoch > 3 ? Double.NaN : 1),
    INFINITE(epoch -> Double.POSITIVE_INFINITY);

    private final IntToDoubleFunction losses;

    Course(IntToDoubleFunction losses) {
      this.losses = losses;
    }

    double loss(int epoch) {
      return losses.applyAsDouble(epoch);
    }

    /** For messages. */
    String shown() {
      return "losses " + loss(1) + ", " + loss(2) + ", .. " + loss(EPOCHS);
    }
  }

  private Run whole(Course course) {
    Run run = new Run(callback, course).epochs(1, EPOCHS);
    run.end();
    return run;
  }

  void hears() {
    for (Course course : Course.values()) {
      whole(course);
    }
  }

  /**
   * Two runs at a time do not feel each other.
   *
   * @param exactly compares all that they do; otherwise how often they ask for something
   */
  void begins(boolean exactly) {
    for (Course course : Course.values()) {
      for (Course beside : List.of(Course.RISING, Course.FALLING)) {
        Run one = new Run(callback, course);
        Run other = new Run(callback, beside);
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
          one.epochs(epoch, epoch);
          other.epochs(epoch, epoch);
        }
        one.end();
        other.end();
        alike(one, exactly);
        alike(other, exactly);
      }
    }
  }

  private void alike(Run beside, boolean exactly) {
    Run alone = whole(beside.course);
    if (exactly ? !beside.done.equals(alone.done) : beside.asked.size() != alone.asked.size()) {
      boolean asks = !beside.asked.equals(alone.asked);
      List<String> found = asks ? beside.asked : beside.done;
      List<String> expected = asks ? alone.asked : alone.done;
      throw new AssertionError("of " + beside.course.shown() + " beside another run it "
          + (asks ? "asks for " : "does ") + differing(found, expected) + ", alone " + differing(expected, found)
          + ": keep what lasts during a run in the watcher, not in the callback"
          + (asks ? "" : "; what goes by anything but what it hears overrides goByWhatTheyHear()"));
    }
  }

  /** A list, or of a long one the first that is not in another. */
  private static String differing(List<String> list, List<String> other) {
    if (list.size() <= SHOWN) {
      return list.toString();
    }
    for (int i = 0; i < list.size(); i++) {
      if (i >= other.size() || !list.get(i).equals(other.get(i))) {
        return "[.. " + list.get(i) + " ..]";
      }
    }
    return "[.. " + list.getLast() + "]";
  }

  void measures() {
    if (callback.measures().stream().anyMatch(measure -> measure == null || measure.isBlank())) {
      throw new AssertionError("measures() gives " + callback.measures() + ": name 'loss' or metrics");
    }
    for (Course course : Course.values()) {
      Run run = whole(course);
      if (!run.undeclared.isEmpty()) {
        throw new AssertionError("it asks for " + run.undeclared + " of an epoch, and measures() gives "
            + callback.measures() + ": name there all that it goes by, or a run may not measure it");
      }
    }
  }

  void scales() {
    for (Course course : Course.values()) {
      List<String> asked = whole(course).asked;
      if (!callback.scalesUpdates() && asked.stream().anyMatch(line -> line.contains(SCALE))) {
        throw new AssertionError("of " + course.shown() + " it scales updates, and scalesUpdates() is false: "
            + asked.stream().filter(line -> line.contains(SCALE)).findFirst().orElseThrow() + "; let it be true");
      }
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
    for (Course course : Course.values()) {
      List<String> first = whole(course).asked;
      List<String> second = whole(course).asked;
      if (!first.equals(second)) {
        throw new AssertionError("of two equal runs it asks for " + first + " and for " + second
            + ": go by what is heard alone, or override goByWhatTheyHear()");
      }
    }
  }

  /** Wherever a run is cut, the two parts ask for what the whole asks for. */
  void resumes() {
    for (Course course : Course.values()) {
      List<String> whole = new Run(callback, course).epochs(1, EPOCHS).asked;
      for (int cut = 1; cut < EPOCHS; cut++) {
        Run before = new Run(callback, course).epochs(1, cut);
        Run after = new Run(callback, course);
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
  }

  /** Values by measure; who asks for one that is not named is noticed. */
  private static final class Measured extends LinkedHashMap<String, Double> {
    private static final long serialVersionUID = 1;
    private final transient Set<String> undeclared;

    Measured(Set<String> undeclared) {
      this.undeclared = undeclared;
    }

    @Override
    public @Nullable Double get(Object measure) {
      note(measure);
      return super.get(measure);
    }

    @Override
    public Double getOrDefault(Object measure, Double otherwise) {
      note(measure);
      return super.getOrDefault(measure, otherwise);
    }

    /** Who asks first whether there is one may do so. */
    private void note(Object measure) {
      if (!containsKey(measure)) {
        undeclared.add("'" + measure + "'");
      }
    }
  }

  /** A run that is made up. */
  private static final class Run implements Callback.Run {
    /** What it was asked for. */
    private final List<String> asked = new ArrayList<>();
    /** That, what was read, and what the watcher remembered after each epoch. */
    private final List<String> done = new ArrayList<>();
    private final Set<String> undeclared = new TreeSet<>();
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
          Measured values = new Measured(undeclared);
          values.put(LOSS, course.loss(epoch));
          callback.measures().forEach(measure -> values.putIfAbsent(measure, 0.5));
          metrics.put(part, values);
        }
        watcher.epoch(new Callback.Epoch(epoch, step, metrics, isBest(epoch)));
        done.add(step + " remembers " + new TreeMap<>(watcher.state()));
      }
      return this;
    }

    private boolean isBest(int epoch) {
      return IntStream.range(1, epoch).noneMatch(before -> course.loss(before) <= course.loss(epoch));
    }

    void end() {
      watcher.end();
    }

    private void asks(String what) {
      asked.add(step + " " + what);
      done.add(asked.getLast());
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
      done.add(step + " reads " + variable);
      return NDArray.of(Shape.of(2, 2), 1f, 2f, 3f, (float) step);
    }

    @Override
    public void stop(String reason) {
      asks("stop: " + reason);
    }

    @Override
    public void scaleUpdates(double factor) {
      asks(SCALE + factor);
    }

    @Override
    public void warn(String kind, String message) {
      asks("warn " + kind + ": " + message);
    }
  }
}
