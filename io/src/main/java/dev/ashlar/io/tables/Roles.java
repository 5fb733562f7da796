package dev.ashlar.io.tables;

import dev.ashlar.config.FileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the columns of a table are for.
 *
 * @param features positions of the inputs
 * @param label position of the label; -1 for none
 * @param targets positions of the numbers to learn
 * @param group position of what says which rows belong together; -1 for nothing
 */
record Roles(List<Integer> features, int label, List<Integer> targets, int group) {
  /** More names are told in short. */
  private static final int MANY = 4;

  static Roles of(TableSpec spec, boolean isLearnt, Rows lines) throws FileException {
    int label = spec.label().isPresent() ? position(spec.label().get(), "label", lines) : -1;
    var targets = positions(spec.targets(), "targets", lines);
    int group = spec.group().isPresent() ? position(spec.group().get(), "group", lines) : -1;
    var ignored = new ArrayList<>(positions(spec.ignore(), "ignore", lines));
    for (var column : spec.columns().entrySet()) {
      int position = position(column.getKey(), "columns", lines);
      if (column.getValue() == ColumnType.Plain.IGNORE) ignored.add(position);
    }
    positions(List.copyOf(spec.missing().columns().keySet()), "missing", lines);
    var features = positions(spec.features(), isLearnt ? "" : "features", lines);
    if (features.isEmpty()) {
      features = IntStream.range(0, lines.names().size())
          .boxed()
          .filter(i -> i != label && i != group && !targets.contains(i) && !ignored.contains(i))
          .toList();
    }
    for (int feature : features) {
      if (feature == label || targets.contains(feature)) {
        throw FileException.at(lines.source() + ": column '" + lines.names().get(feature) + "'",
            "a feature that is also to be learnt", "each column for one of the two",
            "remove it from 'features'");
      }
    }
    if (features.isEmpty()) {
      throw FileException.at(lines.source() + ":1", "no column left as a feature", "at least one",
          lines.names().size() == 1 ? "if the delimiter was not recognised, give it: delimiter: ';'" : "");
    }
    refuseTwins(features, label, targets, lines);
    refuseOptions(spec, features, lines);
    return new Roles(features, label, targets, group);
  }

  private static List<Integer> positions(
      List<String> names, String option, Rows lines) throws FileException {
    var missing = names.stream().filter(name -> !lines.names().contains(name)).toList();
    if (missing.size() > 1) {
      throw FileException.at(lines.source() + ":1", "no columns " + quoted(missing) + ", which " + wanted(option),
          "all of them; there are " + NumberedNames.listed(lines.names()), help(missing.getFirst(), lines));
    }
    var result = new ArrayList<Integer>();
    for (var name : names) result.add(position(name, option, lines));
    return List.copyOf(result);
  }

  private static String quoted(List<String> names) {
    return names.size() > MANY ? NumberedNames.listed(names)
        : names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }

  private static String wanted(String option) {
    return option.isEmpty() ? "the model takes" : "'" + option + "' names";
  }

  private static String help(String name, Rows lines) {
    return lines.areNamed() ? NumberedNames.advice(name, lines.names())
        : "the first line was taken as data; if it holds names, say " + lines.option("header", "true");
  }

  private static int position(String name, String option, Rows lines) throws FileException {
    var names = lines.names();
    int position = names.indexOf(name);
    if (position >= 0) return position;
    throw FileException.at(lines.source() + ":1", "no column '" + name + "', which " + wanted(option),
        "one of " + NumberedNames.listed(names), help(name, lines));
  }

  /** How a column is read and what stands for its gaps is said of features alone. */
  private static void refuseOptions(TableSpec spec, List<Integer> features, Rows lines) throws FileException {
    var names = features.stream().map(lines.names()::get).toList();
    for (var column : spec.columns().entrySet()) {
      if (column.getValue() == ColumnType.Plain.IGNORE || names.contains(column.getKey())) continue;
      throw notFeature(column.getKey(), "columns", spec.group().equals(Optional.of(column.getKey()))
          ? "a group is compared as it stands" : "a label is read as 'task' says", lines);
    }
    for (var name : spec.missing().columns().keySet()) {
      if (!names.contains(name)) {
        throw notFeature(name, "missing", "what is to be learnt must be there: remove such rows", lines);
      }
    }
  }

  private static FileException notFeature(String name, String option, String help, Rows lines) {
    return FileException.at(lines.source() + ": column '" + name + "'",
        "a column that is no feature, which '" + option + "' names", "a column that goes into the model", help);
  }

  private static void refuseTwins(List<Integer> features, int label, List<Integer> targets, Rows lines)
      throws FileException {
    var used = new ArrayList<>(features);
    used.addAll(targets);
    if (label >= 0) used.add(label);
    var seen = new HashSet<String>();
    for (int column : used) {
      var name = lines.names().get(column);
      if (seen.add(name)) continue;
      throw FileException.at(lines.source() + ":1", "two columns called '" + name + "'",
          "a name of its own for each", "rename one of them");
    }
  }
}
