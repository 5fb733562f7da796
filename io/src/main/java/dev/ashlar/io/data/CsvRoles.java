package dev.ashlar.io.data;

import dev.ashlar.config.FileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the columns of a table are for.
 *
 * @param features positions of the inputs
 * @param label position of the label; -1 for none
 * @param targets positions of the numbers to learn
 */
record CsvRoles(List<Integer> features, int label, List<Integer> targets) {
  static CsvRoles of(Csv csv, CsvLines lines) throws FileException {
    int label = csv.label().isPresent() ? position(csv.label().get(), "label", lines) : -1;
    var targets = positions(csv.targets(), "targets", lines);
    var ignored = positions(csv.ignore(), "ignore", lines);
    var features = positions(csv.features(), "features", lines);
    if (features.isEmpty()) {
      features = IntStream.range(0, lines.names().size())
          .boxed()
          .filter(i -> i != label && !targets.contains(i) && !ignored.contains(i))
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
    return new CsvRoles(features, label, targets);
  }

  private static List<Integer> positions(
      List<String> names, String option, CsvLines lines) throws FileException {
    var result = new ArrayList<Integer>();
    for (var name : names) result.add(position(name, option, lines));
    return List.copyOf(result);
  }

  private static int position(String name, String option, CsvLines lines) throws FileException {
    var names = lines.names();
    int position = names.indexOf(name);
    if (position >= 0) return position;
    var help = lines.hasHeader()
        ? NumberedNames.advice(name, names)
        : "the first line was taken as data; if it holds names, say " + lines.option("header", "true");
    throw FileException.at(lines.source() + ":1", "no column '" + name + "', which '" + option + "' names",
        "one of " + NumberedNames.listed(names), help);
  }

  private static void refuseTwins(List<Integer> features, int label, List<Integer> targets, CsvLines lines)
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
