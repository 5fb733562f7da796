package dev.ashlar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.Doc;
import dev.ashlar.config.NameResolver;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.plugin.Plugin;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.testkit.LayerExample.Trait;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer that breaks a promise fails the test of that promise, and the message says what to do. */
class LayerContractBitesTest {

  private static LayerExample example(Layer layer) {
    return LayerExample.of(layer, 3, 4);
  }

  private static Tensor mask(Scope scope, Tensor x) {
    return x.mul(scope.key("mask").uniform(x.type()));
  }

  /** Computes what the reference does, but for a thousandth. */
  public record Careless() implements BackendFactory {
    @Override
    public Backend open() {
      return new OtherContractsBiteTest.Altered() {
        @Override
        public Program compile(Computation computation) {
          Tensors wrong = computation.results().map((name, t) -> t.dtype().isFloating() ? t.mul(1.001) : t);
          return super.compile(new Computation(computation.name(), wrong, computation.variables()));
        }
      };
    }
  }

  private record Backends() implements Plugin {
    @Override
    public String name() {
      return "careless";
    }

    @Override
    public List<Class<?>> components() {
      return List.of(Careless.class);
    }
  }

  @Test
  void aLayerThatABackendComputesOtherwise() {
    LayerOnBackends backends = new LayerOnBackends(example((x, scope) -> x.exp()), Registry.of(new Backends()));
    assertThat(backends.others()).containsOnlyKeys("careless:careless");
    assertThatThrownBy(backends::check).isInstanceOf(AssertionError.class)
        .hasMessageContaining("on careless:careless, beside the reference");
    assertThat(new LayerOnBackends(example((x, scope) -> x), Registry.of()).others()).isEmpty();
  }

  static Stream<Arguments> broken() {
    AtomicInteger calls = new AtomicInteger();
    return Stream.of(
        Arguments.of("gives the shape", example((x, scope) -> x).gives(3, 5), "the example claims [3, 5]"),
        Arguments.of("gives the shape", example((x, scope) -> x.sum(0)), "first axis is not the batch"),
        Arguments.of("has the parameters",
            example((x, scope) -> x.add(scope.parameter("b", Shape.of(4), Initializer.ZEROS))).parameters(5),
            "the example claims 5"),
        Arguments.of("has the parameters",
            example((x, scope) -> x.add(scope.parameter("b", x.shape(), Initializer.ZEROS))),
                "must not depend on the batch"),
        Arguments.of("has the parameters",
            example((x, scope) ->
                x.add(scope.parameter("b", Shape.of(4), (t, f, k) -> Tensor.full(t, Double.NaN)))),
            "correct its initializer"),
        Arguments.of("has the gradients", example((x, scope) -> x.mul(x.detach())), "do not detach"),
        Arguments.of("has the gradients",
            example((x, scope) -> Functions.composite("acme:wrong", Map.of(), List.of(x),
            in -> List.of(in.getFirst().tanh()), (node, g) -> g).getFirst()),
                "correct the gradient of a composite"),
        Arguments.of("depends on its input", example((x, scope) -> x.mul(calls.incrementAndGet())),
            "keep no state"),
        Arguments.of("has the same variables", example((x, scope) ->
            scope.training() ? x.mul(scope.parameter("w", Shape.of(4), Initializer.ONES)) : x),
                "in both modes"),
        Arguments.of("at inference draws", example((x, scope) -> mask(scope, x)), "only if scope.training()"),
        Arguments.of("at inference draws", example((x, scope) -> {
          var count = scope.variable("count", TensorType.of(scope.precision().parameter()),
              Initializer.ZEROS);
          count.set(count.value().add(1));
          return x;
        }), "set it only if scope.training()"),
        Arguments.of("at inference treats", example((x, scope) -> x.sub(x.mean(0))), "by itself"),
        Arguments.of("in training treats", example((x, scope) -> scope.training() ? x.sub(x.mean(0)) : x),
            "or claim MIXES_EXAMPLES"),
        Arguments.of("in training treats", example((x, scope) -> x).traits(Trait.MIXES_EXAMPLES),
            "do not depend on each other"),
        Arguments.of("in training treats", example((x, scope) -> scope.training() ? mask(scope, x) : x),
            "claim RANDOM"),
        Arguments.of("in training treats", example((x, scope) -> x).traits(Trait.RANDOM), "draws nothing"),
        Arguments.of("does not heed padded", example((x, scope) -> scope.training() ? x.sub(x.mean(0)) : x)
            .traits(Trait.MIXES_EXAMPLES), "obey scope.exampleWeights()"),
        Arguments.of("can be batched by vmap", example((x, scope) -> x.mul(x.dim(0))), "vmap over examples"),
        Arguments.of("shares its parameters", example((x, scope) ->
            x.mul(scope.parameter("w" + calls.incrementAndGet(), Shape.of(4), Initializer.ONES))),
                "used twice"),
        Arguments.of("computes in the precision", example((x, scope) -> x.cast(DType.F32).tanh()),
            "should compute in bf16"),
        Arguments.of("decodes piece by piece", LayerExample.of((Layer) (x, scope) -> x.cumSum(1), 2, 5, 3)
            .traits(Trait.SEQUENTIAL), "decoded"),
        Arguments.of("decodes piece by piece", LayerExample.of((Layer) (x, scope) -> {
          scope.session("seen", TensorType.of(DType.F64, 3));
          return x;
        }, 2, 5, 3), "claim SEQUENTIAL"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void a_broken_promise_is_noticed(String promise, LayerExample example, String message) {
    assertThat(failure(promise, example, NameResolver.NONE)).contains(message);
  }

  /** A layer that a plug-in forgot, and one that changes what it is given and documents nothing. */
  record Forgotten(@Doc("a factor") double by) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x.mul(by);
    }
  }

  record Undocumented(double by) implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x.mul(by);
    }
  }

  record Changing(@Doc("a factor") double by) implements Layer {
    Changing {
      by = by + 1;
    }

    @Override
    public Tensor forward(Tensor x, Scope scope) {
      return x.mul(by);
    }
  }

  private static final class Jar implements Plugin {
    @Override
    public String name() {
      return "acme";
    }

    @Override
    public List<Class<?>> components() {
      return List.of(Undocumented.class, Changing.class);
    }
  }

  @Test
  void a_configuration_that_does_not_hold_is_noticed() {
    NameResolver names = Registry.of(new Jar());
    String promise = "can be written";
    assertThat(failure(promise, example(new Forgotten(2)), names)).contains("list it in components()");
    assertThat(failure(promise, example(new Undocumented(2)), names)).contains("has no @Doc");
    assertThat(failure(promise, example(new Changing(2)), names)).contains("cannot be saved");
  }

  private static String failure(String promise, LayerExample example, NameResolver names) {
    Promises.Promise check = new LayerChecks(example, names).all().stream()
        .filter(c -> c.name().startsWith(promise)).findFirst().orElseThrow();
    try {
      check.body().execute();
    } catch (AssertionError e) {
      return e.getMessage();
    } catch (Throwable e) {
      throw new AssertionError("not a failed check but " + e, e);
    }
    return "nothing was noticed";
  }
}
