package dev.ashlar.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.Alias;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Value;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.model.Placement;
import dev.ashlar.model.Scope;
import dev.ashlar.plugin.Plugin;
import dev.ashlar.plugin.Registry;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Families that break a promise fail the test of it, and say what is wrong. */
class ModelFamilyContractBitesTest {

  private static final String EXAMPLE = "is shown by its example";
  private static final String READ = "is read from the publisher's config.json";
  private static final String WRITTEN = "can be written to config.json and read back";
  private static final String MODEL = "describes a model that is applied to tokens";
  private static final String LENGTH = "takes sequences as long as it says";
  private static final String WORDS = "tells mistakes in the words of config.json";
  private static final String PLACED = "places every parameter, each once";
  private static final String SHAPES = "takes parameters from tensors that a file has, in their shapes";
  private static final String ONCE = "uses every number of a file once";
  private static final String UNUSED = "passes over what a file has and does not need, and nothing else";
  private static final String BACK = "reads a file, and writes the same one";

  private static final Pairs GOOD = new Pairs(7, 4, 5, 6, Optional.empty(), false);
  private static final Pairs TIED = new Pairs(7, 4, 5, 6, Optional.of(2), true);
  private static final String CONFIG = "{\"model_type\": \"pairs\", \"vocab_size\": 7, \"hidden_size\": 4,\n"
      + "\"ffn_dim\": 5, \"n_positions\": 6, \"window\": null, \"tie_word_embeddings\": false, \"use_cache\": true}";

  /** Tokens to vectors, of which two products are multiplied; and back to tokens. */
  public record Net(@Doc("tokens") int vocabulary, @Doc("their vectors") int width, @Doc("within") int units,
      @Doc("the longest sequence") int length, @Doc("whether the output is the embedding") boolean tied)
      implements Layer {
    @Override
    public Tensor forward(Tensor ids, Scope scope) {
      scope.longestSequence(length);
      Tensor x = weight("embedding.weight", vocabulary, width, scope).gather(ids); // [1, time, width]
      x = x.matmul(weight("mix", width, width, scope)).mul(scope.parameter("scale", Shape.of(width), Initializer.ONES));
      x = x.matmul(weight("left", width, units, scope)).mul(x.matmul(weight("right", width, units, scope)));
      x = x.matmul(weight("down", units, width, scope)); // [1, time, width]
      return x.matmul(tied ? scope.child("head").shared("embedding.weight").transpose()
          : weight("head.weight", width, vocabulary, scope));
    }

    private static Tensor weight(String name, int rows, int columns, Scope scope) {
      return scope.parameter(name, Shape.of(rows, columns), Initializer.ONES);
    }
  }

  /** No model: what it gives are its tokens, and its parameters depend on how many there are. */
  public record Odd(@Doc("whether it gives them as they are") boolean whole) implements Layer {
    @Override
    public Tensor forward(Tensor ids, Scope scope) {
      Tensor by = scope.parameter("by", Shape.of(ids.dim(1)), Initializer.ONES);
      return whole ? ids : ids.cast(by.dtype()).mul(by);
    }
  }

  /** A family whose file has both products in one tensor. */
  public record Pairs(@Doc("tokens") int vocabSize, @Doc("their vectors") int hiddenSize, @Doc("within") int ffnDim,
      @Doc("the longest sequence") int nPositions, @Doc("how far it looks back") Optional<Integer> window,
      @Doc("whether the output is the embedding") @Default("false") boolean tieWordEmbeddings) implements ModelFamily {
    @Override
    public Value architecture() {
      return Value.of(Map.of("net", Map.of("vocabulary", vocabSize, "width", hiddenSize, "units", ffnDim,
          "length", nPositions, "tied", tieWordEmbeddings)));
    }

    @Override
    public List<Placement> placements() {
      List<Placement> all = new ArrayList<>(List.of(
          Placement.of("embedding.weight", "wte.weight"),
          Placement.of("mix", "mix.weight").asTransposed(),
          Placement.of("scale", "ln.weight"),
          Placement.of("left", "pair.weight").asTransposed().partly(0, 0, ffnDim),
          Placement.of("right", "pair.weight").asTransposed().partly(0, ffnDim, 2 * ffnDim),
          Placement.of("down", "down.weight")));
      if (!tieWordEmbeddings) {
        all.add(Placement.of("head.weight", "lm_head.weight").asTransposed());
      }
      return all;
    }

    @Override
    public Map<String, String> keys() {
      return Map.of("vocabulary", "vocab_size", "width", "hidden_size", "units", "ffn_dim", "length", "n_positions");
    }

    @Override
    public int context() {
      return nPositions;
    }

    @Override
    public List<String> unused() {
      return tieWordEmbeddings ? List.of("*.mask", "lm_head.weight") : List.of("*.mask");
    }
  }

  /** A family that is a good one but for what it says itself. */
  private interface AsGood extends ModelFamily {
    @Override
    default Value architecture() {
      return GOOD.architecture();
    }

    @Override
    default List<Placement> placements() {
      return GOOD.placements();
    }

    @Override
    default int context() {
      return GOOD.context();
    }

    @Override
    default Map<String, String> keys() {
      return GOOD.keys();
    }

    @Override
    default List<String> unused() {
      return GOOD.unused();
    }
  }

  private static final class Jar implements Plugin {
    @Override
    public String name() {
      return "acme";
    }

    @Override
    public List<Class<?>> components() {
      return List.of(Net.class, Odd.class, Pairs.class, Roped.class, Renamed.class, Changed.class,
          Defaulted.class, Tying.class, Silent.class, Wording.class);
    }
  }

  private static ModelFamilyExample example(ModelFamily family, String config) {
    return ModelFamilyExample.of(family, config)
        .tensor("wte.weight", 7, 4).tensor("mix.weight", 4, 4).tensor("ln.weight", 4).tensor("pair.weight", 10, 4)
        .tensor("down.weight", 5, 4).tensor("lm_head.weight", 7, 4).tensor("net.mask", 1, 1, 6, 6).squares("mix");
  }

  private static ModelFamilyExample good() {
    return example(GOOD, CONFIG);
  }

  /** What is said of the promises that are broken, by the promise. */
  private static Map<String, String> failures(ModelFamilyExample example) {
    Map<String, String> messages = new LinkedHashMap<>();
    for (Promises.Promise promise : new ModelFamilyChecks(example, Registry.of(new Jar())).all()) {
      try {
        promise.body().execute();
      } catch (AssertionError e) {
        messages.put(promise.name(), e.getMessage());
      } catch (Throwable e) {
        throw new AssertionError("'" + promise.name() + "' is not a failed check but " + e, e);
      }
    }
    return messages;
  }

  private static void fails(ModelFamilyExample example, String promise, String... message) {
    assertThat(failures(example)).containsKey(promise);
    assertThat(failures(example).get(promise)).contains(message);
  }

  @Test
  void aGoodOnePasses() {
    assertThat(failures(good())).isEmpty();
    assertThat(failures(example(TIED, CONFIG.replace("false", "true").replace("null", "2")))).isEmpty();
  }

  // ---------------------------------------------------------------- examples that show nothing

  @Test
  void examplesThatShowTooLittle() {
    fails(ModelFamilyExample.of(GOOD, CONFIG), EXAMPLE, "claims no tensor, so that nothing is compared");
    fails(good().tensor("large", 3000, 3000), EXAMPLE, "give small sizes");
    fails(new ModelFamilyExample(new Pairs(4, 4, 4, 4, Optional.empty(), false), CONFIG, good().tensors(),
        List.of("*")), EXAMPLE, "all matrices are square");
    fails(new ModelFamilyExample(GOOD, CONFIG, good().tensors(), List.of()), EXAMPLE,
        "matrix 'mix' is [4, 4], square, which hides axes", "squares(\"mix\")");
    fails(good().squares("down"), EXAMPLE, "squares of the example has 'down', and no square matrix is called so;"
        + " there are 'mix'");
  }

  // ---------------------------------------------------------------- settings

  /** Old spellings, which are translated before a family sees them. */
  public record Roped(@Doc("base") double ropeTheta) implements AsGood {}

  /** A component that was called otherwise. */
  public record Renamed(@Doc("tokens") @Alias("tokens") int vocabSize) implements AsGood {}

  /** Changes what it is given. */
  public record Changed(@Doc("tokens") int vocabSize) implements AsGood {
    /** By one. */
    public Changed {
      vocabSize++;
    }
  }

  /** Absent, it is not. */
  public record Defaulted(@Doc("how far it looks back") @Default("5") Optional<Integer> window) implements AsGood {}

  /** Always tied, or so it says. */
  public record Tying(@Doc("whether it is read") boolean tieWordEmbeddings) implements AsGood {
    @Override
    public Value architecture() {
      return TIED.architecture();
    }

    @Override
    public List<Placement> placements() {
      return TIED.placements();
    }

    @Override
    public List<String> unused() {
      return TIED.unused();
    }
  }

  /** Passes over an output that is not the embedding. */
  public record Silent(@Doc("tokens") int vocabSize) implements AsGood {
    @Override
    public List<Placement> placements() {
      return TIED.placements();
    }

    @Override
    public List<String> unused() {
      return TIED.unused();
    }
  }

  @Test
  void settingsThatAreNotRead() {
    fails(example(GOOD, CONFIG.replace("ffn_dim", "intermediate_size")), READ,
        "says nothing of 'ffn_dim', which the family has: is this what the publisher calls it?");
    fails(example(GOOD, CONFIG.replace("\"ffn_dim\": 5", "\"ffn_dim\": 9")), READ,
        "'ffn_dim' is read as 9, and the example has 5");
    fails(example(GOOD, CONFIG.replace("\"ffn_dim\": 5", "\"ffn_dim\": five")), READ, "is refused", "five");
    fails(example(GOOD, CONFIG.replace("\"pairs\"", "\"couples\"")), READ, "has model_type: couples, and the family is"
        + " 'pairs'");
    fails(example(GOOD, "{vocab_size: 7}"), READ, "has no 'model_type'");
    fails(example(GOOD, "[1, 2"), READ, "config of the example");
    fails(example(GOOD, "[1, 2]"), READ, "is no map");
    fails(example(GOOD, CONFIG.replace("\"use_cache\"", "\"torch_dtype\"")), READ,
        "has 'torch_dtype', as older files do", "'dtype'");
    fails(example(new Roped(2), "{model_type: roped, rope_theta: 2}"), READ,
        "'rope_theta', which is never given to it: 'rope_theta' in 'rope_parameters' is");
    fails(example(new Renamed(2), "{model_type: renamed, vocab_size: 2}"), READ,
        "component 'vocab_size' has @Alias'tokens', but config.json is read by the names of components alone");
    fails(example(changed(family -> family), CONFIG), READ, "is no model family of the plug-ins: list it");
  }

  @Test
  void settingsThatAreNotWritten() {
    fails(example(new Changed(2), CONFIG), WRITTEN, "a record that changes what it is given cannot be saved");
    fails(example(new Defaulted(Optional.empty()), CONFIG), WRITTEN, "leaves out what is absent",
        "an Optional must have no @Default");
  }

  // ---------------------------------------------------------------- the architecture

  private static ModelFamily changed(UnaryOperator<Value> architecture) {
    return new AsGood() {
      @Override
      public Value architecture() {
        return architecture.apply(AsGood.super.architecture());
      }
    };
  }

  @Test
  void architecturesThatAreNone() {
    fails(example(changed(net -> Value.of(Map.of("nut", 1))), CONFIG), MODEL, "architecture() is no model of the layers"
        + " at hand", "nut");
    fails(example(changed(net -> Value.of(Map.of("odd", Map.of("whole", true)))), CONFIG), MODEL,
        "of tokens i32[1, 1] the architecture makes i32[1, 1], expected floating-point numbers");
    fails(example(changed(net -> Value.of(Map.of("odd", Map.of("whole", false)))), CONFIG), LENGTH,
        "of a sequence of 6 the parameters are {by=[6]}, of one token {by=[1]}: they must not depend on it");
    ModelFamily longer = new AsGood() {
      @Override
      public int context() {
        return 9;
      }
    };
    fails(example(longer, CONFIG), LENGTH, "context() is 9, and the architecture knows 6 positions");
    ModelFamily none = new AsGood() {
      @Override
      public int context() {
        return 0;
      }
    };
    fails(example(none, CONFIG), LENGTH, "context() is 0: give the longest sequence");
  }

  /** A family whose settings are called so, a key each. */
  public record Wording(@Doc("vectors") int hiddenSize, @Doc("setting") String setting, @Doc("its key") String key)
      implements AsGood {
    @Override
    public Map<String, String> keys() {
      return Map.of("width", "hidden_size", setting, key);
    }
  }

  @Test
  void wordsThatNameNothing() {
    assertThat(failures(example(new Wording(4, "units", "key"), CONFIG))).doesNotContainKey(WORDS);
    fails(example(new Wording(4, "breadth", "hidden_size"), CONFIG), WORDS, "keys() has 'breadth', and no setting of"
        + " the architecture is called so; there are", "width");
    fails(example(new Wording(4, "units", "ffn_dim"), CONFIG), WORDS, "keys() says that 'units' is 'ffn_dim' in"
        + " config.json, and the family has no such component; it has hidden_size, setting, key");
  }

  // ---------------------------------------------------------------- placements

  private static ModelFamilyExample placed(UnaryOperator<Placement> change, Placement... more) {
    return example(new AsGood() {
      @Override
      public List<Placement> placements() {
        return Stream.concat(AsGood.super.placements().stream().map(change).filter(p -> !p.tensor().isEmpty()),
            Stream.of(more)).toList();
      }
    }, CONFIG);
  }

  /** One parameter lies elsewhere. */
  private static ModelFamilyExample placed(String parameter, UnaryOperator<Placement> change) {
    return placed(p -> p.parameter().equals(parameter) ? change.apply(p) : p);
  }

  @Test
  void parametersThatAreMissingOrTooMany() {
    fails(placed("scale", p -> p.inTensor("")), PLACED, "placements() has nothing for 'scale'");
    fails(placed(p -> p, Placement.of("scale", "net.mask")), PLACED,
        "parameter 'scale' is placed twice: in 'ln.weight' and in 'net.mask'");
    fails(placed(p -> p, Placement.of("shift", "ln.bias")), PLACED,
        "there is no parameter 'shift', which is placed in 'ln.bias'; the architecture has embedding.weight, mix");
    ModelFamily both = new AsGood() {
      @Override
      public Value architecture() {
        return TIED.architecture();
      }

      @Override
      public List<Placement> placements() {
        return Stream.concat(TIED.placements().stream(),
            Stream.of(Placement.of("head.embedding.weight", "lm_head.weight"))).toList();
      }
    };
    fails(example(both, CONFIG), PLACED, "shares the values of 'embedding.weight': leave it out");
  }

  @Test
  void shapesThatDoNotFit() {
    fails(placed("head.weight", p -> Placement.of(p.parameter(), p.tensor())), SHAPES,
        "parameter 'head.weight' [4, 7] is placed in tensor 'lm_head.weight' [7, 4]: this needs a tensor [4, 7]; it"
            + " fits with asTransposed(), as the [out, in] of PyTorch's linear layers");
    fails(placed("embedding.weight", Placement::asTransposed), SHAPES, "the axes the other way round: this needs a"
        + " tensor [4, 7]; it fits without asTransposed()");
    fails(placed("scale", Placement::asTransposed), SHAPES, "only matrices are read so");
    fails(placed("scale", p -> p.inTensor("norm.weight")), SHAPES,
        "parameter 'scale' [4] is placed in 'norm.weight', which the example does not claim");
    fails(placed("left", p -> p.partly(0, 0, 4)), SHAPES, "'pair.weight' [10, 4], of which it takes entries 0 to 4"
        + " along axis 0, the axes the other way round: this needs");
    fails(placed("right", p -> p.partly(0, 6, 11)), SHAPES, "takes entries 6 to 11 along axis 0 of tensor 'pair.weight'"
        + " [10, 4]: there are entries 0 to 10");
    fails(placed("right", p -> p.partly(2, 0, 5)), SHAPES, "which has no such axis");
    fails(placed("scale", p -> p.inTensor("net.mask").partly(3, 0, 4)), SHAPES, "out of vectors and matrices alone");
  }

  @Test
  void numbersThatAreUsedTwiceOrByNobody() {
    fails(placed("right", p -> p.partly(0, 4, 9)), ONCE, "element [4, 0] of tensor 'pair.weight' [10, 4] is used twice:"
        + " by parameter 'left' and by 'right'");
    fails(placed("right", p -> p.inTensor("")), ONCE, "element [5, 0] of tensor 'pair.weight' [10, 4] is used by no"
        + " parameter, and others are by 'left': parts of a tensor must be all of it");
    fails(placed("scale", p -> p.inTensor("")), ONCE, "tensor 'ln.weight' [4] is used by no parameter: place it, or");
    fails(good().tensor("ln.bias", 4), ONCE, "tensor 'ln.bias' [4] is used by no parameter");
    fails(placed("embedding.weight", p -> p.inTensor("lm_head.weight")), ONCE, "element [0, 0] of tensor"
        + " 'lm_head.weight' [7, 4] is used twice: by parameter 'embedding.weight' and by 'head.weight'");
    assertThat(failures(placed("right", p -> p.partly(0, 4, 9)))).containsKey(BACK);
  }

  // ---------------------------------------------------------------- what is not needed

  private static ModelFamilyExample unused(String... patterns) {
    return example(new AsGood() {
      @Override
      public List<String> unused() {
        return List.of(patterns);
      }
    }, CONFIG);
  }

  @Test
  void tensorsThatAreNotNeeded() {
    fails(unused("*.mask", "*.inv_freq"), UNUSED, "unused() has '*.inv_freq', and no tensor that the example claims is"
        + " called so");
    fails(unused("*.mask", "ln.*"), UNUSED, "unused() has 'ln.*', and tensor 'ln.weight' is placed: it is needed");
    fails(unused(), ONCE, "tensor 'net.mask' [1, 1, 6, 6] is used by no parameter");
    fails(example(new Silent(7), "{model_type: silent, vocab_size: 7}"), UNUSED,
        "unused() has 'lm_head.weight': a file in which it is not the embedding is read with"
            + " 'tie_word_embeddings: false', and the family has no such setting");
    fails(example(new Tying(true), "{model_type: tying, tie_word_embeddings: true}"), UNUSED,
        "with 'tie_word_embeddings: false'", "the family does not place it");
  }
}
