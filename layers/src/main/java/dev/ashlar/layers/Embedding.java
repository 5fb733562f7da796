package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.MisplacedException;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.initializers.Normal;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A learned vector for each number. Shapes: integers [..] -> [.., width]; weight [vocabulary, width]. That of padding
 * is 0 and is not learned, as in {@code torch.nn.Embedding} with {@code padding_idx}.
 */
@Name("embedding")
@Doc("a learned vector for each number from 0 to vocabulary - 1")
public record Embedding(
    @Doc("how many different numbers there are") @Range(atLeast = 1) int vocabulary,
    @Doc("width of a vector") @Range(atLeast = 1) int width,
    @Doc("how the vectors start") @Default("{normal: 0.02}") Initializer initializer,
    @Doc("a number whose vector is 0 and stays so, such as that of padding") Optional<Integer> padding)
    implements Layer {

  /** Refuses padding that is none of the numbers. */
  public Embedding {
    if (padding.filter(number -> number < 0 || number >= vocabulary).isPresent()) {
      throw new MisplacedException(List.of(new MisplacedException.Mistake(List.of("padding"),
          "the number " + padding.get(), "from 0 to " + (vocabulary - 1) + ", as 'vocabulary' says", "")));
    }
  }

  /** With vectors that start normally distributed, deviation 0.02. */
  public static Embedding of(int vocabulary, int width) {
    return new Embedding(vocabulary, width, new Normal(0.02), Optional.empty());
  }

  @Override
  public Tensor forward(Tensor ids, Scope scope) {
    Tensor numbers = ids.cast(DType.I32);
    Tensor vectors = scope.parameter("weight", Shape.of(vocabulary, width), initializer).gather(numbers);
    return padding.map(number -> numbers.eq(Tensor.full(numbers.type(), number)).expandDims(-1)
        .broadcastTo(vectors.shape()).where(Tensor.zeros(vectors.type()), vectors)).orElse(vectors);
  }

  /** This with other first vectors. */
  public Embedding withInitializer(Initializer other) {
    return new Embedding(vocabulary, width, other, padding);
  }

  /** This, where the vector of a number is 0. */
  public Embedding withPadding(int number) {
    return new Embedding(vocabulary, width, initializer, Optional.of(number));
  }
}
