package dev.ashlar.cli;

import dev.ashlar.runtime.RunFolder;
import java.io.PrintWriter;
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

  @Parameters(paramLabel = "RUN", description = "the folder of a run, or the name of the newest without its date")
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
    Path page = common.runs().report(RunFolder.find(run), again);
    out.println("report: " + page);
    if (open) {
      Desktop.open(page.toAbsolutePath().toUri(), spec.commandLine().getErr());
    }
    return 0;
  }
}
