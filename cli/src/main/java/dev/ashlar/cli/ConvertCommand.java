package dev.ashlar.cli;

import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Runs;
import dev.ashlar.tensor.DType;
import dev.ashlar.training.Backends;
import dev.ashlar.training.Model;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar convert}. */
@Command(name = "convert", mixinStandardHelpOptions = true,
    description = "Writes a model with its parameters in another type. It computes as before, in f32; parameters in"
        + " bf16 or f16 take half the room, on disk and in memory.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar convert runs/digits --dtype bf16 --output digits-bf16.safetensors"})
final class ConvertCommand implements Callable<Integer> {

  private static final List<DType> TYPES = List.of(DType.F32, DType.BF16, DType.F16);

  @Parameters(paramLabel = "MODEL", description = "a model's file, or the folder of its run")
  private Path model = Path.of("");

  @Option(names = "--dtype", paramLabel = "f32|bf16|f16", required = true, converter = Type.class,
      completionCandidates = Names.class, description = "in which parameters are kept")
  private DType dtype = DType.F32;

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "the new file")
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
    Common.checkNew(output, overwrite);
    try (Backend backend = Backends.open(runs.plugins());
        Model loaded = Model.load(Runs.modelFile(model), runs.plugins(), backend)) {
      loaded.save(output, runs.plugins(), dtype);
    }
    PrintWriter out = spec.commandLine().getOut();
    Screen.print(out,
        output + ": " + EpochTable.text("%,d", Files.size(output)) + " bytes, parameters in " + dtype, "  ");
    return 0;
  }

  private static List<String> names() {
    return TYPES.stream().map(DType::toString).toList();
  }

  /** What {@code --dtype} may be. */
  private static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }
  }

  /** Reads it. */
  private static final class Type implements CommandLine.ITypeConverter<DType> {
    @Override
    public DType convert(String text) {
      String wanted = text.toLowerCase(Locale.ROOT);
      return TYPES.stream().filter(type -> type.toString().equals(wanted)).findFirst().orElseThrow(() ->
          new CommandLine.TypeConversionException("'" + text + "'; it must be one of " + String.join(", ", names())));
    }
  }
}
