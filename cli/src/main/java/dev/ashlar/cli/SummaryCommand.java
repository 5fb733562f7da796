package dev.ashlar.cli;

import dev.ashlar.model.Precision;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.PreparedRun;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Model;
import dev.ashlar.training.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar summary}. */
@Command(name = "summary", description = "Shows the layers of a model, what they give and their parameters.",
    mixinStandardHelpOptions = true)
final class SummaryCommand implements Callable<Integer> {

  @Parameters(paramLabel = "CONFIG|MODEL", description = "a configuration, a model's file or the folder of its run")
  private Path file = Path.of("");

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "replaces a value of the configuration")
  private List<String> sets = new ArrayList<>();

  @Mixin
  private Common common = new Common();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    print(spec.commandLine().getOut(), summary());
    return 0;
  }

  private Summary summary() throws IOException {
    Runs runs = common.runs();
    if (Runs.isConfiguration(file)) {
      try (PreparedRun run = PreparedRun.of(common.configuration(file, sets, runs))) {
        return Summary.of(run.task().model(), Precision.F32, run.examples().train().columns());
      }
    }
    try (Backend backend = Backends.open(runs.plugins());
        Model model = Model.load(Runs.modelFile(file), runs.plugins(), backend)) {
      return Summary.of(model.block(), model.precision(), model.signature().inputTypes());
    }
  }

  private static void print(PrintWriter out, Summary summary) {
    Table table = new Table("layer", "kind", "output", "parameters").right(3);
    Deque<String> parents = new ArrayDeque<>();
    for (Summary.Line line : summary.lines()) {
      if (!line.path().isEmpty()) {
        while (!parents.isEmpty() && !line.path().startsWith(parents.getLast() + ".")) {
          parents.removeLast();
        }
        String name = parents.isEmpty() ? line.path() : line.path().substring(parents.getLast().length() + 1);
        table.row("  ".repeat(parents.size()) + name, line.kind(), line.outputs(),
            line.parameters() == 0 ? "" : EpochTable.text("%,d", line.parameters()));
        parents.addLast(line.path());
      }
    }
    table.print(out);
    out.println();
    out.println(EpochTable.count(summary.parameters(), "parameter") + EpochTable.text(" (%,d bytes)", 4 * summary.parameters())
        + (summary.state() == 0 ? "" : EpochTable.text(", %,d numbers of state", summary.state())));
  }
}
