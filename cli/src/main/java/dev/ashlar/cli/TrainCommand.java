package dev.ashlar.cli;

import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.RunFolder;
import dev.ashlar.runtime.Runs;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar train}. */
@Command(name = "train", description = "Trains as a configuration says.", mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "CONFIG", description = "the configuration, in YAML")
  private Path config = Path.of("");

  @Option(names = "--out", paramLabel = "DIR", description = "where the model goes; default: runs/NAME")
  private @Nullable Path out;

  @Option(names = "--set", paramLabel = "KEY=VALUE",
      description = "replaces a value, such as train.epochs=5 or model[1].dropout=0.2; may be given again")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--json", description = "end with one line of JSON")
  private boolean json;

  @Mixin
  private Common common = new Common();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter console = spec.commandLine().getOut();
    Runs runs = common.runs();
    Configuration configuration = common.configuration(config, sets, runs);
    RunFolder folder = out != null ? new RunFolder(out) : RunFolder.fresh(Path.of("runs"), config);
    var metrics = runs.train(configuration, folder, new EpochTable(console));
    console.println();
    Report.print(console, metrics);
    console.println("model: " + folder.model());
    if (json) {
      console.println(Report.json(metrics, folder.model()));
    }
    return 0;
  }
}
