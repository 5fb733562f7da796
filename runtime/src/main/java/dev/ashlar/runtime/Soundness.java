package dev.ashlar.runtime;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Places;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.training.Misfit;
import dev.ashlar.training.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Mistakes that show only when data are opened and models traced, told with their place. */
final class Soundness {

  private Soundness() {}

  /** What became of a source. */
  sealed interface Opened {
    /** Examples, which the caller closes. */
    record Good(Dataset dataset) implements Opened {}

    /** None. */
    record Bad(Problem problem) implements Opened {}
  }

  /**
   * Opens a source.
   *
   * @param place of the source, for those mistakes that name none of their own
   */
  static Opened open(DataSource source, Place place) {
    return open(source, source, place);
  }

  /**
   * The same, read in another way than the source would.
   *
   * @param part the source as messages call it
   * @throws PartFailedException if its code failed
   */
  static Opened open(DataSource part, DataSource source, Place place) {
    try {
      return opened(source, place);
    } catch (ConfigException e) {
      throw e;
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw PartFailedException.of(part, place,
          "that it opens, or says what is wrong with an IOException or an IllegalArgumentException", e);
    }
  }

  private static Opened opened(DataSource source, Place place) {
    try {
      Dataset dataset = Objects.requireNonNull(source.open(), "open gave null");
      check(dataset);
      if (!dataset.isEmpty()) {
        return new Opened.Good(dataset);
      }
      dataset.close();
      return new Opened.Bad(Problem.at(place, "no examples", "at least one"));
    } catch (IOException e) {
      return new Opened.Bad(told(e, place));
    } catch (IllegalArgumentException e) {
      return new Opened.Bad(Problem.at(place, "a source that does not open", String.valueOf(e.getMessage())));
    }
  }

  /** What others take for granted. */
  private static void check(Dataset dataset) {
    Objects.requireNonNull(dataset.columns(), "columns of its data set gave null");
    Objects.requireNonNull(dataset.classes(), "classes of its data set gave null");
    Objects.requireNonNull(dataset.features(), "features of its data set gave null");
    Objects.requireNonNull(dataset.targets(), "targets of its data set gave null");
    if (dataset.size() < 0) {
      throw new IllegalStateException("size of its data set gave " + dataset.size());
    }
  }

  /** Data that cannot be read: where in the file, and where in the configuration. */
  static Problem told(IOException e, Place place) {
    if (!(e instanceof FileException file)) {
      return Problem.at(place, "data that cannot be read: " + e.getMessage(), "data");
    }
    Problem there = file.problem();
    Place both = new Place(there.place().path(), place.location());
    return new Problem(both, there.found(), there.expected(), there.help());
  }

  /**
   * A part that does not fit.
   *
   * @throws PartFailedException if it did not refuse what it is given, but failed
   */
  static Problem told(Misfit misfit, Place place) {
    if (!misfit.isRefusal()) {
      throw PartFailedException.of(misfit, place);
    }
    return switch (misfit.reason()) {
      case ShapeException e -> new Problem(place,
          e.operation() + " of " + e.found() + (e.help().isEmpty() ? ", in what is given " + misfit.given() : ""),
          e.expected(), e.help());
      case Throwable e -> new Problem(place, misfit.given(), String.valueOf(e.getMessage()), "");
    };
  }

  /** What else is wrong with a tree that could not be bound as a whole, in those parts that can be. */
  static List<Problem> problems(Value tree, Path base, NameResolver plugins) {
    List<Problem> problems = new ArrayList<>();
    Value data = tree instanceof Value.Mapping map ? map.get("data") : null;
    Value model = tree instanceof Value.Mapping map ? map.get("model") : null;
    Binder binder = new Binder(plugins, base);
    if (data == null || !(binder.bind(data, RunConfig.Data.class) instanceof BindResult.Bound<RunConfig.Data>(var from))) {
      return problems;
    }
    switch (open(from.source(), data.place())) {
      case Opened.Bad(Problem problem) -> problems.add(problem);
      case Opened.Good(Dataset dataset) -> {
        Places places = new Places();
        // Transforms may change what the model is given, and learn from the examples before they can.
        if (model != null && from.transforms().isEmpty()
            && binder.bind(model, Block.class, places) instanceof BindResult.Bound<Block>(var block)) {
          // What is broken in itself is told when all mistakes are mended.
          Programs.misfit(block, Precision.F32, dataset.columns(), 1).filter(Misfit::isRefusal)
              .map(misfit -> told(misfit, misfit.parts().stream()
                  .flatMap(part -> places.of(part).stream()).findFirst().orElse(model.place())))
              .ifPresent(problems::add);
        }
        closed(dataset);
      }
    }
    return problems;
  }

  private static void closed(Dataset dataset) {
    try {
      dataset.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
