package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.RunFolder;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.Measures;
import dev.ashlar.training.Model;
import dev.ashlar.training.Tap;
import dev.ashlar.training.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar evaluate}. */
@Command(name = "evaluate", description = "Measures a model on each part of the data.", mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar evaluate runs/digits",
        "  ashlar evaluate runs/digits --json | tail -n 1",
        "  ashlar evaluate runs/digits --set data.source.csv.path=other.csv --set data.split={}",
        "  ashlar evaluate runs/digits --tap 'dense*'"})
final class EvaluateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "MODEL", description = "a model's file, the folder of its run, or a"
      + " Hugging Face folder, with --data")
  private Path model = Path.of("");

  @Option(names = "--data", paramLabel = "CONFIG",
      description = "the configuration whose data, loss and metrics to use; default: the one beside the model")
  private @Nullable Path data;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "replaces a value of the configuration")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--tap", paramLabel = "PATTERN",
      description = "also what the parts give whose paths match, such as 'blocks.3.*', for the first batch of the data")
  private @Nullable String tap;

  @Option(names = "--json", description = "end with one line of JSON")
  private boolean json;

  @Option(names = "--values", description = "in that line, also every value of what --tap shows")
  private boolean values;

  @Mixin
  private Computing common = new Computing();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter console = spec.commandLine().getOut();
    Runs runs = common.runs(data);
    Path file = Runs.modelFile(model);
    if (values && (!json || tap == null)) {
      throw new ParameterException(spec.commandLine(), "--values has a meaning only with both --json and --tap");
    }
    Model.requirePlugins(file, runs.plugins());
    Configuration configuration = common.configuration(data != null ? data : beside(file), sets, runs);
    List<Tap> taps = tap == null ? List.of() : runs.inside(file, configuration, tap);
    SequencedMap<String, Measures> metrics = measured(runs, file, configuration, console);
    Report.print(console, metrics);
    Report.print(console, taps);
    if (json) {
      console.println(Report.json(metrics, taps, values, file));
    }
    return 0;
  }

  private static SequencedMap<String, Measures> measured(Runs runs, Path file, Configuration configuration,
      PrintWriter console) throws IOException, InterruptedException {
    try (Progress progress = new Progress(console)) {
      return runs.evaluate(file, configuration, new TrainingListener() {
        @Override
        public void measured(long examples, long all) {
          progress.showIfDue("measuring", examples, all);
        }
      });
    }
  }

  private static Path beside(Path file) throws FileException {
    if (Files.isDirectory(file)) {
      throw FileException.at(file.toString(), "a Hugging Face folder, which says nothing of data",
          "a configuration that says what to measure on", "give one with --data");
    }
    Path beside = file.resolveSibling(RunFolder.CONFIGURATION);
    if (!Files.exists(beside)) {
      throw FileException.at(beside.toString(), "no such file",
          "the configuration of the run, which says what data to measure on", "give one with --data");
    }
    return beside;
  }
}
