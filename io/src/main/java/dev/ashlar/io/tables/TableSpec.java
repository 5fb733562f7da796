package dev.ashlar.io.tables;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the columns of a table are for, and how they are read.
 *
 * @param label name of the column to learn
 * @param targets names of columns with numbers to learn, instead of a label
 * @param task how a label is read
 * @param classes in order; by default those found
 * @param features names of the input columns, in order; by default all that are left
 * @param ignore names of columns that are no features
 * @param columns how some are read, by name; others by what they hold
 * @param missing what stands for values that are missing
 * @param group name of a column that is no feature, of equal values for rows that belong together
 */
public record TableSpec(
    Optional<String> label,
    List<String> targets,
    LabelTask task,
    List<String> classes,
    List<String> features,
    List<String> ignore,
    Map<String, ColumnType> columns,
    Missing missing,
    Optional<String> group) {

  /** Copies; refuses what contradicts itself. */
  public TableSpec {
    targets = List.copyOf(targets);
    classes = List.copyOf(classes);
    features = List.copyOf(features);
    ignore = List.copyOf(ignore);
    columns = new LinkedHashMap<>(columns);
    refuse(label.isPresent() && !targets.isEmpty(), "either 'label' or 'targets', not both");
    refuse(!features.isEmpty() && !ignore.isEmpty(), "either 'features' or 'ignore', not both");
    refuse(group.isPresent() && (group.equals(label) || targets.contains(group.get())),
        "a 'group' that is not to be learnt");
    refuse(group.isPresent() && features.contains(group.get()), "a 'group' that is not among the 'features'");
    refuse(!classes.isEmpty() && label.isEmpty(), "'classes' only with a 'label'");
    refuse(!classes.isEmpty() && task == LabelTask.REGRESSION, "no 'classes' where the label is a number");
    refuse(classes.stream().distinct().count() < classes.size(), "each of the classes once");
    for (var name : features) {
      refuse(columns.get(name) == ColumnType.Plain.IGNORE, "'" + name + "' either in 'features' or ignored, not both");
    }
  }

  /** To read the columns of an encoding, and the label if it is still there to be compared with. */
  TableSpec reading(TableEncoding encoding) {
    return new TableSpec(label, targets, task, classes, encoding.names(), List.of(), Map.of(),
        new Missing(Missing.Fill.Learnt.ERROR, Map.of(), encoding.markers()), group);
  }

  /** With known classes. */
  TableSpec withClasses(List<String> known) {
    return new TableSpec(label, targets, task, known, features, ignore, columns, missing, group);
  }

  TableSpec withTask(LabelTask known) {
    return new TableSpec(label, targets, known, classes, features, ignore, columns, missing, group);
  }

  private static void refuse(boolean wrong, String expected) {
    if (wrong) throw new IllegalArgumentException(expected);
  }
}
