package dev.ashlar.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar completion}. */
@Command(name = "completion", mixinStandardHelpOptions = true,
    description = "Prints a script that lets a shell complete commands and options.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  source <(ashlar completion bash)       # for this shell; in ~/.bashrc, for all",
        "  source <(ashlar completion zsh)        # the same in ~/.zshrc",
        "  ashlar completion fish | source        # the same in ~/.config/fish/config.fish"})
final class CompletionCommand implements Callable<Integer> {

  /** Shells that completion is known for. */
  enum Shell {
    /** The GNU shell. */
    bash,
    /** The Z shell, whose own emulation of bash's completion the script turns on. */
    zsh,
    /** The friendly interactive shell. */
    fish
  }

  @Parameters(paramLabel = "bash|zsh|fish", description = "the shell: ${COMPLETION-CANDIDATES}")
  private @Nullable Shell shell;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    CommandLine all = Main.commandLine();
    out.print(shell == Shell.fish ? FishCompletion.of(all) : AutoComplete.bash("ashlar", all));
    return 0;
  }
}
