package dev.ashlar.training;

import dev.ashlar.config.Implementation;
import dev.ashlar.config.Value;
import dev.ashlar.model.Callback;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The callbacks of one run: what they hear, and what they asked for. */
final class Callbacks {

  private static final String WATCHERS = "watchers";
  private static final String STOPPED = "stopped";
  private static final String SETTINGS = "settings";

  private final List<Follower> followers = new ArrayList<>();
  private final Task task;
  private final Settings settings;
  private final Course course;
  private final VariableStore store;
  private final List<Variable> variables;
  private final Warnings warnings;
  private long now;
  private @Nullable String reason;
  private @Nullable Map<String, Object> beforeEpoch;

  /**
   * Begins all callbacks of a task.
   *
   * @param variables of the programs
   */
  Callbacks(Task task, Settings settings, Course course, VariableStore store, List<Variable> variables,
      Warnings warnings) {
    this.task = task;
    this.settings = settings;
    this.course = course;
    this.store = store;
    this.variables = variables.stream().filter(Variable::isOfModel).toList();
    this.warnings = warnings;
    for (Callback callback : task.callbacks()) {
      String name = nameOf(callback);
      try {
        followers.add(new Follower(name, Objects.requireNonNull(
            callback.begin(new Run(name, callback.scalesUpdates())), "begin gave null")));
      } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
        throw new CallbackException(name, now, e);
      }
    }
  }

  private record Follower(String name, Callback.Watcher watcher) {}

  /** What a callback is called in configurations. */
  static String nameOf(Callback callback) {
    Class<?> type = callback.getClass();
    return type.isSynthetic() || type.isAnonymousClass() || type.isHidden() ? "callback" : Implementation.nameOf(callback);
  }

  /** Allocates nothing, unless a callback does. */
  void step(long step, double loss) {
    now = step;
    beforeEpoch = null;
    for (int i = 0; i < followers.size(); i++) {
      Follower follower = followers.get(i);
      try {
        follower.watcher.step(step, loss);
      } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
        throw new CallbackException(follower.name, now, e);
      }
    }
  }

  void epoch(EpochReport report) {
    now = report.step();
    beforeEpoch = now();
    Callback.Epoch epoch = new Callback.Epoch(report.epoch(), report.step(), report.metrics(), report.best());
    for (Follower follower : followers) {
      guarded(follower, () -> follower.watcher.epoch(epoch));
    }
  }

  void end() {
    followers.forEach(follower -> guarded(follower, follower.watcher::end));
  }

  private void guarded(Follower follower, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw new CallbackException(follower.name, now, e);
    }
  }

  /** Whether one asked for the end. */
  boolean isStopped() {
    return reason != null;
  }

  /** Why the run is to end: a clause that begins with the callback's name. */
  Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /**
   * Adds what a checkpoint needs. Behind an evaluation it is what was in front of it: that is heard again when a run
   * goes on from there.
   */
  void remember(Map<String, Object> state) {
    state.putAll(beforeEpoch != null ? beforeEpoch : now());
  }

  private Map<String, Object> now() {
    Map<String, Object> watchers = new LinkedHashMap<>();
    for (Follower follower : followers) {
      Map<String, Object> texts = new TreeMap<>();
      // As text: JSON has no word for what is no number.
      guarded(follower, () -> follower.watcher.state().forEach((name, value) -> texts.put(name, value.toString())));
      watchers.put(key(follower), texts);
    }
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(WATCHERS, watchers);
    if (reason != null) {
      state.put(STOPPED, reason);
      state.put(SETTINGS, task.callbacks().toString());
    }
    return state;
  }

  /**
   * Goes on from a checkpoint, before anything is heard. A callback that was not there begins anew; a reason to stop
   * counts unless there are other callbacks now.
   */
  void restore(Value.Mapping state, long step) {
    now = step;
    Value watchers = state.get(WATCHERS);
    for (Follower follower : followers) {
      if (watchers instanceof Value.Mapping all && all.get(key(follower)) instanceof Value.Mapping texts) {
        Map<String, Double> remembered = new LinkedHashMap<>();
        texts.entries().forEach(entry -> remembered.put(entry.key(), RunState.number(entry.value(), Double.NaN)));
        guarded(follower, () -> follower.watcher.restore(remembered));
      }
    }
    if (state.get(STOPPED) instanceof Value.Text why && state.get(SETTINGS) instanceof Value.Text before
        && before.value().equals(task.callbacks().toString())) {
      reason = why.value();
    }
  }

  /** By position and name: {@code 0.early_stopping}. */
  private String key(Follower follower) {
    return followers.indexOf(follower) + "." + follower.name;
  }

  /** What one callback knows and may ask. */
  private final class Run implements Callback.Run {
    private final String name;
    private final boolean scales;

    Run(String name, boolean scales) {
      this.name = name;
      this.scales = scales;
    }

    @Override
    public long steps() {
      return course.updates();
    }

    @Override
    public int epochs() {
      return course.periods();
    }

    @Override
    public String monitor() {
      return settings.monitor();
    }

    @Override
    public boolean largerIsBetter(String measure) {
      return Trainer.largerIsBetter(task, measure);
    }

    @Override
    public SequencedMap<String, TensorType> variables() {
      SequencedMap<String, TensorType> types = new LinkedHashMap<>();
      variables.forEach(variable -> types.put(variable.name(), variable.type()));
      return types;
    }

    @Override
    public NDArray read(String variable) {
      if (variables.stream().noneMatch(v -> v.name().equals(variable))) {
        throw new IllegalArgumentException("the model has no variable '" + variable + "'");
      }
      return store.read(variable);
    }

    @Override
    public void stop(String why) {
      if (reason == null) {
        reason = name + ": " + why;
      }
    }

    @Override
    public void scaleUpdates(double factor) {
      if (!scales) {
        throw new IllegalStateException("a callback that scales updates says so by scalesUpdates()");
      }
      store.write(Updates.scale(), NDArray.scalar(DType.F32, factor));
    }

    @Override
    public void warn(String kind, String message) {
      warnings.warn(now, kind, message);
    }
  }
}
