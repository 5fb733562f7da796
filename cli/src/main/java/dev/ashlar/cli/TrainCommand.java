package dev.ashlar.cli;

import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.Folds;
import dev.ashlar.runtime.Profile;
import dev.ashlar.runtime.RateSearch;
import dev.ashlar.runtime.RunFolder;
import dev.ashlar.runtime.RunRequest;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.DivergedException;
import dev.ashlar.training.TrainingInterrupted;
import dev.ashlar.training.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
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

/** {@code ashlar train}. */
@Command(name = "train", description = "Trains as a configuration says.", mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar train examples/digits.yaml",
        "  ashlar train run.yaml --out runs/wide --set 'model[0].dense.units=512' --set train.epochs=5",
        "  ashlar train run.yaml --folds 5                # how far chance goes",
        "  ashlar train run.yaml --find-rate              # looks for a learning rate",
        "  ashlar train run.yaml --watch                  # in a browser, while it goes on",
        "  ashlar train run.yaml --profile",
        "  ashlar train run.yaml --json | tail -n 1",
        "  ashlar train --resume runs/run                 # the newest run of that name",
        "",
        "Exit codes: 0, 1 if the run failed, 2 for a mistake in what was given, 130 after Ctrl-C and 143 after",
        "SIGTERM, with a checkpoint to go on from"})
final class TrainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "CONFIG", arity = "0..1", description = "the configuration, in YAML")
  private @Nullable Path config;

  @Option(names = "--resume", paramLabel = "RUN",
      description = "go on with a run that was interrupted, in its folder: that folder, or a checkpoint in it")
  private @Nullable Path resume;

  @Option(names = "--out", paramLabel = "DIR",
      description = "the folder of the run; default: runs/NAME-DATE-TIME")
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

  @Option(names = "--watch", description = "show the run in a browser of this machine while it goes on")
  private boolean watch;

  @Option(names = "--port", paramLabel = "N", description = "where --watch listens; default: a port that is free")
  private @Nullable Integer port;

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
    check();
    Runs runs = common.runs(config);
    if (folds != null) {
      return validated(runs.crossValidate(common.configuration(config, sets, runs), folds, new EpochTable(console)),
          console);
    }
    if (findRate) {
      return searched(new RateSearch(runs.plugins()), common.configuration(config, sets, runs), console);
    }
    return train(runs, console);
  }

  private int train(Runs runs, PrintWriter console) throws Exception {
    Profile times = new Profile();
    RunEndings endings =
        new RunEndings(console, spec.commandLine().getErr(), json, common.pluginsAgain(config));
    Runs.Resumed resumed;
    try (Signals signals = new Signals(this::told);
        Watching watching = watch ? Watching.start(port == null ? 0 : port, console, spec) : Watching.NOBODY) {
      try (EpochTable table = new EpochTable(console)) {
        TrainingListener shown = quiet ? new Quiet(spec.commandLine().getErr()) : table;
        resumed = trained(runs, new RunRequest(TrainingListener.all(List.of(shown, endings)), backend -> {
          if (profile) {
            backend.profile(times);
          }
        }, folder -> {
          endings.isAt(folder);
          watching.begin(folder);
          signals.watch(); // before there is a run, a signal ends the process
        }, signals::isReceived, words(), machine()));
        if (resumed.trained().isPresent() && !quiet && !json) {
          table.curve();
        }
      } catch (DivergedException e) {
        return endings.diverged(e);
      } catch (TrainingInterrupted e) {
        endings.interrupted(e);
        return signals.exitCode(Failures.FAILED);
      } catch (ParameterException e) {
        throw e; // an option that has no meaning here
      } catch (IOException | RuntimeException e) {
        return endings.failed(e);
      }
    }
    if (resumed.trained().isEmpty()) {
      endings.finished(resumed.folder());
    } else {
      came(resumed.trained().get(), times, endings, console);
    }
    return 0;
  }

  private void came(Runs.Trained trained, Profile times, RunEndings endings, PrintWriter console) throws IOException {
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
      console.println(Report.json(trained.measures(), model, endings.end()));
    }
  }

  private void check() {
    if (config == null && resume == null) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'CONFIG'");
    }
    if (folds != null && (out != null || overwrite || profile || watch)) {
      throw new ParameterException(spec.commandLine(),
          "--folds leaves no model: --out, --overwrite, --profile and --watch have no meaning with it");
    }
    if (port != null && !watch) {
      throw new ParameterException(spec.commandLine(), "--port has a meaning only with --watch");
    }
    if (findRate && (resume != null || out != null || overwrite || profile || watch || folds != null)) {
      throw new ParameterException(spec.commandLine(), "--find-rate leaves no model: --resume, --out, --overwrite,"
          + " --profile, --watch and --folds have no meaning with it");
    }
    if (resume != null && (config != null || out != null || overwrite || folds != null)) {
      throw new ParameterException(spec.commandLine(), "--resume goes on in the folder of the run, with its"
          + " configuration: CONFIG, --out, --overwrite and --folds have no meaning with it, and --set changes values");
    }
  }

  private Runs.Resumed trained(Runs runs, RunRequest request) throws IOException, InterruptedException {
    if (resume != null) {
      return runs.resume(resume, common.replacements(sets), request);
    }
    Configuration configuration = common.configuration(config, sets, runs);
    RunFolder wanted = out != null ? RunFolder.of(out)
        : RunFolder.named(Path.of("runs"), config, LocalDateTime.now(ZoneId.systemDefault()));
    Runs.Trained trained = runs.train(configuration, overwrite ? wanted.overwriting() : wanted, request);
    return new Runs.Resumed(trained.folder(), Optional.of(trained));
  }

  /** The first signal: the thread that trains is in the middle of a step. */
  private void told(int signal) {
    PrintWriter err = spec.commandLine().getErr();
    err.println();
    err.println("stopping after this step, with a checkpoint; once more to stop at once");
    err.flush();
  }

  private int searched(RateSearch search, Configuration configuration, PrintWriter console)
      throws IOException, InterruptedException {
    RateSearch.Found found;
    try (Progress progress = new Progress(console)) {
      found = search.find(configuration, new TrainingListener() {
        @Override
        public void step(long step, double loss) {
          progress.showIfDue("looking for a learning rate: step", step, RateSearch.STEPS);
        }
      });
    }
    RateReport.print(console, found, !quiet && !json);
    if (json) {
      console.println(RateReport.json(found));
    }
    return 0;
  }

  private List<String> words() {
    List<String> words = new ArrayList<>(List.of("ashlar"));
    words.addAll(spec.root().commandLine().getParseResult().originalArgs());
    return words;
  }

  private static SequencedMap<String, String> machine() {
    SequencedMap<String, String> machine = new LinkedHashMap<>();
    Machine.here().processor().ifPresent(name -> machine.put("processor", name));
    return machine;
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
