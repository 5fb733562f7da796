package dev.ashlar.cli;

import dev.ashlar.training.EpochReport;
import dev.ashlar.training.Programs;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingStart;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One row for each epoch; of a long run, some of them. */
final class EpochTable implements TrainingListener {

  /** Runs of more epochs than this print about half as many rows. */
  private static final int MANY = 100;

  private final PrintWriter out;
  private int epochs;
  private int every = 1;
  private List<Integer> widths = List.of();

  EpochTable(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void started(TrainingStart start) {
    epochs = start.epochs();
    every = epochs <= MANY ? 1 : Math.ceilDiv(epochs, MANY / 2);
    out.println(start.backend());
    out.println(String.join(", ", count(start.parameters(), "parameter"), count(start.examples(), "example"),
        count(epochs, "epoch"), count(start.steps(), "step")));
    if (every > 1) {
      out.println("showing every " + every + "th epoch");
    }
    out.println("columns of train are means over the epoch, noise on and while the model changed");
    out.println();
  }

  @Override
  public void epoch(EpochReport report) {
    if (widths.isEmpty()) {
      header(report);
    }
    if (report.epoch() % every != 0 && report.epoch() != 1 && report.epoch() != epochs) {
      return;
    }
    List<String> cells = new ArrayList<>();
    cells.add(text("%d", report.epoch()));
    report.metrics().forEach((part, metrics) -> metrics.forEach((name, value) -> cells.add(number(value))));
    cells.add(text("%,.0f", report.samplesPerSecond()));
    cells.add(text("%.2f s", report.time().toNanos() * 1e-9));
    row(cells);
  }

  private void header(EpochReport report) {
    List<String> names = new ArrayList<>(List.of("epoch"));
    report.metrics().forEach((part, metrics) -> metrics.keySet().forEach(name -> names.add(part + " " + name)));
    names.addAll(List.of("samples/s", "time"));
    widths = names.stream().map(name -> Math.max(name.length(), name.equals(Programs.LOSS) ? 8 : 7)).toList();
    row(names);
  }

  private void row(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : "  ").append(" ".repeat(Math.max(0, widths.get(i) - cells.get(i).length()))).append(cells.get(i));
    }
    out.println(line);
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
