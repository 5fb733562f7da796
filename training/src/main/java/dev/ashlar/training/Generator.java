package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.FileException;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Goes on with prompts, token by token:
 *
 * <pre>{@code
 * try (var model = Model.load(Path.of("runs/gpt-text/model.safetensors"))) {
 *   var generator = Generator.of(model).withMaxNewTokens(200).withSampling(Sampling.PLAIN.withTopP(0.9).withSeed(1));
 *   generator.generate("Once upon a time", System.out::print);
 * }
 * }</pre>
 *
 * <p>Immutable; serves any number of threads. Of prompts in a batch each gets what it would get alone, but where two
 * tokens are alike to the last digits: sums over other shapes are made in another order.
 *
 * @param model of sequences of tokens
 * @param text how it reads and writes text; none where it knows tokens alone
 * @param sampling how tokens are chosen
 * @param maxNewTokens the most behind a prompt, at least 1
 * @param minNewTokens so many tokens must have come before one may end the text
 * @param endOfText tokens that end a text
 * @param stops texts that end what is told, and are not told themselves
 */
@Stable
public record Generator(Model model, Optional<ModelText> text, Sampling sampling, int maxNewTokens, int minNewTokens,
    Set<Integer> endOfText, List<String> stops) {

  /** New tokens unless said otherwise. */
  public static final int MAX_NEW_TOKENS = 128;

  /** Is told what comes, as it comes. */
  public interface Listener {
    /**
     * A token was chosen.
     *
     * @param prompt its place in the list, from 0
     * @param text what can be told now; empty where that depends on what comes, or the model knows tokens alone
     */
    void token(int prompt, int token, String text);

    /** Nothing more comes behind a prompt; the last of its text. */
    default void end(int prompt, String rest) {}

    /** All that came behind a prompt, when nothing more does; how fast it was counts until now. */
    default void ended(int prompt, Generated all) {}
  }

  /** Checks the numbers, and copies set and list. */
  public Generator {
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("max new tokens: found " + maxNewTokens + ", expected at least 1");
    }
    if (minNewTokens < 0 || minNewTokens > maxNewTokens) {
      throw new IllegalArgumentException("min new tokens: found " + minNewTokens + ", expected from 0 to "
          + maxNewTokens + ", the most");
    }
    endOfText = Set.copyOf(endOfText);
    stops = List.copyOf(stops);
    if (stops.contains("")) {
      throw new IllegalArgumentException("stops: found an empty text, expected a character at least");
    }
    if (!stops.isEmpty() && text.isEmpty()) {
      throw new IllegalArgumentException("stops: found texts, expected none: the model knows tokens alone");
    }
  }

  /**
   * As the model's folder says, or else by its own probabilities; up to {@value #MAX_NEW_TOKENS} tokens or what ends a
   * text.
   *
   * @throws FileException if the model's tokenizer cannot be read
   */
  public static Generator of(Model model) throws FileException {
    Generation known = model.generation();
    return new Generator(model, known.text(), known.sampling(), MAX_NEW_TOKENS, 0, known.endOfText(), List.of());
  }

  /** The same with tokens chosen in another way. */
  public Generator withSampling(Sampling other) {
    return new Generator(model, text, other, maxNewTokens, minNewTokens, endOfText, stops);
  }

  /** The same with at most so many new tokens. */
  public Generator withMaxNewTokens(int count) {
    return new Generator(model, text, sampling, count, minNewTokens, endOfText, stops);
  }

  /** The same with at least so many new tokens before one ends the text. */
  public Generator withMinNewTokens(int count) {
    return new Generator(model, text, sampling, maxNewTokens, count, endOfText, stops);
  }

  /** The same with other tokens that end a text. */
  public Generator withEndOfText(Set<Integer> tokens) {
    return new Generator(model, text, sampling, maxNewTokens, minNewTokens, tokens, stops);
  }

  /** The same with texts to stop at. */
  public Generator withStops(List<String> texts) {
    return new Generator(model, text, sampling, maxNewTokens, minNewTokens, endOfText, texts);
  }

  // ---------------------------------------------------------------- generating

  /**
   * Goes on with a text.
   *
   * @param told is given the text, piece by piece
   * @throws FileException if the model knows tokens alone, or not all of the prompt
   * @throws ShapeException if the prompt has no token, or as many as the model knows positions
   * @throws NoTokenException if a logit is no number
   */
  public Generated generate(String prompt, Consumer<String> told) throws FileException {
    ModelText known = text.orElseThrow(() -> FileException.at("the prompt", "text",
        "tokens: the model has no tokenizer", "give the ids of its tokens"));
    return generate(List.of(known.encode(prompt, "the prompt")), 0, new Listener() {
      @Override
      public void token(int number, int token, String piece) {
        told.accept(piece);
      }

      @Override
      public void end(int number, String rest) {
        told.accept(rest);
      }
    }).getFirst();
  }

  /** Goes on with a text; see {@link #generate(String, Consumer)}. */
  public Generated generate(String prompt) throws FileException {
    return generate(prompt, piece -> {});
  }

  /**
   * Goes on with tokens.
   *
   * @throws ShapeException if the prompt has no token, or as many as the model knows positions
   * @throws dev.ashlar.program.LookupException if the model does not know a token
   * @throws NoTokenException if a logit is no number
   */
  public Generated generate(int... prompt) {
    return generate(List.of(prompt), 0, (number, token, text) -> {}).getFirst();
  }

  /**
   * Goes on with several prompts, which go through the model together.
   *
   * @param prompts tokens of each, of any lengths
   * @param first number of the first one: random numbers of a prompt depend on its number and the seed, and on nothing
   *     that is in the batch beside it
   * @param listener is told of tokens as they come
   * @return one for each prompt, in order
   * @throws ShapeException if a prompt has no token, or as many as the model knows positions
   * @throws dev.ashlar.program.LookupException if the model does not know a token
   * @throws NoTokenException if a logit is no number
   */
  public List<Generated> generate(List<int[]> prompts, long first, Listener listener) {
    if (prompts.isEmpty()) {
      return List.of();
    }
    OptionalInt positions = model.longestSequence();
    for (int i = 0; i < prompts.size(); i++) {
      checkLength(prompts.get(i), "prompt " + i, positions);
    }
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    int most = prompts.stream().mapToInt(prompt -> room(prompt, positions)).max().orElseThrow();
    return model.whileOpen(() -> {
      // Where positions end for the longest prompt, shorter ones may go on.
      int room = Session.rounded(Session.rounded(longest) + most);
      try (Session session = new Session(model, prompts.size(), longest + most, room)) {
        return generated(session, prompts, positions, most, first, listener);
      }
    });
  }

  /**
   * Refuses a prompt that the model cannot go on with, before anything is computed.
   *
   * @param name what messages call the prompt
   * @throws ShapeException if it has no token, or as many as the model knows positions
   * @throws dev.ashlar.program.LookupException if the model does not know a token
   */
  public void check(int[] prompt, String name) {
    checkLength(prompt, name, model.longestSequence());
    Decoders decoders = model.decoders();
    decoders.facts().lookups().check(decoders.input(), NDArray.of(Shape.of(prompt.length), prompt), prompt.length);
  }

  private static void checkLength(int[] prompt, String name, OptionalInt positions) {
    if (prompt.length == 0) {
      throw new ShapeException(name, "a token at least", "none");
    }
    if (prompt.length >= positions.orElse(Integer.MAX_VALUE)) {
      throw new ShapeException(name, "fewer tokens than the " + positions.getAsInt()
          + " positions that the model knows", prompt.length + " tokens", "give its last tokens alone");
    }
  }

  /** How many tokens may follow a prompt. */
  private int room(int[] prompt, OptionalInt positions) {
    return Math.min(maxNewTokens, positions.orElse(Integer.MAX_VALUE) - prompt.length);
  }

  private List<Generated> generated(Session session, List<int[]> prompts, OptionalInt positions, int most, long first,
      Listener listener) {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    session.prepare(longest);
    if (most > 1) { // compiled while the prompts go through
      model.decoders().prepare(session.kind(), 1);
    }
    session.await(longest);
    long start = System.nanoTime();
    NDArray logits = session.advance(prompts.toArray(int[][]::new));
    double promptSeconds = (System.nanoTime() - start) / 1e9;
    List<Continuation> rows = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      rows.add(new Continuation(this, prompts.get(i), first + i, room(prompts.get(i), positions)));
    }
    Sampler sampler = new Sampler(sampling, Math.toIntExact(logits.size() / rows.size()));
    int[][] next = new int[rows.size()][1];
    long tokens = prompts.stream().mapToLong(prompt -> prompt.length).sum();
    Clock clock = new Clock(tokens, promptSeconds);
    boolean goesOn = step(rows, sampler, logits, next, clock, listener);
    if (goesOn) {
      session.awaitStep();
    }
    clock.start = System.nanoTime();
    while (goesOn) {
      clock.newTokens += rows.stream().filter(row -> !row.hasEnded()).count();
      logits = session.advance(next);
      goesOn = step(rows, sampler, logits, next, clock, listener);
    }
    Generated.Speed speed = clock.speed();
    return rows.stream().map(row -> row.generated(speed)).toList();
  }

  /** What speed is told from. */
  private static final class Clock {
    private final long promptTokens;
    private final double promptSeconds;
    private long newTokens;
    private long start;

    Clock(long promptTokens, double promptSeconds) {
      this.promptTokens = promptTokens;
      this.promptSeconds = promptSeconds;
    }

    Generated.Speed speed() {
      return new Generated.Speed(promptTokens, promptSeconds, newTokens,
          newTokens == 0 ? 0 : (System.nanoTime() - start) / 1e9);
    }
  }

  /** Chooses the next token of each prompt that goes on; whether one does. */
  private static boolean step(List<Continuation> rows, Sampler sampler, NDArray logits, int[][] next, Clock clock,
      Listener listener) {
    boolean goesOn = false;
    for (int i = 0; i < next.length; i++) {
      Continuation row = rows.get(i);
      if (row.hasEnded()) {
        continue; // its last token is said again, and nobody listens
      }
      next[i][0] = row.next(sampler, logits, i);
      listener.token(i, next[i][0], row.piece());
      if (row.hasEnded()) {
        listener.end(i, row.rest());
        listener.ended(i, row.generated(clock.speed()));
      }
      goesOn |= !row.hasEnded();
    }
    return goesOn;
  }
}
