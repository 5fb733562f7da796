package dev.ashlar.cli;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import dev.ashlar.runtime.RecordedRun;
import dev.ashlar.runtime.RunFolder;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar runs}. */
@Command(name = "runs", description = "Shows, compares and removes runs.", mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar runs list",
        "  ashlar runs show runs/digits                   # the newest of that name",
        "  ashlar runs compare runs/digits runs/wide",
        "  ashlar runs rm runs/digits-2026-03-09-120507"},
    subcommands = {RunsCommand.Listing.class, RunsCommand.Showing.class, RunsCommand.Comparing.class,
        RunsCommand.Removing.class})
final class RunsCommand implements Callable<Integer> {

  private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
  /** Rows of what was measured. */
  private static final int ROWS = 12;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  private static String time(String iso) {
    try {
      return iso.isEmpty() ? "" : MINUTES.format(Instant.parse(iso).atZone(ZoneId.systemDefault()));
    } catch (DateTimeParseException e) {
      return iso;
    }
  }

  private static String state(RecordedRun run) {
    return run.state().name().toLowerCase(Locale.ROOT);
  }

  private static String progress(RecordedRun run) {
    return EpochTable.text("%,d", run.step()) + (run.steps() > 0 ? EpochTable.text(" of %,d", run.steps()) : "");
  }

  private static String key(RecordedRun run) {
    return run.key().map(key -> key.part() + " " + key.measure() + " " + EpochTable.number(key.value())).orElse("");
  }

  private static String size(long bytes) {
    return bytes < 1_000_000 ? EpochTable.text("%,d kB", Math.ceilDiv(bytes, 1000))
        : EpochTable.text("%,.1f MB", bytes * 1e-6);
  }

  private static Map<String, Object> json(RecordedRun run) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("run", run.folder().toString());
    fields.put("state", state(run));
    fields.put("begun", run.begun());
    fields.put("step", run.step());
    fields.put("steps", run.steps());
    fields.put("epochs", run.epochs().size());
    fields.put("metrics", Report.numbers(run));
    fields.put("bytes", run.bytes());
    return fields;
  }

  /** What is done with runs. */
  private abstract static class Action implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    CommandLine command() {
      return spec.commandLine();
    }

    @Override
    public final Integer call() throws Exception {
      run(command().getOut());
      return 0;
    }

    abstract void run(PrintWriter out) throws Exception;
  }

  /** What tells of runs, people or programs. */
  private abstract static class Telling extends Action {

    @Option(names = "--json", description = "print a line of JSON, for each run where it is a list of them")
    private boolean json;

    boolean isJson() {
      return json;
    }
  }

  /** {@code ashlar runs list}. */
  @Command(name = "list", description = "Lists the runs in a folder, the newest last.", mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  ashlar runs list", "  ashlar runs list elsewhere --json"})
  static final class Listing extends Telling {

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "the folder of runs; default: runs")
    private Path folder = Path.of("runs");

    @Override
    void run(PrintWriter out) throws Exception {
      List<RecordedRun> runs = RecordedRun.all(folder);
      if (isJson()) {
        runs.forEach(run -> out.println(Json.write(Value.of(json(run)))));
        return;
      }
      if (runs.isEmpty()) {
        out.println("no runs in " + folder);
        return;
      }
      Table table = new Table("run", "begun", "state", "steps", "measure", "size").right(5);
      runs.forEach(run -> table.row(run.folder().getFileName().toString(), time(run.begun()), state(run), progress(run),
          RunsCommand.key(run), RunsCommand.size(run.bytes())));
      table.print(out);
    }
  }

  /** {@code ashlar runs show}. */
  @Command(name = "show", description = "Tells how a run went.", mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n", footer = {"  ashlar runs show runs/digits"})
  static final class Showing extends Telling {

    @Parameters(paramLabel = "RUN", description = "the folder of a run, or the name of the newest without its date")
    private Path given = Path.of("");

    @Override
    void run(PrintWriter out) throws Exception {
      RecordedRun run = RecordedRun.read(given);
      List<Path> checkpoints = run.checkpoints();
      if (isJson()) {
        Map<String, Object> fields = RunsCommand.json(run);
        fields.put("configuration", run.configuration());
        fields.put("checkpoints", checkpoints.stream().map(Path::toString).toList());
        fields.put("message", run.message());
        out.println(Json.write(Value.of(fields)));
        return;
      }
      out.println("run:     " + run.folder());
      out.println("begun:   " + time(run.begun()));
      out.println("state:   " + state(run) + " after step " + progress(run));
      if (!run.message().isEmpty()) {
        Screen.print(out, "told:    " + run.message(), "         ");
      }
      out.println("size:    " + RunsCommand.size(run.bytes()));
      for (Path checkpoint : checkpoints) {
        out.println("state of " + checkpoint.getFileName() + ": "
            + RunsCommand.size(RecordedRun.size(List.of(checkpoint))));
      }
      if (run.state() == RecordedRun.State.INTERRUPTED || run.state() == RecordedRun.State.FAILED) {
        out.println("go on:   ashlar train --resume " + run.folder());
      }
      measures(run, out);
    }

    /** The first, the last, and some between. */
    private static void measures(RecordedRun run, PrintWriter out) {
      List<Value.Mapping> epochs = run.epochs();
      if (epochs.isEmpty()) {
        return;
      }
      List<String> header = new ArrayList<>(List.of("epoch", "step"));
      Map<String, Map<String, Double>> first = RecordedRun.metrics(epochs.getFirst());
      first.forEach((part, values) -> values.keySet().forEach(name -> header.add(part + " " + name)));
      Table table = new Table(header.toArray(String[]::new));
      for (int i = 0; i < header.size(); i++) {
        table.right(i);
      }
      int rows = Math.min(ROWS, epochs.size());
      for (int row = 0; row < rows; row++) {
        Value.Mapping event = epochs.get(rows == 1 ? 0 : (int) Math.round((double) row * (epochs.size() - 1) / (rows - 1)));
        Map<String, Map<String, Double>> metrics = RecordedRun.metrics(event);
        List<String> cells = new ArrayList<>(List.of(String.valueOf(event.get("epoch")), String.valueOf(event.get("step"))));
        first.forEach((part, values) -> values.keySet().forEach(name -> cells.add(
            Optional.ofNullable(metrics.get(part)).map(of -> of.get(name)).map(EpochTable::number).orElse(""))));
        table.row(cells.toArray(String[]::new));
      }
      out.println();
      table.print(out);
    }
  }

  /** {@code ashlar runs compare}. */
  @Command(name = "compare", description = "Compares runs: what differs in their configurations, and what came of them.",
      mixinStandardHelpOptions = true, footerHeading = "%nExamples:%n",
      footer = {"  ashlar runs compare runs/digits runs/wide"})
  static final class Comparing extends Telling {

    @Parameters(paramLabel = "RUN", arity = "2..*", description = "folders of runs, or names without date")
    private List<Path> given = new ArrayList<>();

    @Override
    void run(PrintWriter out) throws Exception {
      List<RecordedRun> runs = new ArrayList<>();
      for (Path path : given) {
        runs.add(RecordedRun.read(path));
      }
      Map<String, List<String>> differences = RecordedRun.differences(runs);
      if (isJson()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("runs", runs.stream().map(RunsCommand::json).toList());
        fields.put("configuration", differences);
        out.println(Json.write(Value.of(fields)));
        return;
      }
      List<String> header = new ArrayList<>(List.of(""));
      runs.forEach(run -> header.add(run.folder().getFileName().toString()));
      Table table = new Table(header.toArray(String[]::new));
      differences.forEach((path, values) -> row(table, path, values));
      row(table, "state", runs.stream().map(RunsCommand::state).toList());
      row(table, "steps", runs.stream().map(RunsCommand::progress).toList());
      runs.stream().flatMap(run -> run.metrics().entrySet().stream()
              .flatMap(part -> part.getValue().keySet().stream().map(name -> List.of(part.getKey(), name))))
          .distinct().forEach(name -> row(table, String.join(" ", name), runs.stream().map(run ->
              Optional.ofNullable(run.metrics().get(name.getFirst())).map(part -> part.get(name.getLast()))
                  .map(EpochTable::number).orElse("")).toList()));
      table.print(out);
    }

    private static void row(Table table, String name, List<String> values) {
      List<String> cells = new ArrayList<>(List.of(name));
      cells.addAll(values);
      table.row(cells.toArray(String[]::new));
    }
  }

  /** {@code ashlar runs rm}. */
  @Command(name = "rm", description = "Removes runs: what they have left, and nothing else that is in their folders.",
      mixinStandardHelpOptions = true, footerHeading = "%nExamples:%n",
      footer = {"  ashlar runs rm runs/digits-2026-03-09-120507 --yes"})
  static final class Removing extends Action {

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "folders of runs")
    private List<Path> given = new ArrayList<>();

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Override
    void run(PrintWriter out) throws Exception {
      List<RecordedRun> runs = new ArrayList<>();
      for (Path path : given) {
        if (!Files.exists(path)) { // a name alone names none that is removed
          throw RunFolder.none(path, "the folder of a run, with its date");
        }
        runs.add(RecordedRun.read(path));
      }
      for (RecordedRun run : runs) {
        if (yes || agreed(run)) {
          run.remove();
          out.println("removed " + run.folder());
        }
      }
    }

    private boolean agreed(RecordedRun run) {
      Console console = System.console();
      if (console == null || !console.isTerminal()) {
        throw new ParameterException(command(), "nobody can be asked here: say --yes to remove " + run.folder());
      }
      String answer = console.readLine("remove %s, %s? [y/N] ", run.folder(), RunsCommand.size(run.bytes()));
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
  }
}
