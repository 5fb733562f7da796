package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.io.data.CsvWording;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.numpy.NumpyFiles;
import dev.ashlar.program.Backend;
import dev.ashlar.runtime.Predictions;
import dev.ashlar.runtime.Runs;
import dev.ashlar.runtime.TableFormat;
import dev.ashlar.training.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar predict}. */
@Command(name = "predict", mixinStandardHelpOptions = true,
    description = "Answers for examples in a file: classes with their probabilities, or numbers. Those of a table are"
        + " in its order, in a column 'prediction'; of images each begins with the name of the file. A model that was"
        + " trained here knows by its loss what its numbers mean, and tells probabilities; of a Hugging Face folder"
        + " they are logits, as they come.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar predict runs/iris --input new.csv --output answers.csv",
        "  ashlar predict runs/pets --input photos/ --to jsonl",
        "  ashlar predict runs/digits --input images.npy --output probabilities.npy",
        "  cat rows.jsonl | ashlar predict runs/iris --from jsonl > answers.csv"})
final class PredictCommand implements Callable<Integer> {

  private static final String STANDARD = "-";
  private static final String OTHERS = ".*\\.(parquet|feather|arrow|xlsx?|ods|npz|h5|hdf5|pkl|pickle|safetensors)";

  @Parameters(paramLabel = "MODEL", description = "a model's file, the folder of its run, or a Hugging Face folder")
  private Path model = Path.of("");

  @Option(names = "--input", paramLabel = "FILE", defaultValue = STANDARD, converter = Converters.FileName.class,
      description = "examples: .csv (with or without a header), .jsonl, .npy, .txt (a text in each line),"
          + " an image or a folder of images;"
          + " '-', the default: standard input")
  private String input = STANDARD;

  @Option(names = "--output", paramLabel = "FILE", defaultValue = STANDARD, converter = Converters.FileName.class,
      description = "where the answers go: .csv, .jsonl or .npy; '-', the default: standard output")
  private String output = STANDARD;

  @Option(names = "--from", paramLabel = "FORMAT", converter = Format.class, completionCandidates = Formats.class,
      description = "of the examples: csv, jsonl, npy, text or images; default: by the name of the file, or csv")
  private @Nullable TableFormat from;

  @Option(names = "--to", paramLabel = "FORMAT", converter = Format.class, completionCandidates = Formats.class,
      description = "of the answers: csv, jsonl or npy; default: by the name of the file, or csv")
  private @Nullable TableFormat to;

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
      checkOutput(Path.of(output));
    }
    checkFormat(input, from, "examples that are csv, jsonl, npy, text or images", "--from csv");
    if (to == TableFormat.IMAGES || to == TableFormat.TEXT) {
      throw FileException.at("--to " + to.name().toLowerCase(Locale.ROOT), "what only examples are",
          "csv, jsonl or npy", "");
    }
    if (output.equals(STANDARD) && answers() == TableFormat.NPY) {
      throw FileException.at(
          "--to npy", "standard output", "a file, since an array is no text", "say --output FILE.npy");
    }
    // A table is read twice, and what comes through a pipe can be read only once.
    boolean once = input.equals(STANDARD) || AtomicFiles.isStream(Path.of(input));
    if (once && from == TableFormat.IMAGES) {
      throw FileException.at("--from images", "images from standard input or a pipe",
          "an image or a folder of images", "say --input FILE");
    }
    Path copy = once ? Files.createTempFile("ashlar", ".csv") : null;
    try (Backend backend = common.backend(runs);
        Model loaded = Model.load(Runs.modelFile(model), runs.plugins(), backend)) {
      if (copy != null) {
        copyTo(copy);
      }
      try (Progress progress = new Progress(spec.commandLine().getOut())) {
        write(predictions(loaded, progress), copy != null ? copy : Path.of(input));
      }
    } finally {
      if (copy != null) {
        Files.delete(copy);
      }
    }
    return 0;
  }

  private void copyTo(Path copy) throws IOException {
    if (input.equals(STANDARD)) {
      if (Terminal.ofProcess().isInteractive()) {
        spec.commandLine().getErr().println("reading examples from here to an end of file; --input FILE reads a file");
      }
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

  private void checkOutput(Path file) throws FileException {
    String name = String.valueOf(file.getFileName());
    if (to == null && !name.matches("(?i)[^.]+|.*\\.(csv|txt|jsonl|ndjson|npy)") && !AtomicFiles.isStream(file)) {
      throw FileException.at(file.toString(), "a name that ends in '" + name.substring(name.lastIndexOf('.')) + "'",
          "one that ends in .csv, .jsonl or .npy", "say what to write with --to csv, --to jsonl or --to npy");
    }
    Common.checkFolder(file);
  }

  /** What is named after a format that is not known would be taken for a table of text. */
  private static void checkFormat(String file, @Nullable TableFormat said, String expected, String option)
      throws FileException {
    if (said == null && file.toLowerCase(Locale.ROOT).matches(OTHERS)) {
      throw FileException.at(file, "the name of a file of another format", expected,
          "choose another name, or say what it is: " + option);
    }
  }

  /** Lower case, as the ends of names are. */
  private static final class Format implements CommandLine.ITypeConverter<TableFormat> {
    @Override
    public TableFormat convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "csv" -> TableFormat.CSV;
        case "jsonl" -> TableFormat.JSONL;
        case "npy" -> TableFormat.NPY;
        case "text" -> TableFormat.TEXT;
        case "images" -> TableFormat.IMAGES;
        default -> throw new CommandLine.TypeConversionException(
            "'" + text + "'; it must be csv, jsonl or npy, or of examples text or images");
      };
    }
  }

  /** What shells offer. */
  private static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("csv", "jsonl", "npy").iterator();
    }
  }

  private TableFormat answers() {
    return to != null ? to : TableFormat.of(Path.of(output));
  }

  private Predictions predictions(Model loaded, Progress progress) {
    return new Predictions(loaded, Optional.ofNullable(header), new Wording(), (examples, all) -> {
      if (!output.equals(STANDARD)) { // else the answers show how far it is
        progress.showIfDue("answering", examples, all);
      }
    });
  }

  /** A file is written whole or not at all; a pipe gets the answers as they come, once the examples are read. */
  private void write(Predictions predictions, Path table) throws IOException {
    TableFormat examples = from != null ? from : predictions.formatOf(Path.of(input));
    if (output.equals(STANDARD)) {
      predictions.write(table, examples, answers(), spec.commandLine().getOut());
    } else if (answers() == TableFormat.NPY) {
      NumpyFiles.write(Path.of(output), predictions.array(table, examples));
    } else {
      AtomicFiles.write(Path.of(output), file -> {
        try (PrintWriter out = new PrintWriter(AtomicFiles.stream(file), false, StandardCharsets.UTF_8)) {
          predictions.write(table, examples, answers(), out);
          if (out.checkError()) {
            throw new IOException("no space left, or the file took no more");
          }
        }
      });
    }
  }
}
