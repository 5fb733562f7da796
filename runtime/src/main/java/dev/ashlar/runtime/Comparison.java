package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Problem;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.model.Signature;
import dev.ashlar.training.Programs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Compares data with what a model was trained on. */
final class Comparison {

  private static final String HELP = "give the configuration that the model was trained with, or data like its own";
  private static final int LISTED = 8;

  private Comparison() {}

  /**
   * Checks types, names of columns and classes.
   *
   * @throws ConfigException with all that differs
   */
  static void check(Signature model, PreparedRun run, Configuration configuration) {
    Dataset data = run.examples().train();
    List<Problem> problems = new ArrayList<>();
    var inputs = Programs.inputs(data.columns());
    if (!inputs.equals(model.inputTypes())) {
      problems.add(problem(configuration, "the inputs " + inputs + names(data.features()),
          model.inputTypes() + names(model.features()) + ", as the model has them"));
    } else if (areNamed(model.features()) && areNamed(data.features()) && !model.features().equals(data.features())) {
      problems.add(problem(configuration, "the columns " + some(data.features()),
          some(model.features()) + ", as the model has them"));
    }
    if (!data.classes().equals(model.classes())) {
      problems.add(problem(configuration, classes(data.classes()), classes(model.classes()) + ", as the model has them"));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static Problem problem(Configuration configuration, String found, String expected) {
    var source = configuration.config().data().source();
    return new Problem(configuration.place(List.of(source), "data.source"), found, expected, HELP);
  }

  /** Columns of a table without a header are only counted. */
  private static boolean areNamed(List<String> features) {
    return !features.isEmpty() && !features.stream().allMatch(name -> name.matches("column_[0-9]+"));
  }

  private static String classes(List<String> classes) {
    return classes.isEmpty() ? "no classes" : "the classes " + some(classes);
  }

  private static String names(List<String> features) {
    return areNamed(features) ? " (" + some(features) + ")" : "";
  }

  private static String some(List<String> names) {
    return names.stream().limit(LISTED).collect(Collectors.joining(", "))
        + (names.size() > LISTED ? " and " + (names.size() - LISTED) + " more" : "");
  }
}
