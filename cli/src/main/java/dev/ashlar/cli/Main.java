package dev.ashlar.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The entry point. Exit codes: 0, 1 if the run failed, 2 for the user's mistake, 141 if whoever read the output took no
 * more of it, as of any program that a broken pipe ends.
 */
@Command(
    name = "ashlar",
    description = "Deep learning in pure Java.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar init table.csv                  # writes a configuration for your data",
        "  ashlar train table.yaml",
        "  ashlar predict runs/table --input new.csv",
        "  ashlar COMMAND --help                  # more on each",
        "",
        "Exit codes: 0, 1 if something failed, 2 for a mistake in what was given"},
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main {

  private static final Map<String, Supplier<Object>> COMMANDS = commands();

  /** Less than this picocli refuses. */
  private static final int NARROWEST_HELP = 55;
  private static final int WIDEST_HELP = 100;

  private static final int BROKEN_PIPE = 128 + 13;

  private Main() {}

  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("train", TrainCommand::new);
    commands.put("evaluate", EvaluateCommand::new);
    commands.put("predict", PredictCommand::new);
    commands.put("generate", GenerateCommand::new);
    commands.put("init", InitCommand::new);
    commands.put("validate", ValidateCommand::new);
    commands.put("summary", SummaryCommand::new);
    commands.put("report", ReportCommand::new);
    commands.put("watch", WatchCommand::new);
    commands.put("diff", DiffCommand::new);
    commands.put("runs", RunsCommand::new);
    commands.put("convert", ConvertCommand::new);
    commands.put("import", ImportCommand::new);
    commands.put("export", ExportCommand::new);
    commands.put("tokenizer", TokenizerCommand::new);
    commands.put("plugins", PluginsCommand::new);
    commands.put("schema", SchemaCommand::new);
    commands.put("doctor", DoctorCommand::new);
    commands.put("completion", CompletionCommand::new);
    return commands;
  }

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Screen.ofProcess(), new PrintWriter(System.err, true), arguments));
  }

  /** Runs a command. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    Supplier<Object> only = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    // Classes of other commands are not even loaded.
    CommandLine line = only == null ? commandLine()
        : new CommandLine(new Main()).addSubcommand(arguments[0], only.get());
    // Settings reach only those subcommands that are there already.
    line.setOut(out).setErr(err).setExecutionExceptionHandler(new Failures())
        .setParameterExceptionHandler(new Failures());
    Converters.registerAt(line);
    line.setUsageHelpWidth(Math.clamp(Screen.of(out).columns(), NARROWEST_HELP, WIDEST_HELP));
    if (arguments.length == 0) {
      line.usage(out);
      return printed(0, out, err);
    }
    return printed(execute(line, arguments), out, err);
  }

  /** With all commands. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
    ServiceLoader.load(Subcommand.class).forEach(line::addSubcommand);
    return line.addSubcommand(new CommandLine.HelpCommand());
  }

  private static int execute(CommandLine line, String... arguments) {
    try {
      return line.execute(arguments);
    } catch (Error e) { // picocli hands on exceptions only
      return Failures.tell(e, line.getErr());
    }
  }

  /** Writers swallow what goes wrong: without asking, a lost answer would look like a success. */
  private static int printed(int code, PrintWriter out, PrintWriter err) {
    if (!out.checkError() || code != 0) {
      return code;
    }
    if (Screen.isReaderGone(out)) {
      return BROKEN_PIPE; // head and the like mean it so
    }
    err.println("standard output took no more, perhaps since the disk is full: what it got is not complete");
    return Failures.FAILED;
  }
}
