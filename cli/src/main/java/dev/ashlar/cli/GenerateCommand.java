package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import dev.ashlar.program.Backend;
import dev.ashlar.program.LookupException;
import dev.ashlar.runtime.Prompts;
import dev.ashlar.runtime.Prompts.Prompt;
import dev.ashlar.runtime.Runs;
import dev.ashlar.training.Generated;
import dev.ashlar.training.Generator;
import dev.ashlar.training.Model;
import dev.ashlar.training.Sampling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar generate}. */
@Command(name = "generate", mixinStandardHelpOptions = true,
    description = "Goes on with a prompt, token by token, and prints what comes as it comes. Where a Hugging Face folder"
        + " has a generation_config.json, its do_sample, temperature, top_k, top_p, min_p and repetition_penalty are the"
        + " defaults, and its eos_token_id ends texts; also of a model that was imported from there.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar generate runs/gpt-text --prompt 'The king' --temperature 0.8 --seed 1",
        "  ashlar generate models/gpt2 --prompt 'Once upon a time' --max-new-tokens 100 --greedy",
        "  ashlar generate models/gpt2 --prompt - --stop '.' < begin.txt",
        "  ashlar generate models/gpt2 --prompt-ids 464,3290 --json",
        "  ashlar generate models/gpt2 --input prompts.jsonl --batch 16 --json > answers.jsonl"})
final class GenerateCommand implements Callable<Integer> {

  private static final String STANDARD = "-";

  @Parameters(paramLabel = "MODEL", description = "a model's file, the folder of its run, or a Hugging Face folder")
  private Path model = Path.of("");

  @Option(names = "--prompt", paramLabel = "TEXT", description = "what to go on with; '-': standard input")
  private @Nullable String prompt;

  @Option(names = "--prompt-ids", paramLabel = "ID", split = ",", description = "the same as tokens, such as 1,2,3")
  private @Nullable List<Integer> promptIds;

  @Option(names = "--input", paramLabel = "FILE",
      description = "several prompts: .jsonl with {\"prompt\": \"..\"} or {\"ids\": [1, 2]} in each line, or .txt with"
          + " a text in each line")
  private @Nullable Path input;

  @Option(names = "--batch", paramLabel = "N", defaultValue = "8",
      description = "how many of these go through the model together; default: ${DEFAULT-VALUE}")
  private int batch = 8;

  @Option(names = "--max-new-tokens", paramLabel = "N", defaultValue = "" + Generator.MAX_NEW_TOKENS,
      description = "the most that come behind a prompt; default: ${DEFAULT-VALUE}")
  private int maxNewTokens = Generator.MAX_NEW_TOKENS;

  @Option(names = "--min-new-tokens", paramLabel = "N", defaultValue = "0",
      description = "so many come before a token may end the text; default: ${DEFAULT-VALUE}")
  private int minNewTokens;

  @Option(names = "--greedy", description = "always the likeliest token")
  private boolean greedy;

  @Option(names = "--temperature", paramLabel = "T",
      description = "below 1 likely tokens become likelier, above 1 less so; 0: --greedy; default: 1")
  private @Nullable Double temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "draw from the K likeliest tokens; default, and 0: all")
  private @Nullable Integer topK;

  @Option(names = "--top-p", paramLabel = "P",
      description = "draw from the likeliest tokens that together have the probability P; default, and 1: all")
  private @Nullable Double topP;

  @Option(names = "--min-p", paramLabel = "P",
      description = "draw from tokens that are at least P times as likely as the likeliest; default, and 0: all")
  private @Nullable Double minP;

  @Option(names = "--repetition-penalty", paramLabel = "R",
      description = "above 1 tokens that are there already become less likely; default: 1")
  private @Nullable Double repetitionPenalty;

  @Option(names = "--seed", paramLabel = "S",
      description = "the same seed, the same text, whatever else is in the batch; default: 0")
  private @Nullable Long seed;

  @Option(names = "--stop", paramLabel = "TEXT", description = "end before this text; may be given again")
  private List<String> stops = new ArrayList<>();

  @Option(names = "--ignore-eos", description = "go on behind tokens that end a text")
  private boolean ignoreEos;

  @Option(names = "--json", description = "for each prompt one line of JSON, with ids, text, tokens_per_second and finish_reason:"
          + " stop, length, or context where the model knows no more positions")
  private boolean json;

  @Option(names = "--quiet", description = "without the line on standard error that tells how fast it was")
  private boolean quiet;

  @Mixin
  private Computing common = new Computing();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    checkOptions();
    checked(() -> sampling(Sampling.PLAIN)); // before the model is read
    Runs runs = common.runs();
    Path file = Runs.modelFile(model);
    try (Backend backend = common.backend(runs); Model loaded = Model.load(file, runs.plugins(), backend)) {
      checkDecodes(loaded);
      Generator generator = checked(loaded);
      Prompts prompts = new Prompts(model.toString(), generator.text());
      if (input != null) {
        List<Prompt> all = prompts.read(input);
        for (Prompt each : all) {
          check(generator, each);
        }
        several(generator, all);
      } else {
        Prompt only = only(prompts);
        check(generator, only);
        one(generator, only.tokens());
      }
    }
    return 0;
  }

  // ---------------------------------------------------------------- what was asked for

  private void checkOptions() {
    int given = (prompt != null ? 1 : 0) + (promptIds != null ? 1 : 0) + (input != null ? 1 : 0);
    if (given != 1) {
      throw mistake((given == 0 ? "no prompt" : "several prompts") + "; give one of --prompt TEXT, --prompt-ids 1,2,3"
          + " and --input FILE");
    }
    if (greedy && (temperature != null || topK != null || topP != null || minP != null || seed != null)) {
      throw mistake("--greedy takes the likeliest token: --temperature, --top-k, --top-p, --min-p and --seed have no"
          + " meaning with it");
    }
    if (batch < 1) {
      throw mistake("--batch: found " + batch + ", expected at least 1");
    }
  }

  private ParameterException mistake(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** What options say, and where they say nothing the model's own; one of how to draw asks for drawing. */
  private Sampling sampling(Sampling known) {
    boolean draws = temperature != null || topK != null || topP != null || minP != null || seed != null;
    boolean isZero = temperature != null && temperature == 0;
    return known
        .withTemperature(temperature == null || isZero ? known.temperature() : temperature)
        .withTopK(topK == null ? known.topK() : topK)
        .withTopP(topP == null ? known.topP() : topP)
        .withMinP(minP == null ? known.minP() : minP)
        .withRepetitionPenalty(repetitionPenalty == null ? known.repetitionPenalty() : repetitionPenalty)
        .withSeed(seed == null ? known.seed() : seed)
        .withGreedy(greedy || isZero || !draws && known.greedy());
  }

  private <T> T checked(Callable<T> made) throws Exception {
    try {
      return made.call();
    } catch (IllegalArgumentException e) {
      throw mistake(inOptions(String.valueOf(e.getMessage())));
    }
  }

  /** {@code max new tokens: found 0, ..} in the words of the command line. */
  private static String inOptions(String message) {
    int end = message.indexOf(':');
    return end < 0 ? message
        : "--" + message.substring(0, end).replace(' ', '-').replaceAll("^stops$", "stop") + message.substring(end);
  }

  private Generator checked(Model loaded) throws Exception {
    return checked(() -> {
      Generator all = Generator.of(loaded);
      return new Generator(loaded, all.text(), sampling(all.sampling()), maxNewTokens, minNewTokens,
          ignoreEos ? Set.of() : all.endOfText(), stops);
    });
  }

  private void checkDecodes(Model loaded) throws FileException {
    try {
      loaded.longestSequence();
    } catch (IllegalArgumentException e) {
      throw FileException.at(model.toString(), String.valueOf(e.getMessage()), "a model that goes on with sequences",
          "");
    }
  }

  private Prompt only(Prompts prompts) throws IOException {
    if (promptIds != null) {
      return new Prompt("--prompt-ids", promptIds.stream().mapToInt(Integer::intValue).toArray());
    }
    boolean reads = STANDARD.equals(prompt);
    String place = reads ? "standard input" : "--prompt";
    return new Prompt(place, prompts.tokens(reads ? standardInput() : String.valueOf(prompt), place));
  }

  /** What the model cannot go on with is told before anything is computed, by where the prompt stands. */
  private static void check(Generator generator, Prompt prompt) throws FileException {
    try {
      generator.check(prompt.tokens(), prompt.place());
    } catch (LookupException e) {
      throw FileException.at(prompt.place(), "the token " + e.found(),
          "tokens from 0 to " + (e.rows() - 1) + ", which the model knows", "");
    }
  }

  private static String standardInput() throws IOException {
    String all = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    return all.endsWith("\n") ? all.substring(0, all.length() - 1) : all; // which shells and editors put there
  }

  // ---------------------------------------------------------------- what comes

  private void one(Generator generator, int[] tokens) {
    PrintWriter out = spec.commandLine().getOut();
    boolean writes = generator.text().isPresent();
    try (Interrupted _ = json ? null : Interrupted.endingLine(out)) {
      Generated generated = generator.generate(List.of(tokens), 0, new Generator.Listener() {
        private boolean isFirst = true;

        @Override
        public void token(int number, int token, String text) {
          tell(writes ? text : (isFirst ? "" : " ") + token);
          isFirst = false;
        }

        @Override
        public void end(int number, String rest) {
          tell(rest);
        }

        private void tell(String piece) {
          if (!json && !piece.isEmpty()) {
            out.print(piece);
            out.flush();
          }
        }
      }).getFirst();
      out.println(json ? line(generated) : "");
      tellSpeed(List.of(generated));
    }
  }

  /** Batch by batch; a text comes when it is whole and those before it are, since those of a batch come side by side. */
  private void several(Generator generator, List<Prompt> prompts) {
    PrintWriter out = spec.commandLine().getOut();
    List<Generated> all = new ArrayList<>();
    for (int from = 0; from < prompts.size() && !out.checkError(); from += batch) {
      List<Prompt> some = prompts.subList(from, Math.min(prompts.size(), from + batch));
      InOrder shown = new InOrder(out, some, from == 0);
      all.addAll(generator.generate(some.stream().map(Prompt::tokens).toList(), from, shown));
    }
    tellSpeed(all);
  }

  /** Shows what came behind the prompts of a batch, in their order. */
  private final class InOrder implements Generator.Listener {
    private final PrintWriter out;
    private final List<Prompt> prompts;
    private final boolean isFirstBatch;
    private final Map<Integer, Generated> waiting = new HashMap<>();
    private int next;

    InOrder(PrintWriter out, List<Prompt> prompts, boolean isFirstBatch) {
      this.out = out;
      this.prompts = prompts;
      this.isFirstBatch = isFirstBatch;
    }

    @Override
    public void token(int number, int token, String text) {
      // Shown when all is there.
    }

    @Override
    public void ended(int number, Generated generated) {
      waiting.put(number, generated);
      for (Generated each = waiting.remove(next); each != null; each = waiting.remove(next)) {
        out.println(json ? line(each) : (isFirstBatch && next == 0 ? "" : "\n") + "-- " + prompts.get(next).place()
            + " --\n" + each.text().orElse(words(each.ids())));
        next++;
      }
      out.flush();
    }
  }

  private static String words(List<Integer> ids) {
    return String.join(" ", ids.stream().map(String::valueOf).toList());
  }

  private static String line(Generated generated) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("ids", generated.ids());
    line.put("text", generated.text().orElse(null));
    line.put("tokens_per_second", Math.round(generated.tokensPerSecond() * 100) / 100.0);
    line.put("finish_reason", switch (generated.ending()) {
      case STOPPED -> "stop";
      case LENGTH -> "length";
      case POSITIONS -> "context";
    });
    return Json.write(Value.of(line));
  }

  private void tellSpeed(List<Generated> all) {
    if (quiet || json) {
      return;
    }
    List<Generated.Speed> batches = all.stream().map(Generated::speed).distinct().toList();
    long tokens = batches.stream().mapToLong(Generated.Speed::newTokens).sum();
    double seconds = batches.stream().mapToDouble(Generated.Speed::newSeconds).sum();
    long prompts = batches.stream().mapToLong(Generated.Speed::promptTokens).sum();
    double promptSeconds = batches.stream().mapToDouble(Generated.Speed::promptSeconds).sum();
    boolean isCut = all.stream().anyMatch(generated -> generated.ending() == Generated.Ending.POSITIONS);
    spec.commandLine().getErr().println(all.stream().mapToInt(generated -> generated.ids().size()).sum()
        + " new tokens" + (tokens > 0 ? String.format(Locale.ROOT, ", %.1f a second", tokens / seconds) : "")
        + String.format(Locale.ROOT, "; %d of the prompt%s, %.0f a second", prompts, all.size() == 1 ? "" : "s",
            prompts / promptSeconds)
        + (isCut ? "; ended where the model knows no more positions" : ""));
  }
}
