package dev.ashlar.cli;

import dev.ashlar.training.EpochReport;
import dev.ashlar.training.Programs;
import dev.ashlar.training.TrainingEnd;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingStart;
import dev.ashlar.training.Work;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One row for each epoch, or for each evaluation of a run that counts steps; of a long run, some of them. In a narrow window headers take two lines, then speed and time
 * go, then each epoch is a paragraph. On a terminal a line below tells how far the run has come.
 */
final class EpochTable implements TrainingListener, AutoCloseable {

  /** Runs of more epochs than this print about half as many rows. */
  private static final int MANY = 100;
  /** Wider headers take two lines even where lines are as long as they are. */
  private static final int WIDE = 120;
  private static final String GAP = "  ";
  private static final String SPEED = "samples/s";
  private static final String TOKENS = "tokens/s";
  private static final String PEAK = "peak";
  private static final String EPOCH = "epoch";
  private static final String STEP = "step";
  private static final String TIME = "time";

  private final PrintWriter out;
  private Progress progress;
  private int epochs;
  private long steps;
  private long done;
  private boolean byEpoch = true;
  private Work work = new Work(0, 0);
  private OptionalDouble peak = OptionalDouble.empty();
  /** Of a cross-validation, from 1: each is a run. */
  private int fold;
  private int every = 1;
  private List<Column> columns = List.of();
  private boolean inParagraphs;
  private final LossCurve curve = new LossCurve();
  private final Speed speed = new Speed();
  private List<String> judged = List.of();

  /**
   * @param part of the data that is measured; empty for what is of the epoch
   * @param name of the measure
   */
  private record Column(String part, String name, int width) {

    static Column of(String part, String name, boolean broken) {
      int words = broken ? Math.max(part.length(), name.length()) : both(part, name).length();
      return new Column(part, name, Math.max(words, name.equals(Programs.LOSS) ? 8 : 7));
    }

    static Column of(String name) {
      return new Column("", name, Math.max(name.length(), name.equals(EPOCH) ? 5 : 7));
    }

    String title() {
      return both(part, name);
    }

    private static String both(String part, String name) {
      return part.isEmpty() ? name : part + " " + name;
    }
  }

  EpochTable(PrintWriter out) {
    this.out = out;
    this.progress = new Progress(out);
  }

  @Override
  public void started(TrainingStart start) {
    epochs = start.epochs();
    steps = start.steps();
    byEpoch = start.byEpoch();
    work = start.work();
    peak = start.peak();
    judged = List.of();
    speed.begin(start.examplesPerStep());
    every = epochs <= MANY ? 1 : Math.ceilDiv(epochs, MANY / 2);
    progress = new Progress(out);
    done = 0;
    fold++;
    if (fold > 1) {
      out.println("fold " + fold);
      return;
    }
    Screen.print(out, start.backend(), GAP);
    Screen.print(out, String.join(", ", count(start.parameters(), "parameter"), count(start.examples(), "example"),
        byEpoch ? count(epochs, "epoch") + ", " + count(steps, "step")
            : count(steps, "step") + " in " + count(epochs, "part")), GAP);
    if (every > 1) {
      out.println("showing every " + every + "th " + (byEpoch ? "epoch" : "part"));
    }
    Screen.print(out, "columns of train: means over the " + (byEpoch ? "epoch" : "steps since the last row") + ", while the model changed, dropout and the like at work",
        GAP);
    out.println();
  }

  @Override
  public void step(long step, double loss) {
    if (done == 0) {
      progress.from((step - 1.0) / Math.max(1, steps)); // a run that goes on
    }
    done = step;
    curve.step(step, loss);
    if (progress.isDue()) {
      progress.show(place(step), (double) step / Math.max(1, steps), now(step, loss));
    }
  }

  /** What the line tells, the most important first. */
  private List<String> now(long step, double loss) {
    List<String> more = new ArrayList<>(List.of("loss " + number(loss)));
    double rate = speed.at(step);
    if (rate > 0) {
      more.add(work.tokens() > 0 ? text("%,.0f tokens/s", rate * work.tokens()) : text("%,.0f samples/s", rate));
    }
    more.addAll(judged);
    Machine.here().resident().ifPresent(bytes -> more.add(text("%,d MB", bytes >> 20)));
    if (byEpoch) {
      more.add(text("step %,d of %,d", step, steps));
    }
    return more;
  }

  private String place(long step) {
    return byEpoch ? "epoch " + epochOf(step) + " of " + epochs : text("step %,d of %,d", step, steps);
  }

  private long epochOf(long step) {
    return Math.min(epochs, (step - 1) * epochs / Math.max(1, steps) + 1);
  }

  @Override
  public void measured(long examples, long all) {
    speed.pause();
    if (progress.isDue()) {
      progress.show("measuring", (double) done / Math.max(1, steps), "after " + place(done));
    }
  }

  @Override
  public void epoch(EpochReport report) {
    progress.clear();
    speed.pause();
    curve.epoch(report);
    judged = measures(report);
    if (columns.isEmpty()) {
      header(report);
    }
    if (report.epoch() % every != 0 && report.epoch() != 1 && report.epoch() != epochs) {
      return;
    }
    List<String> cells = columns.stream().map(column -> cell(column, report)).toList();
    if (inParagraphs) {
      List<String> measures = new ArrayList<>();
      for (int i = 1; i < cells.size(); i++) {
        measures.add(columns.get(i).title() + " " + cells.get(i));
      }
      Screen.print(out, columns.getFirst().name() + " " + cells.getFirst() + ": " + String.join(", ", measures), GAP);
    } else {
      row(cells);
    }
  }

  /** Those of the part that judges; of training alone, the line has the loss anyway. */
  private static List<String> measures(EpochReport report) {
    String part = report.metrics().lastEntry().getKey();
    return report.metrics().size() == 1 ? List.of() : report.metrics().lastEntry().getValue().entrySet().stream()
        .map(measure -> part + " " + measure.getKey() + " " + number(measure.getValue())).toList().reversed();
  }

  @Override
  public void warning(long step, String kind, String message) {
    progress.clear();
    ("warning: " + message).lines().forEach(line -> Screen.print(out, line, GAP));
  }

  @Override
  public void ended(TrainingEnd end) {
    progress.clear();
    if (end.reason() == TrainingEnd.Reason.STOPPED && !end.message().isEmpty()) {
      Screen.print(out, text("stopped after step %,d: ", end.step()) + end.message(), GAP);
    }
  }

  /** Draws how the loss went. */
  void curve() {
    curve.print(out);
  }

  @Override
  public void resumed(long step) {
    out.println("going on after step " + text("%,d", step));
    done = step;
  }

  @Override
  public void sample(String text) {
    progress.clear();
    out.println(GAP + GAP + "| " + text.strip().replace("\n", "\n" + GAP + GAP + "| "));
  }

  /** Takes the line of progress away if the run ended in the middle. */
  @Override
  public void close() {
    progress.clear();
  }

  private String cell(Column column, EpochReport report) {
    if (!column.part().isEmpty()) {
      return number(report.metrics().get(column.part()).get(column.name()));
    }
    return switch (column.name()) {
      case SPEED -> text("%,.0f", report.samplesPerSecond());
      case TOKENS -> text("%,.0f", report.samplesPerSecond() * work.tokens());
      case PEAK -> text("%.0f %%", 100 * report.samplesPerSecond() * work.flops() / peak.orElseThrow());
      case STEP -> text("%,d", report.step());
      case TIME -> text("%.2f s", report.time().toNanos() * 1e-9);
      default -> text("%d", report.epoch());
    };
  }

  private void header(EpochReport report) {
    for (int attempt = 0; attempt < 4; attempt++) {
      boolean broken = attempt > 0;
      columns = new ArrayList<>(List.of(Column.of(byEpoch ? EPOCH : STEP)));
      report.metrics().forEach((part, metrics) ->
          metrics.keySet().forEach(name -> columns.add(Column.of(part, name, broken))));
      if (attempt < 2) {
        columns.add(Column.of(work.tokens() > 0 ? TOKENS : SPEED));
        if (work.tokens() > 0 && peak.isPresent()) {
          columns.add(Column.of(PEAK));
        }
      }
      if (attempt < 3) {
        columns.add(Column.of(TIME));
      }
      int width = columns.stream().mapToInt(column -> column.width() + GAP.length()).sum() - GAP.length();
      if (Screen.of(out).fits(width) && (broken || width <= WIDE)) {
        if (broken) {
          row(columns.stream().map(Column::part).toList());
        }
        row(columns.stream().map(column -> broken ? column.name() : column.title()).toList());
        return;
      }
    }
    inParagraphs = true;
  }

  private void row(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      int width = columns.get(i).width();
      line.append(i == 0 ? "" : GAP).append(" ".repeat(Math.max(0, width - cells.get(i).length())))
          .append(cells.get(i));
    }
    out.println(line.toString().stripTrailing());
  }

  /** Four places after the point, or powers of ten where those would say nothing. */
  static String number(double value) {
    double size = Math.abs(value);
    return size == 0 || size >= 1e-3 && size < 1e6 ? text("%.4f", value) : text("%.3e", value);
  }

  /** {@code 1 step}, {@code 1,200 steps}. */
  static String count(long number, String noun) {
    return text("%,d %s", number, number == 1 ? noun : noun + "s");
  }

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
