package dev.ashlar.examples;

import dev.ashlar.training.Generator;
import dev.ashlar.training.Model;
import dev.ashlar.training.Sampling;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Goes on with a text, or with tokens where the model knows no text, and prints what comes as it comes:
 * {@code GenerateText gpt2/ Once upon a time}, {@code GenerateText runs/gpt-reverse/model.safetensors 10 3 1 4 11}.
 */
final class GenerateText {
  public static void main(String[] arguments) throws Exception {
    var prompt = Arrays.copyOfRange(arguments, 1, arguments.length);
    try (var model = Model.load(Path.of(arguments[0]))) {
      var generator = Generator.of(model).withMaxNewTokens(60).withSampling(Sampling.PLAIN.withTopP(0.9).withSeed(1));
      if (generator.text().isPresent()) {
        generator.generate(String.join(" ", prompt), System.out::print);
      } else {
        System.out.print(generator.generate(Arrays.stream(prompt).mapToInt(Integer::parseInt).toArray()).ids());
      }
      System.out.println();
    }
  }
}
