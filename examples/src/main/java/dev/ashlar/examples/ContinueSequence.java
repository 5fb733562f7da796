package dev.ashlar.examples;

import dev.ashlar.training.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Asks a trained gpt-copy or gpt-reverse what comes behind eight digits, token by token: keys and values of the
 * tokens before are kept. {@code ContinueSequence model.safetensors 3 1 4 1 5 9 2 6}
 */
final class ContinueSequence {

  private static final int BOS = 10;
  private static final int SEP = 11;

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 9) {
      throw new IllegalArgumentException("give a model's file and eight digits, as many as it was trained with");
    }
    var symbols = Stream.of(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
    System.out.println(String.join(" ", continued(Path.of(arguments[0]), symbols)));
  }

  /** What the model says behind {@code BOS .. SEP}: a token more than it is given. */
  static List<String> continued(Path file, int... symbols) throws Exception {
    var told = new ArrayList<String>();
    try (var model = Model.load(file); var session = model.session(2 * symbols.length + 2)) {
      session.next(BOS);
      session.next(symbols);
      float[] scores = session.next(SEP);
      for (int i = 0; i < symbols.length; i++) {
        told.add(model.signature().classes().get(largest(scores)));
        scores = session.next(largest(scores));
      }
      told.add(model.signature().classes().get(largest(scores)));
    }
    return told;
  }

  static int largest(float[] scores) {
    return IntStream.range(0, scores.length).reduce(0, (best, i) -> scores[i] > scores[best] ? i : best);
  }
}
