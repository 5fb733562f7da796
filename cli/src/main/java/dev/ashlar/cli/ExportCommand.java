package dev.ashlar.cli;

import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Model;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar export}. */
@Command(name = "export", mixinStandardHelpOptions = true,
    description = "Writes a model as a Hugging Face folder, which transformers loads: one that was imported, or one whose"
        + " architecture a family describes, wherever it was trained. 'plugins list' names the families.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar export runs/llama-small --hf llama-small-hf"})
final class ExportCommand implements Callable<Integer> {

  @Parameters(paramLabel = "MODEL", description = "a model's file, the folder of its run, or a Hugging Face folder")
  private Path model = Path.of("");

  @Option(names = "--hf", paramLabel = "DIR", required = true, description = "the new folder")
  private Path folder = Path.of("");

  @Option(names = "--overwrite", description = "replace a folder that is there already and holds a model's files alone")
  private boolean overwrite;

  @Mixin
  private Common common = new Common();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Runs runs = common.runs();
    Common.checkFolder(folder);
    try (Backend backend = Backends.open(runs.plugins());
        Model loaded = Model.load(Runs.modelFile(model), runs.plugins(), backend)) {
      loaded.exportTo(folder, runs.plugins(), overwrite);
      Screen.print(spec.commandLine().getOut(),
          folder + ": " + EpochTable.text("%,d", loaded.parameters()) + " parameters", "  ");
    }
    return 0;
  }
}
