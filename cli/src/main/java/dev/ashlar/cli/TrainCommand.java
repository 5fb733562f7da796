package dev.ashlar.cli;

import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.Folds;
import dev.ashlar.runtime.Profile;
import dev.ashlar.runtime.RateSearch;
import dev.ashlar.runtime.RunFolder;
import dev.ashlar.runtime.RunRequest;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar train}. */
@Command(name = "train", description = "Trains as a configuration says.", mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar train examples/digits.yaml",
        "  ashlar train run.yaml --out runs/wide --set 'model[0].dense.units=512' --set train.epochs=5",
        "  ashlar train run.yaml --folds 5                # how far chance goes",
        "  ashlar train run.yaml --find-rate              # looks for a learning rate",
        "  ashlar train run.yaml --profile",
        "  ashlar train run.yaml --json | tail -n 1"})
final class TrainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "CONFIG", description = "the configuration, in YAML")
  private Path config = Path.of("");

  @Option(names = "--out", paramLabel = "DIR",
      description = "where the model goes; default: runs/NAME, with a number if there is one")
  private @Nullable Path out;

  @Option(names = "--overwrite", description = "replace a run that is there already")
  private boolean overwrite;

  @Option(names = "--set", paramLabel = "KEY=VALUE",
      description = "replaces a value, such as train.epochs=5 or model[1].dropout=0.2; may be given again")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--json", description = "end with one line of JSON")
  private boolean json;

  @Option(names = {"-q", "--quiet"}, description = "print how good the model is and where it is, and no more")
  private boolean quiet;

  @Option(names = "--profile",
      description = "tell where the time went, by layer and by kernel, and leave a trace beside the model")
  private boolean profile;

  @Option(names = "--folds", paramLabel = "NUMBER",
      description = "train this many times, each time with another part of the examples held out, and tell mean and"
          + " deviation; leaves no model")
  private @Nullable Integer folds;

  @Option(names = "--find-rate",
      description = "look for a learning rate: train some steps with larger and larger ones; leaves no model")
  private boolean findRate;

  @Mixin
  private Computing common = new Computing();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter console = spec.commandLine().getOut();
    Runs runs = common.runs();
    Configuration configuration = common.configuration(config, sets, runs);
    if (findRate) {
      if (out != null || overwrite || profile || folds != null) {
        throw new ParameterException(spec.commandLine(),
            "--find-rate leaves no model: --out, --overwrite, --profile and --folds have no meaning with it");
      }
      return searched(new RateSearch(runs.plugins()), configuration, console);
    }
    if (folds != null) {
      if (out != null || overwrite || profile) {
        throw new ParameterException(spec.commandLine(),
            "--folds leaves no model: --out, --overwrite and --profile have no meaning with it");
      }
      return validated(runs.crossValidate(configuration, folds, new EpochTable(console)), console);
    }
    RunFolder wanted = out != null ? RunFolder.of(out) : RunFolder.named(Path.of("runs"), config, LocalDateTime.now());
    Profile times = new Profile();
    Runs.Trained trained;
    try (EpochTable table = new EpochTable(console)) {
      TrainingListener listener = quiet ? new Quiet(spec.commandLine().getErr()) : table;
      RunRequest request = new RunRequest(listener, backend -> {
        if (profile) {
          backend.profile(times);
        }
      }, path -> {}, () -> false, List.of(), new LinkedHashMap<>());
      trained = runs.train(configuration, overwrite ? wanted.overwriting() : wanted, request);
      if (!quiet && !json) {
        table.curve();
      }
    }
    Path model = trained.folder().model();
    if (!quiet) {
      console.println();
    }
    Report.print(console, trained.measures());
    if (profile) {
      ProfileReport.print(console, times, trained.folder().path().resolve("trace.json"));
    }
    console.println("model: " + model);
    if (json) {
      console.println(Report.json(trained.measures(), model));
    }
    return 0;
  }

  private int searched(RateSearch search, Configuration configuration, PrintWriter console) throws Exception {
    RateSearch.Found found;
    try (Progress progress = new Progress(console)) {
      found = search.find(configuration, new TrainingListener() {
        @Override
        public void step(long step, double loss) {
          progress.showIfDue("looking for a learning rate: step", step, RateSearch.STEPS);
        }
      });
    }
    if (!quiet) {
      RateReport.print(console, found);
    }
    if (json) {
      console.println(RateReport.json(found));
    }
    return 0;
  }

  private int validated(Folds found, PrintWriter console) {
    console.println();
    Report.print(console, found);
    if (json) {
      console.println(Report.json(found));
    }
    return 0;
  }
}
