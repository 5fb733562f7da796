package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Model;
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

/** {@code ashlar import}. */
@Command(name = "import", mixinStandardHelpOptions = true,
    description = "Writes a model of a Hugging Face folder (config.json and safetensors) as one file, its tokenizer in"
        + " it. generate, predict and export also take a folder as it is.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar import models/gpt2 gpt2.safetensors",
        "  ashlar generate gpt2.safetensors --prompt 'Once upon a time'"})
final class ImportCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "HF_DIR", description = "a folder with config.json and safetensors")
  private Path folder = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "the new file, such as model.safetensors")
  private Path output = Path.of("");

  @Option(names = "--overwrite", description = "replace a file that is there already")
  private boolean overwrite;

  @Mixin
  private Common common = new Common();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Runs runs = common.runs();
    if (!HuggingFaceFolder.is(folder)) {
      throw FileException.at(folder.toString(),
          Files.exists(folder) ? "no config.json in it" : "no such folder",
          "a Hugging Face folder: config.json and safetensors",
          Files.isDirectory(folder) ? "fetch all of its files" : "check the name");
    }
    Common.checkNew(output, overwrite);
    if (Files.exists(output) && Files.isSameFile(folder, output.toAbsolutePath().getParent())) {
      throw FileException.at(output.toString(), "a file of the model that is read", "the name of a new file",
          "choose another name");
    }
    try (Backend backend = Backends.open(runs.plugins());
        Model model = Model.load(folder, runs.plugins(), backend)) {
      model.save(output, runs.plugins());
      Screen.print(spec.commandLine().getOut(), output + ": " + EpochTable.text("%,d", model.parameters())
          + " parameters, " + EpochTable.text("%,d", Files.size(output)) + " bytes", "  ");
    }
    return 0;
  }
}
