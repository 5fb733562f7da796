package dev.ashlar.cli;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Location;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.json.Json;
import dev.ashlar.model.Precision;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.PreparedRun;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.Course;
import dev.ashlar.training.Examples;
import dev.ashlar.training.Programs;
import dev.ashlar.training.Settings;
import dev.ashlar.training.Summary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar validate}. */
@Command(name = "validate", mixinStandardHelpOptions = true,
    description = "Looks for mistakes in a configuration, its data included, and says what training would do."
        + " Trains nothing. Exit code 2 if there are mistakes.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar validate run.yaml",
        "  ashlar validate run.yaml --full        # with every value that is taken by default",
        "  ashlar validate run.yaml --json        # mistakes as data, for editors and scripts"})
final class ValidateCommand implements Callable<Integer> {

  /** Names that are all listed. */
  private static final int FEW = 20;
  /** Of more, these are. */
  private static final int LISTED = 6;

  @Parameters(paramLabel = "CONFIG", description = "the configuration, in YAML")
  private Path config = Path.of("");

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "replaces a value of the configuration")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--full", description = "also print the configuration with every value written")
  private boolean full;

  @Option(names = "--json", description = "print one line of JSON: whether it is right, and the mistakes")
  private boolean json;

  @Mixin
  private Computing common = new Computing();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (full && json) {
      throw new ParameterException(spec.commandLine(), "--full and --json have no meaning together: leave out one");
    }
    Runs runs = common.runs(config);
    try {
      Configuration configuration = common.configuration(config, sets, runs);
      try (PreparedRun run = PreparedRun.of(configuration);
          Backend backend = runs.backend(configuration).open(runs.plugins().kernels())) {
        if (json) {
          out.println(told(List.of()));
        } else {
          print(out, run, backend);
          if (full) {
            out.println();
            out.print(configuration.written(configuration.base(), runs.plugins()));
          }
        }
      }
      return 0;
    } catch (ConfigException e) {
      if (!json) {
        throw e;
      }
      out.println(told(e.problems()));
      return Failures.USER;
    }
  }

  private void print(PrintWriter out, PreparedRun run, Backend backend) {
    Screen.print(out, config + " is right", "  ");
    Dataset train = run.examples().train();
    Summary summary = Summary.of(run.task().model(), Precision.F32, train.columns());
    Settings settings = run.settings();
    Course course = Course.of(settings, train.size());
    line(out, "examples", run.examples().parts().entrySet().stream()
        .map(part -> EpochTable.text("%,d to %s", part.getValue().size(), PURPOSES.get(part.getKey())))
        .collect(Collectors.joining(", ")));
    line(out, "inputs", types(Programs.inputs(train.columns())) + some(train.features()));
    line(out, "outputs", summary.lines().getFirst().outputs()
        + (train.classes().isEmpty() ? "" : ", for " + train.classes().size() + " classes" + some(train.classes())));
    line(out, "model", EpochTable.count(summary.parameters(), "parameter") + ", "
        + SummaryCommand.flops(summary.flops()) + " FLOPs to predict one example");
    String batches = "in batches of " + settings.batchOf(train)
        + (course.accumulate() > 1 ? ", " + course.accumulate() + " of them a step" : "");
    line(out, "training", course.byEpoch()
        ? EpochTable.count(course.periods(), "epoch") + " of " + EpochTable.count(course.every(), "step") + " " + batches
            + ", " + EpochTable.count(course.updates(), "step") + " in all"
        : EpochTable.count(course.updates(), "step") + " " + batches + ", measured "
            + (course.periods() == 1 ? "at the end" : "every " + EpochTable.count(course.every(), "step")));
    line(out, "kept", settings.keep() == Settings.Keep.LAST ? "the last " + (course.byEpoch() ? "epoch" : "step") + "'s model"
        : "the model of the " + (course.byEpoch() ? "epoch" : "step") + " with the best " + settings.monitor() + " in "
            + (run.examples().validation().isPresent() ? "validation" : "training"));
    line(out, "backend", backend.describe());
  }

  private static final Map<String, String> PURPOSES = Map.of(Examples.TRAIN, "learn from",
      Examples.VALIDATION, "compare epochs with", Examples.TEST, "test");

  private static void line(PrintWriter out, String name, String text) {
    Screen.print(out, EpochTable.text("%-10s ", name + ":") + text, " ".repeat(4));
  }

  private static String types(Map<String, ?> columns) {
    return columns.size() == 1 ? columns.values().iterator().next().toString() : columns.toString();
  }

  private static String some(List<String> names) {
    int listed = names.size() <= FEW ? names.size() : LISTED;
    return names.isEmpty() ? ""
        : " (" + String.join(", ", names.subList(0, listed)) + (names.size() > listed ? ", .." : "") + ")";
  }

  private String told(List<Problem> problems) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("valid", problems.isEmpty());
    report.put("mistakes", problems.stream().map(ValidateCommand::told).toList());
    return Json.write(Value.of(report));
  }

  private static Map<String, Object> told(Problem problem) {
    Map<String, Object> mistake = new LinkedHashMap<>();
    Location location = problem.place().location();
    if (location != null) {
      mistake.put("file", location.file());
      mistake.put("line", location.line());
      mistake.put("column", location.column());
    }
    mistake.put("path", problem.place().path());
    mistake.put("found", problem.found());
    mistake.put("expected", problem.expected());
    mistake.put("help", problem.help());
    return mistake;
  }
}
