package dev.ashlar.cli;

import dev.ashlar.training.EpochReport;
import dev.ashlar.training.Programs;
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
    every = epochs <= MANY ? 1 : Math.ceilDiv(epochs, MANY / 2);
    progress = new Progress(out);
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
    done = step;
    if (progress.isDue()) {
      progress.show(place(step), (double) step / Math.max(1, steps), "loss " + number(loss));
    }
  }

  private String place(long step) {
    return byEpoch ? "epoch " + epochOf(step) + " of " + epochs : text("step %,d of %,d", step, steps);
  }

  private long epochOf(long step) {
    return Math.min(epochs, (step - 1) * epochs / Math.max(1, steps) + 1);
  }

  @Override
  public void measured(long examples, long all) {
    if (progress.isDue()) {
      progress.show("measuring", (double) done / Math.max(1, steps), "after " + place(done));
    }
  }

  @Override
  public void epoch(EpochReport report) {
    progress.clear();
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

  @Override
  public void resumed(long step) {
    out.println("going on after step " + text("%,d", step));
    done = step;
  }

  @Override
  public void warning(long step, String kind, String message) {
    progress.clear();
    out.println("warning: " + message);
  }

  @Override
  public void sample(String text) {
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
