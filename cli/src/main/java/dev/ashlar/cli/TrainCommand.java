package dev.ashlar.cli;

import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.Replacement;
import dev.ashlar.runtime.Runs;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
  private Path out;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "replaces a value: train.epochs=5, model[1].dropout=0.2")
  private List<String> sets = new ArrayList<>();

  @Mixin
  private Common common = new Common();

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter console = spec.commandLine().getOut();
    Runs runs = common.runs();
    List<Replacement> replacements = sets.stream().map(Replacement::parse).toList();
    Configuration configuration = Configuration.read(config, replacements, runs.plugins());
    runs.train(configuration, new EpochTable(console), result -> {
      console.println(result.metrics());
    });
    return 0;
  }
}
