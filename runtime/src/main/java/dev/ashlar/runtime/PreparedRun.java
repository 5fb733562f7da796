package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Named;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.model.Signature;
import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.tables.TableDataset;
import dev.ashlar.io.tables.TableEncoding;
import dev.ashlar.io.tables.TableSource;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.text.TextSource;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Callback;
import dev.ashlar.model.Link;
import dev.ashlar.model.Metric;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Schedule;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.training.Architecture;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Misfit;
import dev.ashlar.training.PartException;
import dev.ashlar.training.Programs;
import dev.ashlar.training.Sample;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Split;
import dev.ashlar.training.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A run that is ready to go: its data are open, and everything fits together.
 *
 * @param task what is to be learned
 * @param examples to learn it from
 * @param settings how
 * @param open what is closed with this
 */
public record PreparedRun(Task task, Examples examples, Settings settings, List<Dataset> open)
    implements AutoCloseable {

  /**
   * Opens the data and checks that everything fits together.
   *
   * @throws ConfigException with all mistakes
   */
  public static PreparedRun of(Configuration configuration) {
    return new Preparation(configuration, Optional.empty()).run();
  }

  /**
   * Opens the data as a model learnt to read its own.
   *
   * @throws ConfigException with all mistakes
   */
  public static PreparedRun of(Configuration configuration, Signature model) {
    return new Preparation(configuration,
        Optional.of(new Reading(model.encoding(), model.text(), model.classes()))).run();
  }

  /** How tables and text are read. */
  private record Reading(Optional<TableEncoding> table, Optional<TextEncoding> text, List<String> classes) {

    /** As examples have taught. */
    static Reading of(Dataset train) {
      return new Reading(train instanceof TableDataset table ? Optional.of(table.inUse()) : Optional.empty(),
          Datasets.text(train), train.classes());
    }

    DataSource of(DataSource source) {
      return switch (source) {
        case TableSource rows when table.isPresent() -> () -> rows.open(table.get(), classes);
        case TextSource lines when text.isPresent() -> () -> lines.open(text.get(), classes);
        default -> source;
      };
    }
  }

  /**
   * The same run with each part of the source held out in turn. The data stay this one's to close.
   *
   * @throws ConfigException if there are too few examples
   */
  List<PreparedRun> folds(Configuration configuration, int count) throws IOException {
    RunConfig config = configuration.config();
    if (open.size() > 1) {
      throw new ConfigException(List.of(new Problem(configuration.component("data.source"),
          "folds of the source beside sources for validation or test", "the source alone: each fold is its test",
          "leave out 'data.validation' and 'data.test'")));
    }
    Task unfitted = task.withModel(new Architecture(config.data().transforms(), config.model()));
    try {
      return Examples.folds(open.getFirst(), count, config.data().split()).stream()
          .map(fold -> new PreparedRun(unfitted, fold, settings, List.of())).toList();
    } catch (IllegalArgumentException e) {
      String folds = (count == 1 ? "1 fold" : count + " folds") + " of " + open.getFirst().size() + " examples";
      throw new ConfigException(List.of(
          new Problem(configuration.component("data.split"), folds, String.valueOf(e.getMessage()), "")));
    }
  }

  @Override
  public void close() throws IOException {
    for (Dataset dataset : open) {
      dataset.close();
    }
  }

  /** Collects problems on the way. */
  private static final class Preparation {
    private final Configuration configuration;
    private final RunConfig config;
    private final Optional<Reading> model;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Dataset> open = new ArrayList<>();

    Preparation(Configuration configuration, Optional<Reading> model) {
      this.configuration = configuration;
      this.model = model;
      this.config = configuration.config();
    }

    PreparedRun run() {
      try {
        Optional<Task> task = task();
        Optional<Examples> examples = examples();
        if (task.isPresent() && examples.isPresent()) {
          Optional<Task> fitted = fitted(task.get(), examples.get());
          fitted.ifPresent(t -> check(t, examples.get()));
          if (problems.isEmpty()) {
            return new PreparedRun(fitted.orElseThrow(), examples.get(), config.train(), List.copyOf(open));
          }
        }
      } catch (RuntimeException | Error e) {
        closeAll();
        throw e;
      }
      closeAll();
      throw new ConfigException(problems);
    }

    // -------------------------------------------------------------- task

    private Optional<Task> task() {
      SequencedMap<String, Metric> metrics = new LinkedHashMap<>();
      for (Named<Metric> named : config.metrics()) {
        String name = named.label().orElseGet(() -> Task.nameOf(named.value()));
        if (name.equals(Programs.LOSS) || metrics.putIfAbsent(name, named.value()) != null) {
          problem("metrics", "two measures called '" + name + "'", "each name once", "give one another name with 'as'");
        }
      }
      List<String> known = new ArrayList<>(List.of(Programs.LOSS));
      known.addAll(metrics.keySet());
      if (!known.contains(config.train().monitor())) {
        problem("train.monitor", "'" + config.train().monitor() + "', which is not measured",
            "one of " + String.join(", ", known), "");
      }
      checkCallbacks(known);
      return problems.isEmpty()
          ? Optional.of(new Task(new Architecture(config.data().transforms(), config.model()), config.loss(),
              config.optimizer(), config.gradients(), metrics, Precision.F32, config.callbacks()))
          : Optional.empty();
    }

    private void checkCallbacks(List<String> measured) {
      boolean isAveraged = config.train().ema().isPresent();
      for (Callback callback : config.callbacks()) {
        Place place = configuration.place(List.of(callback), "callbacks");
        List<String> wanted;
        Optional<Schedule> averaging;
        try {
          wanted = Objects.requireNonNull(callback.measures(), "measures gave null");
          averaging = Objects.requireNonNull(callback.averaging(), "averaging gave null");
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
          throw PartFailedException.of(callback, place, "that it says what it needs", e);
        }
        wanted.stream().filter(measure -> !measured.contains(measure)).forEach(measure ->
            problems.add(new Problem(place, "'" + measure + "', which is not measured",
                "one of " + String.join(", ", measured), "name it under 'metrics'")));
        if (averaging.isPresent()) {
          if (isAveraged) {
            problems.add(new Problem(place, "a second average of the weights", "one of them, or 'train.ema'", ""));
          }
          isAveraged = true;
        }
      }
    }

    // -------------------------------------------------------------- data

    private Optional<Examples> examples() {
      RunConfig.Data data = config.data();
      Optional<Dataset> source = open(data.source(), "data.source", model);
      Optional<Examples> split = source.flatMap(this::split);
      // Other sources are read as the examples to learn from have taught; if there are none, to find their mistakes.
      Optional<Reading> learnt = split.map(Examples::train).map(Reading::of);
      Optional<Dataset> validation = data.validation().flatMap(s -> open(s, "data.validation", learnt));
      Optional<Dataset> test = data.test().flatMap(s -> open(s, "data.test", learnt));
      if (split.isEmpty()
          || validation.isPresent() != data.validation().isPresent() || test.isPresent() != data.test().isPresent()) {
        return Optional.empty();
      }
      sameColumns(split.get().train(), validation, "data.validation");
      sameColumns(split.get().train(), test, "data.test");
      return split.map(s -> new Examples(s.train(), validation.or(s::validation), test.or(s::test)));
    }

    private Optional<Examples> split(Dataset source) {
      Split shares = config.data().split();
      try {
        return Optional.of(Examples.of(source, shares));
      } catch (IllegalArgumentException e) {
        problem("data.split", "test " + shares.test() + " and validation " + shares.validation()
            + (shares.stratify() ? ", stratified," : "") + " of " + source.size() + " examples",
            String.valueOf(e.getMessage()).contains("too few") ? "parts of at least one example"
                : "a split that these examples allow", e.getMessage());
      } catch (IOException e) {
        DataSource from = config.data().source();
        problems.add(Soundness.told(e, configuration.place(List.of(from), "data.source")));
      }
      return Optional.empty();
    }

    private Optional<Dataset> open(DataSource source, String component, Optional<Reading> reading) {
      DataSource asLearnt = reading.map(learnt -> learnt.of(source)).orElse(source);
      return switch (Soundness.open(source, asLearnt, configuration.place(List.of(source), component))) {
        case Soundness.Opened.Good(Dataset dataset) -> {
          open.add(dataset);
          yield Optional.of(dataset);
        }
        case Soundness.Opened.Bad(Problem problem) -> {
          problems.add(problem);
          yield Optional.empty();
        }
      };
    }

    private void sameColumns(Dataset source, Optional<Dataset> other, String component) {
      if (other.isPresent() && !other.get().columns().equals(source.columns())) {
        problem(component, "the columns " + other.get().columns(), "those of data.source: " + source.columns(), "");
      } else if (other.isPresent() && !other.get().classes().equals(source.classes())) {
        // Classes are numbered as they are found: other ones, or some of them, would get each other's numbers.
        problem(component, "the classes " + some(other.get().classes()),
            "those of data.source: " + some(source.classes()), "name them in both: 'classes: ["
                + String.join(", ", source.classes().subList(0, Math.min(3, source.classes().size()))) + ", ..]'");
      }
    }

    // -------------------------------------------------------------- together

    private Optional<Task> fitted(Task task, Examples examples) {
      try {
        Architecture whole = (Architecture) task.model();
        return Optional.of(task.withModel(whole.fitted(examples.train(), task.precision())));
      } catch (IOException | IllegalArgumentException e) {
        problem("data.transforms", "transforms that cannot learn from the examples", String.valueOf(e.getMessage()), "");
        return Optional.empty();
      } catch (PartException e) {
        throw PartFailedException.of(e.part(), configuration.place(List.of(e.part()), "data.transforms"),
            "that it learns from the examples, or says what is wrong with an IllegalArgumentException", e.getCause());
      }
    }

    private void check(Task task, Examples examples) {
      int batch = config.train().batchOf(examples.train());
      List<Misfit> misfits = Programs.misfits(task, examples.train().columns(), batch);
      config.train().remat().flatMap(parts -> Programs.rematerialized(parts, task, examples.train().columns()))
          .ifPresent(e -> problem("train.remat", e.found(), e.expected(), e.help()));
      boolean hasTarget = examples.train().columns().containsKey(Batch.TARGET);
      misfits.stream().map(misfit -> told(misfit, hasTarget)).distinct().forEach(problems::add);
      if (misfits.isEmpty()) {
        Computation whole = Programs.predict(task.model(), task.precision(),
            Programs.inputs(examples.train().columns()), 1);
        if (!whole.results().asMap().isEmpty()) { // else the input is passed on as it is
          checkClasses(task, whole.results().first(), examples.train());
        }
        checkParameters(whole);
        config.sample().ifPresent(sample -> checkSample(sample, examples.train()));
      }
    }

    /** What a run would tell after its first steps is told before. */
    private void checkSample(Sample sample, Dataset train) {
      Optional<TextEncoding> text = Datasets.text(train);
      if (text.isEmpty()) {
        problem("sample", "a model that is not trained on text", "text to learn from, such as the source 'text'",
            "leave out 'sample'");
        return;
      }
      try {
        sample.check(text.get());
      } catch (FileException e) {
        problem("sample.prompt", e.problem().found(), e.problem().expected(), e.problem().help());
      }
    }

    private void checkParameters(Computation whole) {
      if (whole.variables().stream().noneMatch(variable -> variable.kind() == Variable.Kind.PARAMETER)) {
        problem("model", "no parameters", "a layer that has something to learn, such as 'dense'", "");
      }
    }

    private void checkClasses(Task task, Tensor output, Dataset train) {
      Link link = Programs.link(task, output.type(), train.columns());
      if (train.classes().size() == 1 && link != Link.EMBEDDING) {
        problems.add(new Problem(configuration.place(List.of(config.data().source()), "data.source"),
            "one class, '" + train.classes().getFirst() + "', in all examples", "at least two to tell apart",
            "name those that may come up with 'classes', or choose another label"));
      }
      Programs.tooFewScores(output.type().withShape(output.shape().remove(0)), link, train).ifPresent(scores -> {
        Value model = configuration.tree() instanceof Value.Mapping map ? map.get("model") : null;
        Place last = model instanceof Value.Sequence list && !list.items().isEmpty()
            ? list.items().getLast().place() : configuration.component("model");
        problems.add(new Problem(last, scores + " outputs for " + train.classes().size() + " classes",
            "an output for each class: " + train.classes().size(), "the classes are " + some(train.classes())));
      });
    }

    private static String some(List<String> names) {
      return String.join(", ", names.subList(0, Math.min(names.size(), 12))) + (names.size() > 12 ? ", .." : "");
    }

    private Problem told(Misfit misfit, boolean hasTarget) {
      String component = misfit.path().startsWith("metric") ? "metrics"
          : List.of("loss", "optimizer", "gradients").contains(misfit.path()) ? misfit.path() : "model";
      if (!hasTarget && (component.equals("loss") || component.equals("metrics"))) {
        return new Problem(configuration.place(List.of(config.data().source()), "data.source"),
            "examples without a target", "a target for " + component + " to compare with",
            "say what is to be learned; in a csv, with 'label' or 'targets'");
      }
      return Soundness.told(misfit, configuration.place(misfit.parts(), component));
    }

    private void problem(String component, String found, String expected, String help) {
      problems.add(new Problem(configuration.component(component), found, expected, help == null ? "" : help));
    }

    private void closeAll() {
      for (Dataset dataset : open) {
        try {
          dataset.close();
        } catch (IOException e) {
          // The mistakes matter more.
        }
      }
    }
  }
}
