package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.data.Texts;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.tokenizers.BpeTrainer;
import dev.ashlar.io.tokenizers.Tokenizer;
import dev.ashlar.io.tokenizers.WordPattern;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ashlar tokenizer}. */
@Command(name = "tokenizer", mixinStandardHelpOptions = true,
    description = "Trains tokenizers, and turns texts into numbers and back.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar tokenizer train --vocabulary 8000 --output tokenizer.json texts/",
        "  ashlar tokenizer encode tokenizer.json --text \"To be, or not to be\"",
        "  ashlar tokenizer encode tokenizer.json --input texts.jsonl --json > ids.jsonl",
        "  ashlar tokenizer decode tokenizer.json --input ids.jsonl"},
    subcommands = {TokenizerCommand.Training.class, TokenizerCommand.Encoding.class, TokenizerCommand.Decoding.class})
final class TokenizerCommand implements Callable<Integer> {

  private static final String STANDARD_INPUT = "standard input";

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /** {@code ashlar tokenizer train}. */
  @Command(name = "train", mixinStandardHelpOptions = true,
      description = "Learns a byte-level BPE from texts and writes it as a tokenizer.json, which Hugging Face's"
          + " tokenizers read too. Texts may be larger than memory.",
      footerHeading = "%nExamples:%n",
      footer = {
          "  ashlar tokenizer train --vocabulary 8000 --output tokenizer.json texts/ more.jsonl",
          "  ashlar tokenizer train --vocabulary 700 --pattern llama3 --special \"<|endoftext|>\" text.txt"})
  static final class Training implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "text files, .jsonl with {\"text\": ..} in each"
        + " line, or folders of them; perhaps gzipped")
    private List<Path> files = List.of();

    @Option(names = "--vocabulary", paramLabel = "N", required = true,
        description = "how many tokens there are to be, with the 256 bytes and special ones")
    private int vocabulary;

    @Option(names = "--pattern", paramLabel = "NAME", converter = Pattern.class, completionCandidates = Patterns.class,
        description = "what finds words: gpt2, llama3 or qwen2; default: gpt2")
    private WordPattern pattern = WordPattern.GPT2;

    @Option(names = "--special", paramLabel = "TOKEN",
        description = "a special token, such as <|endoftext|>; may be given again")
    private List<String> special = List.of();

    @Option(names = "--min-frequency", paramLabel = "N",
        description = "how often two tokens must follow each other to become one; default: 1")
    private int leastFrequency = 1;

    @Option(names = "--output", paramLabel = "FILE", description = "where it goes; default: tokenizer.json")
    private Path output = Path.of(Tokenizer.FILE);

    @Option(names = "--overwrite", description = "replace a file that is there already")
    private boolean overwrite;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = spec.commandLine().getOut();
      if (Files.exists(output) && !overwrite) {
        throw FileException.at(output.toString(), Files.isDirectory(output) ? "a folder" : "a file of that name",
            "a name that is not taken", "choose another name with --output"
                + (Files.isDirectory(output) ? "" : ", or replace the file with --overwrite"));
      }
      Common.checkFolder(output);
      BpeTrainer trainer = new BpeTrainer(options());
      Texts.read(files, true, trainer::add);
      Tokenizer tokenizer = trainer.train();
      tokenizer.write(output);
      out.println("tokens: " + tokenizer.size() + (tokenizer.size() < vocabulary
          ? ", all that the texts yield" : ""));
      out.println("tokenizer: " + output);
      return 0;
    }

    private BpeTrainer.Options options() {
      try {
        return new BpeTrainer.Options(vocabulary, pattern, special, leastFrequency);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage());
      }
    }
  }

  /** {@code ashlar tokenizer encode}. */
  @Command(name = "encode", mixinStandardHelpOptions = true,
      description = "Prints the numbers of the tokens of texts, a line for each.",
      footerHeading = "%nExamples:%n",
      footer = {
          "  ashlar tokenizer encode tokenizer.json --text \"To be, or not to be\"",
          "  ashlar tokenizer encode tokenizer.json --input texts.jsonl --json",
          "  cat texts.jsonl | ashlar tokenizer encode tokenizer.json --input - --jsonl"})
  static final class Encoding implements Callable<Integer> {

    @Parameters(paramLabel = "TOKENIZER", description = "a tokenizer.json, or a folder with one")
    private Path file = Path.of("");

    @Option(names = "--text", paramLabel = "TEXT", description = "a text; may be given again")
    private List<String> texts = List.of();

    @Option(names = "--input", paramLabel = "FILE",
        description = "texts: .jsonl with {\"text\": ..} or a text in quotes in each line; or lines of any other file;"
            + " '-': standard input")
    private @Nullable Path input;

    @Option(names = "--jsonl", description = "standard input is JSON Lines, not lines of text")
    private boolean jsonLines;

    @Option(names = "--no-special", description = "put no special tokens around texts")
    private boolean plain;

    @Option(names = "--json", description = "print {\"ids\":[..]} for each")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      requireOne(spec, texts.isEmpty(), "--text", input);
      Tokenizer tokenizer = Tokenizer.read(file);
      for (String text : texts) {
        print(tokenizer, text);
      }
      if (isStandard(input)) {
        Texts.read(System.in, STANDARD_INPUT, jsonLines, text -> print(tokenizer, text));
      } else if (input != null) {
        Texts.read(List.of(input), false, text -> print(tokenizer, text));
      }
      return 0;
    }

    private void print(Tokenizer tokenizer, String text) throws FileException {
      StringBuilder line = new StringBuilder(json ? "{\"ids\":[" : "");
      String between = "";
      for (int id : ids(tokenizer, text)) {
        line.append(between).append(id);
        between = json ? "," : " ";
      }
      spec.commandLine().getOut().println(line.append(json ? "]}" : ""));
    }

    /** A tokenizer's pattern may be one that finds no end. */
    private int[] ids(Tokenizer tokenizer, String text) throws FileException {
      try {
        return tokenizer.encode(text, !plain);
      } catch (IllegalArgumentException e) {
        throw FileException.at(file.toString(), e.getMessage(), "a text that it can take", "");
      }
    }
  }

  /** {@code ashlar tokenizer decode}. */
  @Command(name = "decode", mixinStandardHelpOptions = true,
      description = "Prints the texts of numbers of tokens.",
      footerHeading = "%nExamples:%n",
      footer = {
          "  ashlar tokenizer decode tokenizer.json --ids 15,71,92",
          "  ashlar tokenizer decode tokenizer.json --input ids.jsonl --json"})
  static final class Decoding implements Callable<Integer> {

    @Parameters(paramLabel = "TOKENIZER", description = "a tokenizer.json, or a folder with one")
    private Path file = Path.of("");

    @Option(names = "--ids", paramLabel = "N", split = ",", splitSynopsisLabel = ",",
        description = "numbers of tokens of one text, as in 15,71,92")
    private List<Integer> ids = List.of();

    @Option(names = "--input", paramLabel = "FILE",
        description = "numbers of texts: {\"ids\": [..]} or [..] in each line; '-': standard input")
    private @Nullable Path input;

    @Option(names = "--special", description = "show special tokens too")
    private boolean special;

    @Option(names = "--json", description = "print {\"text\":..} for each")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      requireOne(spec, ids.isEmpty(), "--ids", input);
      Tokenizer tokenizer = Tokenizer.read(file);
      if (!ids.isEmpty()) {
        print(decoded(tokenizer, ids.stream().mapToInt(Integer::intValue).toArray(), "--ids"));
      }
      if (isStandard(input)) {
        Texts.readIds(System.in, STANDARD_INPUT, line -> print(decoded(tokenizer, line, STANDARD_INPUT)));
      } else if (input != null) {
        String place = input.toString();
        Texts.readIds(input, line -> print(decoded(tokenizer, line, place)));
      }
      return 0;
    }

    /** A number of no token would be left out, and the text be another one. */
    private String decoded(Tokenizer tokenizer, int[] line, String place) throws FileException {
      for (int id : line) {
        if (tokenizer.token(id) == null) {
          throw FileException.at(place, "the number " + id + ", which stands for no token",
              "numbers of tokens, all less than " + tokenizer.size(), "");
        }
      }
      return tokenizer.decode(line, special);
    }

    private void print(String text) {
      spec.commandLine().getOut().println(json ? Json.write(Value.of(Map.of("text", text))) : text);
    }
  }

  private static boolean isStandard(@Nullable Path input) {
    return input != null && input.toString().equals("-");
  }

  private static void requireOne(CommandSpec spec, boolean none, String option, @Nullable Path input) {
    if (none == (input == null)) {
      throw new ParameterException(spec.commandLine(), none ? "nothing to do: give " + option + " or --input"
          : option + " and --input have no meaning together: leave out one");
    }
  }

  /** The name of a pattern. */
  static final class Pattern implements CommandLine.ITypeConverter<WordPattern> {
    @Override
    public WordPattern convert(String text) {
      return Arrays.stream(WordPattern.values()).filter(p -> name(p).equals(text)).findFirst().orElseThrow(() ->
          new TypeConversionException("'" + text + "'; it must be one of "
              + Arrays.stream(WordPattern.values()).map(Pattern::name).collect(Collectors.joining(", "))));
    }

    static String name(WordPattern pattern) {
      return pattern.name().toLowerCase(Locale.ROOT);
    }
  }

  /** The names of patterns. */
  static final class Patterns implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(WordPattern.values()).map(Pattern::name).iterator();
    }
  }
}
