package dev.ashlar.runtime;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.Value;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Schedule;
import dev.ashlar.model.Trace;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Variable;
import dev.ashlar.reference.Reference;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.training.Course;
import dev.ashlar.training.DivergedException;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Task;
import dev.ashlar.training.Trainer;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.callbacks.RateFinder;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for a learning rate: a short run in which all schedules stand still at their peaks, and the rate grows from far
 * too small to far too large. It leaves no model.
 *
 * @param plugins at hand
 */
public record RateSearch(Registry plugins) {

  /** Steps that a search takes at most. */
  public static final int STEPS = 100;
  /** Rates that are tried: no optimizer learns with less or with more. */
  private static final double LOWEST = 1e-6;
  private static final double HIGHEST = 10;
  /** Where no learning rate is found in the configuration, so far from what it says. */
  private static final double FAR = 1e3;
  private static final int LOOKS = 200;
  private static final String RATE = "learning_rate";

  /**
   * What was found.
   *
   * @param path of the learning rate in the configuration; empty if there is none, and rates are factors of what it says
   * @param now the peak that the configuration has; 1 if there is none
   * @param rates that were tried, from small to large
   * @param losses that they led to
   * @param base the loss before anything was learnt
   * @param least the rate with the least loss; NaN if the loss did not fall
   * @param suggestion a rate to learn with; NaN if the loss did not fall
   */
  public record Found(
      Optional<String> path, double now, double[] rates, double[] losses, double base,
      double least, double suggestion) {}

  /** A schedule in the configuration, and the largest value that it takes. */
  private record Peak(List<String> path, double value) {}

  /**
   * Searches.
   *
   * @throws dev.ashlar.config.ConfigException with all mistakes, before any work
   */
  public Found find(Configuration configuration, TrainingListener listener) throws IOException, InterruptedException {
    try (PreparedRun run = PreparedRun.of(configuration);
        Backend backend = new Runs(plugins).backend(configuration).open(plugins.kernels())) {
      Binder binder = new Binder(plugins, Path.of(""));
      List<Peak> peaks = new ArrayList<>();
      long updates = Course.of(run.settings(), run.examples().train().size()).updates();
      Value constant = still(binder.write(run.task().optimizer(), Optimizer.class), List.of(), updates, peaks);
      Optimizer optimizer =
          binder.bind(constant, Optimizer.class).orThrow();
      Optional<Peak> rate = peaks.stream().filter(peak -> peak.path.contains(RATE) && peak.value > 0)
          .reduce((a, b) -> b.value > a.value ? b : a);
      double now = rate.map(Peak::value).orElse(1.0);
      RateFinder finder = rate.isPresent()
          ? new RateFinder(LOWEST / now, HIGHEST / now) : new RateFinder(1 / FAR, FAR);
      search(run, optimizer, finder, new Trainer(backend, listener));
      double[] rates = Arrays.stream(finder.factors()).map(factor -> factor * now).toArray();
      return new Found(rate.map(peak -> "optimizer." + String.join(".", peak.path)), now, rates, finder.losses(),
          finder.base(), finder.least() * now, finder.suggestion() * now);
    }
  }

  private static void search(PreparedRun run, Optimizer optimizer, RateFinder finder, Trainer trainer)
      throws IOException, InterruptedException {
    Settings usual = run.settings();
    Settings settings = new Settings(1, usual.batch(), usual.seed(), usual.shuffle(), Settings.Keep.LAST, "loss",
        Optional.empty()).withAccumulation(usual.accumulate()).withSteps(STEPS, STEPS);
    if (usual.remat().isPresent()) {
      settings = settings.withRemat(usual.remat().get());
    }
    try {
      trainer.train(new Task(run.task().model(), run.task().loss(), optimizer, run.task().gradients(),
          run.task().metrics(), run.task().precision(), List.of(finder)), Examples.of(run.examples().train()), settings)
          .close();
    } catch (DivergedException e) {
      // Too large a rate: that is what was looked for.
    }
  }

  /** The tree with a constant in the place of each schedule: the largest value that it takes in the run. */
  private Value still(Value tree, List<String> path, long updates, List<Peak> peaks) {
    if (isSchedule(tree)
        && new Binder(plugins, Path.of("")).bind(tree, Schedule.class) instanceof BindResult.Bound<Schedule>(Schedule schedule)) {
      double peak = peak(schedule, updates);
      peaks.add(new Peak(path, peak));
      return new Value.Num(new BigDecimal(Double.toString(peak)), tree.place());
    }
    return switch (tree) {
      case Value.Sequence list ->
          new Value.Sequence(list.items().stream().map(item -> still(item, path, updates, peaks)).toList(), list.place());
      case Value.Mapping map -> new Value.Mapping(map.entries().stream().map(entry -> {
        List<String> below = new ArrayList<>(path);
        below.add(plain(entry.key()));
        return new Value.Entry(entry.key(), entry.location(), still(entry.value(), below, updates, peaks));
      }).toList(), map.place());
      default -> tree;
    };
  }

  /** Whether a tree is a schedule by its name. */
  private boolean isSchedule(Value tree) {
    List<Implementation> schedules = plugins.implementations(Schedule.class).orElse(List.of());
    return tree instanceof Value.Mapping map && map.entries().size() == 1 && schedules.stream()
        .anyMatch(schedule -> schedule.qualifiedName().equals(map.entries().getFirst().key().split("@")[0]));
  }

  /** A name as people write it: {@code adamw} of {@code optimizers:adamw@1}. */
  private static String plain(String key) {
    return key.replaceFirst("^[^:]*:", "").replaceFirst("@.*", "");
  }

  private static double peak(Schedule schedule, long updates) {
    Trace trace = Trace.training(Precision.F32, updates);
    Tensor value = schedule.at(trace.progress());
    Map<String, NDArray> values = new HashMap<>();
    values.put(Trace.SEED, NDArray.of(Shape.of(2), 0, 0));
    for (Variable variable : trace.variables()) {
      values.put(variable.name(), Reference.evaluate(variable.start(), Map.of(Trace.SEED, values.get(Trace.SEED))));
    }
    double peak = 0;
    for (int look = 0; look <= LOOKS; look++) {
      values.put(Trace.STEP, NDArray.scalar(DType.I32, Math.min(updates - 1, look * updates / LOOKS)));
      peak = Math.max(peak, Reference.evaluate(value, values).item());
    }
    return Double.parseDouble(Float.toString((float) peak)); // as it was written: 0.02, not 0.0199999996
  }
}
