package dev.ashlar.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.model.Optimizer;
import dev.ashlar.model.UpdateRule;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** Optimizers, losses and backends that break a promise fail the test of it. */
class OtherContractsBiteTest {

  private static OptimizerChecks optimizer(UpdateRule rule) {
    return new OptimizerChecks(rule, 40);
  }

  private static void fails(ThrowingCallable check, String message) {
    assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(message);
  }

  @Test
  void optimizers() {
    AtomicInteger calls = new AtomicInteger();
    fails(() -> optimizer((p, g, scope) -> p.add(g.mul(0.1))).learns(), "the loss of a regression goes from");
    fails(() -> optimizer((p, g, scope) -> p.sub(g.mul(0.1)).cast(DType.F32)).types(), "a value of its type");
    fails(() -> new OptimizerChecks((Optimizer) (p, objective, scope) -> Tensors.empty(), 5).types(),
        "nothing");
    fails(() -> optimizer((p, g, scope) -> {
      scope.variable("velocity", p.type(), Initializer.ZEROS);
      return p.sub(g.mul(0.1));
    }).types(), "scope.slot");
    fails(() -> optimizer((p, g, scope) -> p.sub(g.mul(0.1 / calls.incrementAndGet()))).purity(),
        "keep no state");
    fails(() -> optimizer((p, g, scope) -> p.sub(g.mul(0.1 / calls.incrementAndGet()))).resumes(),
        "scope.progress()");
    fails(() -> optimizer((p, g, scope) -> p.mul(0.99).sub(g)).decays(new OptimizerContract.Decay.None()),
        "with a gradient of 0 and no decay declared");
    fails(() -> optimizer((p, g, scope) -> p.mul(0.98).sub(g)).decays(new OptimizerContract.Decay.Apart(0.01)),
        "a share of 0.01 that goes");
    fails(() -> optimizer((p, g, scope) -> p.sub(g.add(p))).decays(
        new OptimizerContract.Decay.InGradient(0.5, (UpdateRule) (p, g, scope) -> p.sub(g))), "0.5 times the parameter");
    fails(() -> optimizer((p, g, scope) -> p.sub(g)).isTwiceAsFarAs((UpdateRule) (p, g, scope) -> p.sub(g.mul(0.4))),
        "at half the learning rate");
  }

  private static LossChecks loss(Loss loss) {
    NDArray y = Values.normal(TensorType.of(DType.F64, 4, 3), 1);
    return new LossChecks(new LossContract.Example(loss, y, Values.normal(y.type(), 2)));
  }

  private static Tensor difference(Tensors outputs, Batch batch) {
    return outputs.first().sub(batch.target());
  }

  @Test
  void losses() {
    fails(() -> loss((y, batch) -> difference(y, batch).square()).scalar(), "expected a scalar");
    fails(() -> loss((y, batch) -> batch.mean(y.first().detach().mul(y.first()))).gradients(),
        "differences say");
    fails(() -> loss((y, batch) -> difference(y, batch).square().mean()).padding(), "use batch.mean");
    fails(() -> loss((y, batch) -> batch.sum(difference(y, batch).square())).mean(), "against the mean");
    fails(() -> loss((y, batch) -> batch.mean(y.first().exp().add(1).log())).large(), "take the largest off");
  }

  /** The squared error over the outputs above 0, whose count an example says. */
  private record OfSome(BiFunction<Tensor, Batch, Optional<Tensor>> counted) implements Loss {

    /** How many outputs count. */
    static Tensor count(Tensor y, Batch batch) {
      return counts(y, batch).sum();
    }

    private static Tensor counts(Tensor y, Batch batch) {
      return y.gt(0).cast(y.dtype()).mul(batch.weight(2).cast(y.dtype()));
    }

    @Override
    public Tensor of(Tensors outputs, Batch batch) {
      Tensor y = outputs.first();
      return difference(outputs, batch).square().mul(counts(y, batch)).sum().div(count(y, batch).maximum(1e-30));
    }

    @Override
    public Optional<Tensor> weight(Tensors outputs, Batch batch) {
      return counted.apply(outputs.first(), batch);
    }
  }

  private static LossChecks counting(BiFunction<Tensor, Batch, Tensor> counted) {
    return loss(new OfSome((y, batch) -> Optional.of(counted.apply(y, batch))));
  }

  @Test
  void a_loss_that_counts_by_its_weight_keeps_its_promises() {
    for (DType dtype : List.of(DType.F64, DType.F32)) {
      LossChecks checks = counting((y, batch) -> OfSome.count(y, batch).mul(0.1).cast(dtype));
      checks.scalar();
      checks.gradients();
      checks.padding();
      checks.mean();
      checks.link();
    }
  }

  @Test
  void what_losses_count_by() {
    fails(() -> loss(new OfSome((y, batch) -> Optional.empty())).mean(), "give in weight() how much there is of that");
    fails(() -> counting((y, batch) -> OfSome.count(y, batch).neg()).mean(), "expected 0 or more");
    fails(() -> counting((y, batch) -> OfSome.count(y, batch).neg()).large(), "expected 0 or more");
    fails(() -> counting((y, batch) -> OfSome.count(y, batch).mul(0).log()).mean(), "weight() is -Infinity");
    fails(() -> counting((y, batch) -> OfSome.count(y, batch).mul(0)).mean(), "weight() is 0 for all examples");
    fails(() -> counting((y, batch) -> y.gt(0).cast(y.dtype()).sum()).padding(), "weight() with one example");
    fails(() -> counting((y, batch) -> y).scalar(), "weight() is f64[4, 3], expected a floating-point scalar");
    fails(() -> counting((y, batch) -> {
      throw new IllegalStateException("nobody asked before");
    }).scalar(), "weight() fails where of() does not: java.lang.IllegalStateException: nobody asked before");
    Loss always = new Loss() {
      @Override
      public Tensor of(Tensors outputs, Batch batch) {
        return batch.mean(difference(outputs, batch).square());
      }

      @Override
      public Optional<Tensor> weight(Tensors outputs, Batch batch) {
        return Optional.of(Tensor.scalar(DType.F64, 1));
      }
    };
    fails(() -> loss(always).mean(), "of the losses of 1 and 3 of them");
  }

  @Test
  void links() {
    Loss linked = new Loss() {
      @Override
      public Tensor of(Tensors outputs, Batch batch) {
        return batch.mean(difference(outputs, batch).square());
      }

      @Override
      public Link link(TensorType output, TensorType target) {
        throw new UnsupportedOperationException("later");
      }
    };
    fails(() -> loss(linked).link(), "link(f64[4, 3], f64[4, 3]) fails where of() does not:"
        + " java.lang.UnsupportedOperationException: later; give Link.IDENTITY where");
  }

  /** The reference but for what a test changes. */
  static class Altered implements Backend {
    private final ReferenceBackend reference = new ReferenceBackend();

    @Override
    public String name() {
      return "altered";
    }

    @Override
    public String describe() {
      return "altered";
    }

    @Override
    public List<String> missing(Computation computation) {
      return List.of();
    }

    @Override
    public Program compile(Computation computation) {
      return reference.compile(computation);
    }

    @Override
    public VariableStore newStore() {
      return reference.newStore();
    }

    @Override
    public void close() {
      reference.close();
    }
  }

  private static ThrowingCallable run(Backend backend, String name) {
    return run(backend, name, false);
  }

  private static ThrowingCallable run(Backend backend, String name, boolean checked) {
    BackendContract contract = new BackendContract() {
      @Override
      protected Backend open() {
        return backend;
      }

      @Override
      protected boolean isChecked() {
        return checked;
      }
    };
    return () -> Stream.concat(contract.operations(), contract.programs())
        .flatMap(OtherContractsBiteTest::tests)
        .filter(test -> test.getDisplayName().equals(name))
        .findFirst().orElseThrow().getExecutable().execute();
  }

  private static Stream<DynamicTest> tests(DynamicNode node) {
    return node instanceof DynamicContainer container
        ? container.getChildren().flatMap(OtherContractsBiteTest::tests)
        : Stream.of((DynamicTest) node);
  }

  @Test
  void a_backend_that_computes_something_else() {
    fails(run(new Altered() {
      @Override
      public Program compile(Computation computation) {
        Tensors wrong = computation.results().map((name, t) -> t.dtype().isFloating() ? t.mul(1.001) : t);
        return super.compile(new Computation(computation.name(), wrong, computation.variables()));
      }
    }, "matmul/17x33x65"), "apart, more than the bound");
  }

  @Test
  void a_backend_that_lacks_something_it_may_not() {
    fails(run(new Altered() {
      @Override
      public List<String> missing(Computation computation) {
        return List.of("no exponential");
      }
    }, "unary/exp/f32"), "let mayLack(\"unary/exp/f32\") be true");
  }

  @Test
  void a_backend_that_updates_nothing() {
    fails(run(new Altered() {
      @Override
      public Program compile(Computation computation) {
        List<Variable> read = computation.variables().stream().map(v -> v.withAfter(v.before())).toList();
        return super.compile(new Computation(computation.name(), computation.results(), read));
      }
    }, "variables get their values after from all values before"), "a: expected");
  }

  @Test
  void a_backend_that_goes_on_after_a_nan() throws Throwable {
    run(new ReferenceBackend(true), "reduce/max/nan", true).call();
    fails(run(new ReferenceBackend(), "reduce/max/nan", true), "the run did not stop");
  }

  @Test
  void a_backend_that_allocates() {
    fails(run(new Altered(), "a warm run allocates nothing"), "every warm run allocates");
  }
}
