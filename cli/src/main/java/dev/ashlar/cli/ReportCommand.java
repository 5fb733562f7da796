package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.runtime.Runs;
import dev.ashlar.runtime.report.RunFiles;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar report}. */
@Command(name = "report", mixinStandardHelpOptions = true,
    description = "Writes the page of a run, report.html, as training does at its end: curves, mistakes, the network,"
        + " configuration and environment in one file that needs no network. Also of a run that was killed.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar report runs/digits",
        "  ashlar report runs/digits --again --open       # looks at the examples anew"})
final class ReportCommand implements Callable<Integer> {

  static final String HELP = "'ashlar runs list' names those in runs";

  @Parameters(paramLabel = "RUN", description = "the folder of a run")
  private Path run = Path.of("");

  @Option(names = "--again", description = "look at the model and the data anew, as they are now")
  private boolean again;

  @Option(names = "--open", description = "show the page in the desktop's browser")
  private boolean open;

  @Mixin
  private Common common = new Common();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    checkRun(run);
    Path page = common.runs().report(run, again);
    out.println("report: " + page);
    if (open) {
      Desktop.open(page.toAbsolutePath().toUri(), spec.commandLine().getErr());
    }
    return 0;
  }

  /** @throws FileException if no run has been there */
  static void checkRun(Path run) throws FileException {
    if (!new RunFiles(run).isRun()) {
      throw FileException.at(run.toString(), !Files.exists(run) ? "no such folder"
          : Files.isDirectory(run) ? "no run" : "a file", "the folder of a run", HELP);
    }
  }
}
