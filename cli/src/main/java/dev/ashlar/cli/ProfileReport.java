package dev.ashlar.cli;

import dev.ashlar.runtime.Profile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Where the time went, for people. */
public final class ProfileReport {

  /** Rows of a table; what remains is one row more. */
  private static final int ROWS = 20;

  private ProfileReport() {}

  /**
   * Prints the times of layers and of kernels, as sums over all threads, and leaves a trace.
   *
   * @param trace where it is written
   * @throws IOException if it cannot be written
   */
  public static void print(PrintWriter out, Profile profile, Path trace) throws IOException {
    if (profile.byKernel().isEmpty()) {
      out.println("no profile: this backend takes no times");
      return;
    }
    out.println();
    print(out, "layer", profile.byLayer());
    out.println();
    print(out, "kernel", profile.byKernel());
    out.println();
    print(out, profile.threads());
    profile.writeTrace(trace);
    Screen.print(out, "times are sums over all threads; trace, for ui.perfetto.dev: " + trace, "  ");
  }

  private static void print(PrintWriter out, Profile.Threads threads) {
    double all = threads.seconds() * threads.busy().size();
    Screen.print(out, EpochTable.text("waiting: %.3f s, %.1f %% of the %.3f s of %s, for each other or for what is no"
        + " kernel, such as reading data; kernels took ", threads.waiting(), 100 * threads.waiting() / all,
        threads.seconds(), EpochTable.count(threads.busy().size(), "thread")) + String.join(", ",
        threads.busy().entrySet().stream().map(thread -> EpochTable.text("%.1f %% of %s",
        100 * thread.getValue() / threads.seconds(), thread.getKey())).toList()), "  ");
  }

  private static void print(PrintWriter out, String what, List<Profile.Line> lines) {
    double all = lines.stream().mapToDouble(Profile.Line::seconds).sum();
    Table table = new Table(what, "calls", "seconds", "share", "us a call", "GFLOP/s", "GB/s").right(1, 2, 3, 4, 5, 6);
    for (Profile.Line line : lines.size() <= ROWS + 1 ? lines : lines.subList(0, ROWS)) {
      row(table, line, all);
    }
    if (lines.size() > ROWS + 1) {
      List<Profile.Line> rest = lines.subList(ROWS, lines.size());
      row(table, new Profile.Line(rest.size() + " others", rest.stream().mapToLong(Profile.Line::calls).sum(),
          rest.stream().mapToDouble(Profile.Line::seconds).sum(), rest.stream().mapToDouble(Profile.Line::flops).sum(),
          rest.stream().mapToDouble(Profile.Line::bytes).sum()), all);
    }
    table.print(out);
  }

  private static void row(Table table, Profile.Line line, double all) {
    table.row(line.name().isEmpty() ? "(no layer)" : line.name(), EpochTable.text("%,d", line.calls()),
        EpochTable.text("%.3f", line.seconds()), EpochTable.text("%.1f %%", 100 * line.seconds() / all),
        EpochTable.text("%,.1f", line.seconds() / line.calls() * 1e6),
        EpochTable.text("%.1f", line.flops() / line.seconds() * 1e-9),
        EpochTable.text("%.1f", line.bytes() / line.seconds() * 1e-9));
  }
}
