package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.io.data.TableGlance;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.PreparedRun;
import dev.ashlar.runtime.Proposal;
import dev.ashlar.runtime.Runs;
import dev.ashlar.runtime.Yaml;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar init}. */
@Command(name = "init", mixinStandardHelpOptions = true,
    description = "Looks at a table and writes a configuration that trains on it. On a terminal it asks what it cannot"
        + " know; elsewhere, and with --yes, it takes what is likely.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar init table.csv",
        "  ashlar init table.csv --label price --task regression --output price.yaml --yes"})
final class InitCommand implements Callable<Integer> {

  @Parameters(paramLabel = "TABLE", description = "a text file: fields separated by commas, semicolons, tabs or bars")
  private Path table = Path.of("");

  @Option(names = "--label", paramLabel = "COLUMN",
      description = "the column to learn; default: one called label, target or the like, else the last")
  private @Nullable String label;

  @Option(names = "--task", paramLabel = "classification|regression",
      description = "whether classes or numbers are learnt; default: by what the column looks like")
  private @Nullable String task;

  @Option(names = "--output", paramLabel = "FILE",
      description = "the configuration; default: named after the table, in this folder")
  private @Nullable Path output;

  @Option(names = "--overwrite", description = "replace a file that is there already")
  private boolean overwrite;

  @Option(names = {"-y", "--yes"}, description = "ask nothing")
  private boolean yes;

  @Mixin
  private Common common = new Common();

  @Spec
  private @Nullable CommandSpec spec;

  private @Nullable BufferedReader answers;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Runs runs = common.runs();
    TableGlance glance = TableGlance.of(table);
    TableGlance.Column likely = Proposal.likelyLabel(glance);
    TableGlance.Column learnt = Proposal.column(glance, label != null ? label
        : asked(out, "Which column is to be learnt?", likely.name()));
    String likelyTask = name(Proposal.likelyTask(learnt));
    Proposal.Task kind = task(task != null ? task
        : asked(out, "Is it classification or regression?", likelyTask));
    Path file = output != null ? output : Path.of(asked(out, "Where does the configuration go?", defaultOutput()));
    if (Files.exists(file) && !overwrite) {
      throw FileException.at(file.toString(), "a file of that name", "a name that is not taken",
          "choose another name with --output, or replace the file with --overwrite");
    }
    Common.checkFolder(file);
    Proposal proposal = new Proposal(glance, learnt, kind);
    proposal.check();
    String yaml = proposal.yaml(relative(file), file.toString());
    // What is written is right: it has been read, and its data opened, before anyone sees it.
    Path folder = file.getParent() == null ? Path.of("") : file.getParent();
    PreparedRun.of(Configuration.read(Yaml.parse(yaml, file.toString()), folder, runs.plugins())).close();
    AtomicFiles.write(file, yaml);
    proposal.findings().forEach(line -> Screen.print(out, line, "  "));
    out.println("configuration: " + file);
    Screen.print(out, "next: ashlar train " + file, "  ");
    return 0;
  }

  private String asked(PrintWriter out, String question, String likely) throws IOException {
    if (yes || !Screen.of(out).isInteractive()) {
      return likely;
    }
    if (answers == null) {
      answers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }
    out.print(question + " [" + likely + "] ");
    out.flush();
    String answer = answers.readLine();
    return answer == null || answer.isBlank() ? likely : answer.strip();
  }

  private Proposal.Task task(String answer) {
    return Arrays.stream(Proposal.Task.values()).filter(t -> name(t).equals(answer)).findFirst()
        .orElseThrow(() -> Proposal.unknownTask(answer));
  }

  private static String name(Proposal.Task task) {
    return task.name().toLowerCase(Locale.ROOT);
  }

  private String defaultOutput() {
    return table.getFileName().toString().replaceFirst("\\.(csv|tsv|txt)(\\.gz)?$", "") + ".yaml";
  }

  /** As the configuration names it: from its own folder, unless it was named from the root and lies elsewhere. */
  private Path relative(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path whole = table.toAbsolutePath().normalize();
    return folder == null || table.isAbsolute() && !whole.startsWith(folder) ? table : folder.relativize(whole);
  }
}
