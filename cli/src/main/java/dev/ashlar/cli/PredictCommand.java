package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.io.data.CsvWording;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Predictions;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar predict}. */
@Command(name = "predict", description = "Answers for the rows of a table.", mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {

  private static final String STANDARD = "-";

  @Parameters(paramLabel = "MODEL", description = "a model's file, or the folder of its run")
  private Path model = Path.of("");

  @Option(names = "--input", paramLabel = "FILE", defaultValue = STANDARD,
      description = "numbers separated by commas, with or without a header; '-', the default: standard input")
  private String input = STANDARD;

  @Option(names = "--output", paramLabel = "FILE", defaultValue = STANDARD,
      description = "where the answers go; '-', the default: standard output")
  private String output = STANDARD;

  @Option(names = "--header", paramLabel = "true|false", arity = "1",
      description = "whether the first line holds names; default: found out")
  private @Nullable Boolean header;

  @Mixin
  private Computing common = new Computing();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Runs runs = common.runs();
    if (!output.equals(STANDARD)) {
      checkFolder(Path.of(output));
    }
    // A table is read twice, and what comes through a pipe can be read only once.
    boolean once = input.equals(STANDARD) || AtomicFiles.isStream(Path.of(input));
    Path copy = once ? Files.createTempFile("ashlar", ".csv") : null;
    try (Backend backend = common.backend(runs);
        Model loaded = Model.load(Runs.modelFile(model), runs.plugins(), backend)) {
      if (copy != null) {
        copyTo(copy);
      }
      write(new Predictions(loaded, Optional.ofNullable(header), new Wording()), copy != null ? copy : Path.of(input));
    } finally {
      if (copy != null) {
        Files.delete(copy);
      }
    }
    return 0;
  }

  private void copyTo(Path copy) throws IOException {
    if (input.equals(STANDARD)) {
      Files.copy(System.in, copy, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    try (InputStream in = opened(Path.of(input))) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static InputStream opened(Path stream) throws FileException {
    try {
      return Files.newInputStream(stream);
    } catch (IOException e) {
      throw FileProblems.reading(stream, e);
    }
  }

  private final class Wording implements CsvWording {
    @Override
    public String source() {
      return input.equals(STANDARD) ? "standard input" : input;
    }

    @Override
    public String option(String key, String value) {
      return key.equals("header") ? "--header " + value : "";
    }
  }

  private static void checkFolder(Path file) throws FileException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw FileException.at(file.toString(), "no folder " + folder, "a file in a folder that is there",
          "make the folder, or check its name");
    }
  }

  /** A file is written whole or not at all; a pipe gets the answers when all are there. */
  private void write(Predictions predictions, Path table) throws IOException {
    if (output.equals(STANDARD)) {
      predictions.write(table, spec.commandLine().getOut());
      return;
    }
    StringWriter text = new StringWriter();
    predictions.write(table, new PrintWriter(text));
    AtomicFiles.write(Path.of(output), text.toString());
  }
}
