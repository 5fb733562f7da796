package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.data.TableGlance;
import dev.ashlar.io.data.TableGlance.Column;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A configuration for a table that nobody has described: what is to be learnt, what each column is, and a network of a
 * size that fits. What it decides it says in comments.
 *
 * @param table to learn from
 * @param label the column to learn
 * @param task whether classes or numbers are learnt
 */
public record Proposal(TableGlance table, Column label, Task task) {

  /** What is learnt. */
  public enum Task {
    /** One of some classes. */
    CLASSIFICATION,
    /** A number. */
    REGRESSION
  }

  /** What labels are usually called, the clearest first. */
  private static final List<String> USUAL = List.of("label", "labels", "target", "class", "y", "outcome", "output",
      "result", "species", "category", "diagnosis", "survived", "churn", "price", "quality", "score");

  private static final int MOST_CLASSES = 20;
  private static final int CATEGORIES = 20;
  private static final int PIXELS = 16;
  private static final int BRIGHTEST = 255;
  /** From so many rows on a second hidden layer pays. */
  private static final int LARGE = 1000;
  /** Numbers of updates that small tables are learnt in. */
  private static final int STEPS = 2500;

  /** How a column that holds no plain numbers is used. */
  private enum Use { NUMBER, CATEGORY, DATE, IGNORE }

  // ---------------------------------------------------------------- what is to be learnt

  /** The column that is most likely meant: one with a usual name, else the last. */
  public static Column likelyLabel(TableGlance table) {
    return USUAL.stream()
        .flatMap(name -> table.columns().stream().filter(c -> c.name().toLowerCase(Locale.ROOT).equals(name)))
        .findFirst().orElse(table.columns().getLast());
  }

  /**
   * The column of a name.
   *
   * @throws ConfigException if there is none
   */
  public static Column column(TableGlance table, String name) {
    List<String> names = table.columns().stream().map(Column::name).toList();
    return table.columns().stream().filter(column -> column.name().equals(name)).findFirst()
        .orElseThrow(() -> new ConfigException(new Problem(new Place("the label", null),
            "'" + name + "', which is no column", "one of " + String.join(", ", names), Nearest.advice(name, names))));
  }

  /** What is said of a task that is none. */
  public static ConfigException unknownTask(String name) {
    List<String> names = List.of("classification", "regression");
    return new ConfigException(new Problem(new Place("the task", null), "'" + name + "'",
        "one of " + String.join(", ", names), Nearest.advice(name, names)));
  }

  /** What a column is most likely: few whole numbers are classes, and so is text; what has a fraction is a number. */
  public static Task likelyTask(Column label) {
    if (!label.isNumeric()) {
      return Task.CLASSIFICATION;
    }
    boolean few = label.distinct() <= MOST_CLASSES && label.distinct() * 5L <= label.present();
    boolean gapless = label.max() - label.min() == label.distinct() - 1;
    return label.isWhole() && few && (gapless || label.distinct() == 2) ? Task.CLASSIFICATION : Task.REGRESSION;
  }

  /**
   * Checks that there is something to learn.
   *
   * @throws ConfigException if there is not
   */
  public void check() {
    String name = "column '" + label.name() + "'";
    List<Problem> problems = new ArrayList<>();
    if (label.missing() > 0) {
      problems.add(new Problem(new Place(name, null), label.missing() + " rows without a value", "a label in each row",
          "fill them in or remove those rows, or choose another label with --label"));
    }
    if (task == Task.REGRESSION && !label.isNumeric()) {
      problems.add(new Problem(new Place(name, null), "text", "numbers, for regression", "say --task classification"));
    }
    if (label.distinct() < 2) {
      problems.add(new Problem(new Place(name, null), "the same value in each row", "something to learn", ""));
    }
    if (task == Task.CLASSIFICATION && label.distinct() > MOST_CLASSES && label.distinct() > table.rows() / 5) {
      problems.add(new Problem(new Place(name, null), "almost as many values as rows", "classes that come again",
          "choose another label with --label" + (label.isNumeric() ? ", or say --task regression" : "")));
    }
    if (features().stream().allMatch(column -> use(column) == Use.IGNORE)) {
      problems.add(new Problem(new Place("the columns", null), "none to learn from", "at least one of numbers", ""));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private List<Column> features() {
    return table.columns().stream().filter(column -> !column.equals(label)).toList();
  }

  private Use use(Column column) {
    boolean counts = column.isWhole() && column.missing() == 0 && column.max() - column.min() == table.rows() - 1
        && table.rows() > CATEGORIES && (column.distinct() == Integer.MAX_VALUE || column.distinct() == table.rows());
    if (column.present() == 0 || counts) {
      return Use.IGNORE; // nothing, or the number of the row
    }
    if (column.isNumeric()) {
      return Use.NUMBER;
    }
    boolean comesAgain = column.distinct() <= CATEGORIES || column.distinct() * 10L <= table.rows();
    return column.isDate() ? Use.DATE : comesAgain ? Use.CATEGORY : Use.IGNORE;
  }

  // ---------------------------------------------------------------- the configuration

  /** One line for each thing that was found. */
  public List<String> findings() {
    Map<Use, List<String>> uses = new LinkedHashMap<>();
    features().forEach(column -> uses.computeIfAbsent(use(column), _ -> new ArrayList<>()).add(column.name()));
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%,d rows, %d columns", table.rows(), table.columns().size()));
    lines.add("label: '" + label.name() + "', " + (task == Task.REGRESSION
        ? "a number from " + number(label.min()) + " to " + number(label.max())
        : label.distinct() + " classes: " + some(List.copyOf(label.counts().keySet()))));
    uses.forEach((use, names) -> lines.add(switch (use) {
      case NUMBER -> "numbers: ";
      case CATEGORY -> "categories: ";
      case DATE -> "dates: ";
      case IGNORE -> "left out: ";
    } + some(names)));
    return lines;
  }

  /**
   * The configuration's text.
   *
   * @param path of the table as the configuration names it
   * @param name of the configuration, for its first lines
   */
  public String yaml(Path path, String name) {
    StringBuilder yaml = new StringBuilder();
    findings().forEach(line -> yaml.append("# ").append(line).append('\n'));
    yaml.append("#   ashlar train ").append(name).append("\n");
    data(yaml, path);
    model(yaml);
    training(yaml);
    return yaml.toString();
  }

  private void data(StringBuilder yaml, Path path) {
    List<Column> ignored = features().stream().filter(column -> use(column) == Use.IGNORE).toList();
    yaml.append("data:\n  source:\n    csv:\n      path: ")
        .append(text(path.toString().replace('\\', '/')))
        .append("   # relative to this file\n      label: ").append(text(label.name()))
        .append("\n      task: ").append(task.name().toLowerCase(Locale.ROOT)).append('\n');
    if (!ignored.isEmpty()) {
      yaml.append("      ignore: [").append(String.join(", ", ignored.stream().map(c -> text(c.name())).toList()))
          .append("]   # names, numbers of rows, and what is empty\n");
    }
    List<String> types = features().stream().filter(c -> use(c) == Use.CATEGORY || !c.formats().isEmpty())
        .filter(c -> use(c) != Use.IGNORE).map(c -> key(c.name()) + ": " + (use(c) == Use.CATEGORY ? "category"
            : "{date: {format: " + key(c.formats().getFirst()) + "}}")).toList();
    if (!types.isEmpty()) {
      yaml.append("      columns: {").append(String.join(", ", types)).append("}   # how they are read")
          .append(others()).append('\n');
    }
    boolean gaps = features().stream().anyMatch(column -> use(column) != Use.IGNORE && column.missing() > 0);
    if (gaps) {
      yaml.append("      missing: median   # what fills a gap; a category's is its most frequent value\n");
    }
    yaml.append(arePixels() ? "  transforms: [{divide: " + number(largest()) + "}]   # all numbers are of one kind: to 0 .. 1\n"
        : "  transforms: [standardize]   # mean 0 and deviation 1, by the examples to learn from\n");
    yaml.append("  split: {test: 0.2").append(table.rows() < 100 ? "" : ", validation: 0.15")
        .append(task == Task.CLASSIFICATION && rarest() >= 5 ? ", stratify: true" : "").append("}\n");
  }

  /** Formats that dates may be meant in as well. */
  private String others() {
    return features().stream().filter(c -> use(c) == Use.DATE && c.formats().size() > 1
            && c.formats().contains("d/M/yyyy") && c.formats().contains("M/d/yyyy"))
        .map(c -> "; " + c.name() + " may as well be MM/dd/yyyy").collect(Collectors.joining());
  }

  /** Many whole numbers from 0 to the same largest, as those of an image: what hardly varies should not be blown up. */
  private boolean arePixels() {
    return features().size() >= PIXELS && largest() > 1 && largest() <= BRIGHTEST && features().stream().allMatch(
        column -> use(column) == Use.NUMBER && column.isWhole() && column.missing() == 0 && column.min() >= 0);
  }

  private double largest() {
    return features().stream().mapToDouble(Column::max).max().orElse(0);
  }

  private long rarest() {
    return label.counts().values().stream().mapToLong(Long::longValue).min().orElse(0);
  }

  private int inputs() {
    return features().stream().mapToInt(column -> switch (use(column)) {
      case NUMBER -> 1;
      case CATEGORY -> Math.min(column.distinct(), CATEGORIES);
      case DATE -> 5;
      case IGNORE -> 0;
    }).sum();
  }

  private void model(StringBuilder yaml) {
    boolean large = table.rows() >= LARGE;
    int wide = Math.clamp(Integer.highestOneBit((large ? 4 : 2) * inputs()), 16, 128);
    yaml.append("model:\n  - dense: {units: ").append(wide).append(", activation: relu}\n");
    yaml.append("  - dropout: 0.2   # against learning by heart\n");
    if (large) {
      yaml.append("  - dense: {units: ").append(Math.max(16, wide / 2)).append(", activation: relu}\n");
    }
    if (task == Task.CLASSIFICATION) {
      yaml.append("  - dense: ").append(label.distinct()).append("   # a score for each class\n");
      return;
    }
    yaml.append("  - dense: 1\n");
    double scale = label.deviation();
    if (scale < 0.1 || scale > 10 || Math.abs(label.mean()) > 10 * scale) {
      yaml.append("  - rescale: {scale: ").append(number(scale)).append(", offset: ").append(number(label.mean()))
          .append("}   # deviation and mean of the label: answers are in its units\n");
    }
  }

  private void training(StringBuilder yaml) {
    long train = Math.max(1, Math.round(table.rows() * (table.rows() < 100 ? 0.8 : 0.65)));
    int batch = table.rows() < 2000 ? 16 : table.rows() < 50_000 ? 64 : 256;
    long steps = Math.ceilDiv(train, batch);
    long epochs = Math.clamp(Math.ceilDiv(STEPS, steps), 5, 100);
    boolean rare = task == Task.CLASSIFICATION && rarest() * 5L * label.distinct() < label.present() * 2L;
    yaml.append(task == Task.CLASSIFICATION ? "loss: cross_entropy\n" : "loss: mean_squared_error\n");
    yaml.append("optimizer: {adamw: {learning_rate: {cosine: {peak: ")
        .append(table.rows() < LARGE ? "1e-2" : "3e-3").append(", warmup: ")
        .append(Math.max(1, epochs * steps / 20)).append("}}, weight_decay: 0.01}}\n");
    yaml.append(task == Task.REGRESSION
        ? "metrics: [r2, mean_absolute_error]   # r2: 1 is perfect, 0 no better than the mean\n" : rare ? "metrics: [accuracy, f1]   # some classes are rare: f1 counts each class alike\n" : "metrics: [accuracy]\n");
    yaml.append("train: {epochs: ").append(epochs).append(", batch: ").append(batch)
        .append(", seed: 1}   # the epoch with the best ").append(table.rows() < 100 ? "training" : "validation")
        .append(" loss is kept\n");
  }

  private static String number(double value) {
    return Value.of(Double.parseDouble(String.format(Locale.ROOT, "%.4g", value))).toString();
  }

  /** Variables are put into texts, but not into keys. */
  private static String text(String text) {
    return key(text.replace("${", "$${"));
  }

  private static String key(String text) {
    return new Value.Text(text, Place.ROOT).toString();
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(8, names.size()))) + (names.size() > 8 ? " and "
        + (names.size() - 8) + " more" : "");
  }
}
