package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.runtime.RecordedRun;
import dev.ashlar.runtime.RunFolder;
import dev.ashlar.runtime.Runs;
import dev.ashlar.runtime.report.RunServer;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar watch}. */
@Command(name = "watch", mixinStandardHelpOptions = true,
    description = "Shows a run, or all runs of a folder, in a browser of this machine, and follows them while they go"
        + " on. Ends with Ctrl-C.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar watch runs/digits",
        "  ashlar watch runs                              # all of them, side by side",
        "  ashlar watch runs --port 6006 --open"})
final class WatchCommand implements Callable<Integer> {

  private static final int LAST_PORT = 65_535;

  @Parameters(paramLabel = "RUN", description = "the folder of a run, the name of the newest without its date, or a"
      + " folder with runs in it")
  private Path folder = Path.of("");

  @Option(names = "--port", paramLabel = "N", description = "where to listen; default, and 0: a port that is free")
  private int port;

  @Option(names = "--open", description = "show the page in the desktop's browser")
  private boolean open;

  @Mixin
  private Common common = new Common();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    checkPort(port, spec);
    Path meant = RunFolder.meant(folder);
    if (!Files.isDirectory(meant)) {
      throw RunFolder.none(folder, "the folder of a run, or one with runs in it");
    }
    Runs runs = common.runs();
    try (RunServer server = RunServer.start(meant, !RunFolder.isRun(meant), port, runs::findings,
        RecordedRun::goesOn)) {
      out.println("watching " + meant + " at " + server.address() + " (Ctrl-C ends)");
      out.flush();
      if (open) {
        Desktop.open(server.address(), spec.commandLine().getErr());
      }
      new CountDownLatch(1).await();
    } catch (BindException e) {
      throw taken(port, e);
    } catch (InterruptedException e) {
      // That is how it ends.
    }
    return 0;
  }

  static void checkPort(int port, @Nullable CommandSpec spec) {
    if (port < 0 || port > LAST_PORT) {
      throw new ParameterException(spec.commandLine(), "--port " + port + ": a port is from 0 to " + LAST_PORT);
    }
  }

  /** What is said of a port that is taken. */
  static FileException taken(int port, BindException e) {
    return FileException.at("--port " + port, "a port that cannot be had: " + e.getMessage(), "one that is free",
        "leave --port out, and a free one is found");
  }
}
