package dev.ashlar.cli;

import dev.ashlar.model.Precision;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.PreparedRun;
import dev.ashlar.runtime.Runs;
import dev.ashlar.tensor.DType;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Model;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Summary;
import dev.ashlar.training.TrainingMemory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar summary}. */
@Command(name = "summary", description = "Shows the layers of a model, what they give, their parameters and"
    + " arithmetic; of a configuration, also the memory that training takes.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar summary examples/mnist.yaml",
        "  ashlar summary runs/digits",
        "  ashlar summary models/gpt2 --parameters"})
final class SummaryCommand implements Callable<Integer> {

  @Parameters(paramLabel = "CONFIG|MODEL", description = "a configuration, a model's file, the folder of its run,"
      + " or a Hugging Face folder")
  private Path file = Path.of("");

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "replaces a value of the configuration")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--parameters", description = "also the paths and types of all parameters")
  private boolean parameters;

  @Mixin
  private Common common = new Common();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Runs runs = common.runs(Runs.isConfiguration(file) ? file : null);
    PrintWriter out = spec.commandLine().getOut();
    if (Runs.isConfiguration(file)) {
      Configuration configuration = common.configuration(file, sets, runs);
      try (PreparedRun run = PreparedRun.of(configuration);
          Backend backend = runs.backend(configuration).open(runs.plugins().kernels())) {
        print(out, Summary.of(run.task().model(), Precision.F32, run.examples().train().columns()),
            Precision.F32.parameter());
        print(out, TrainingMemory.of(run.task(), run.examples(), run.settings(), backend), run.settings());
        if (run.settings().remat().isPresent()) {
          TrainingMemory kept = TrainingMemory.of(run.task(), run.examples(), run.settings().withoutRemat(), backend);
          Screen.print(out, "without 'remat': " + megabytes(kept.total()) + " MB, a step "
              + megabytes(kept.step()), "  ");
        }
      }
      return 0;
    }
    if (!sets.isEmpty()) {
      throw new ParameterException(spec.commandLine(),
          "--set replaces values of a configuration, and " + file + " is a model: name the configuration");
    }
    try (Backend backend = Backends.open(runs.plugins());
        Model model = Model.load(Runs.modelFile(file), runs.plugins(), backend)) {
      print(out, Summary.of(model.block(), model.precision(), model.signature().inputTypes()),
          model.precision().parameter());
    }
    return 0;
  }

  private static void print(PrintWriter out, TrainingMemory memory, Settings settings) {
    String batches = EpochTable.text("batches of %,d", memory.batch())
        + (settings.accumulate() > 1 ? EpochTable.text(", %,d of them a step", settings.accumulate()) : "")
        + settings.remat().map(parts -> ", '" + parts + "' computed again").orElse("");
    Screen.print(out, EpochTable.text("%s MB to train in %s: variables %s, a step %s, measuring %s,"
        + " the best epoch %s; the JVM and the data come on top%s", megabytes(memory.total()), batches,
        megabytes(memory.variables()), megabytes(memory.step()), megabytes(memory.measuring()),
        megabytes(memory.best()), ofThisProcess()), "  ");
  }

  /** What can be measured without training. */
  private static String ofThisProcess() {
    OptionalLong bytes = Machine.here().ofProcess();
    return bytes.isEmpty() ? ""
        : ": this process, which has read them and trains nothing, took " + megabytes(bytes.getAsLong())
            + " MB (measured)";
  }

  private static String megabytes(long bytes) {
    return EpochTable.text(bytes < 100_000 ? "%.3f" : bytes < 10_000_000 ? "%,.1f" : "%,.0f", bytes / 1e6);
  }

  private void print(PrintWriter out, Summary summary, DType type) {
    layers(out, summary);
    if (parameters) {
      Table table = new Table("parameter", "type");
      summary.types().forEach((path, of) -> table.row(path, of.toString()));
      table.print(out);
      out.println();
    }
    Screen.print(out, EpochTable.count(summary.parameters(), "parameter")
        + EpochTable.text(" (%,d bytes)", type.bytes() * summary.parameters())
        + (summary.state() == 0 ? "" : EpochTable.text(", %,d numbers of state", summary.state()))
        + ", " + flops(summary.flops()) + " FLOPs to predict one example", "  ");
  }

  private static void layers(PrintWriter out, Summary summary) {
    Table table = new Table("layer", "kind", "output", "parameters", "FLOPs").right(3, 4);
    Deque<String> parents = new ArrayDeque<>();
    for (Summary.Line line : summary.lines()) {
      if (!line.path().isEmpty()) {
        while (!parents.isEmpty() && !line.path().startsWith(parents.getLast() + ".")) {
          parents.removeLast();
        }
        String name = parents.isEmpty() ? line.path() : line.path().substring(parents.getLast().length() + 1);
        table.row("  ".repeat(parents.size()) + name, line.kind(), line.outputs(),
            line.parameters() == 0 ? "" : EpochTable.text("%,d", line.parameters()),
            line.flops() == 0 ? "" : flops(line.flops()));
        parents.addLast(line.path());
      }
    }
    table.print(out);
    out.println();
  }

  /** Three digits and a power of a thousand, as everyone writes them. */
  static String flops(double count) {
    String powers = " kMGTPE";
    double value = count;
    int power = 0;
    for (; value >= 999.5 && power < powers.length() - 1; power++) {
      value /= 1000;
    }
    return power == 0 ? EpochTable.text("%.0f", value)
        : EpochTable.text(value < 9.995 ? "%.2f%c" : value < 99.95 ? "%.1f%c" : "%.0f%c", value, powers.charAt(power));
  }
}
