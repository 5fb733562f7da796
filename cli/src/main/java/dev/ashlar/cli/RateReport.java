package dev.ashlar.cli;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import dev.ashlar.runtime.RateSearch;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** What a search for a learning rate has found, for people and for programs. */
final class RateReport {

  private static final int ROWS = 10;

  private RateReport() {}

  /** @param isDrawn whether the losses are drawn */
  static void print(PrintWriter out, RateSearch.Found found, boolean isDrawn) {
    String name = found.path().isPresent() ? "learning rate" : "times the configuration's";
    if (isDrawn && found.rates().length > 2) {
      double[] shown = clipped(found.losses(), found.base());
      out.println();
      new Plot("loss by " + name, List.of(new Plot.Curve("loss", (char) 0, found.rates(), shown)), ROWS, true,
          rate(found.rates()[0]), rate(found.rates()[found.rates().length - 1])).print(out);
      out.println();
    }
    if (Double.isNaN(found.suggestion())) {
      Screen.print(out, "the loss falls at no rate: look at the data, the loss and the model first", "  ");
      return;
    }
    boolean isTenth = found.suggestion() > 0.0999 * found.least();
    Screen.print(out, "least loss at " + rate(found.least()) + "; suggestion, "
        + (isTenth ? "a tenth of it: " : "where it falls fastest: ") + rate(found.suggestion()), "  ");
    Screen.print(out, found.path().map(path -> "now " + rate(found.now()) + " at most, in " + path)
        .orElse("(times what the configuration says)"), "  ");
  }

  /** What lies far above the first losses would leave no room for them. */
  private static double[] clipped(double[] losses, double base) {
    double least = DoubleStream.of(losses).min().orElse(base);
    double most = base + 0.5 * Math.max(base - least, 0.25 * Math.abs(base));
    return DoubleStream.of(losses).map(loss -> Math.min(loss, most)).toArray();
  }

  /** One line. */
  static String json(RateSearch.Found found) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("suggestion", Double.isNaN(found.suggestion()) ? null : found.suggestion());
    report.put("least", Double.isNaN(found.least()) ? null : found.least());
    report.put("setting", found.path().orElse(null));
    report.put("now", found.now());
    report.put("rates", DoubleStream.of(found.rates()).boxed().toList());
    report.put("losses", DoubleStream.of(found.losses()).boxed().toList());
    return Json.write(Value.of(report));
  }

  private static String rate(double value) {
    return EpochTable.text("%.1e", value);
  }
}
