package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.model.Callback;
import dev.ashlar.testkit.CallbackContract;
import dev.ashlar.training.callbacks.EarlyStopping;
import dev.ashlar.training.callbacks.StopAfter;
import dev.ashlar.training.callbacks.WeightAveraging;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The callbacks keep what callbacks promise, and one that does not is found out. */
class CallbackPromisesTest {

  @Nested
  class Exact extends CallbackContract {
    @Override
    protected List<Callback> callbacks() {
      return List.of(EarlyStopping.of(3), EarlyStopping.of(2).withTarget(1.05),
          EarlyStopping.of(3).withMonitor("accuracy"),
          new EarlyStopping(1, Optional.of("loss"), 0.05, Optional.empty(), Optional.of(1.5), 3),
          new WeightAveraging(0.3));
    }
  }

  @Nested
  class ByTheClock extends CallbackContract {
    @Override
    protected List<Callback> callbacks() {
      return List.of(new StopAfter(10));
    }

    @Override
    protected boolean goByWhatTheyHear() {
      return false;
    }
  }

  /** Remembers in the watcher, and does not say what. */
  private record Forgetful() implements Callback {
    @Override
    public Watcher begin(Run run) {
      return new Watcher() {
        private int epochs;

        @Override
        public void epoch(Epoch epoch) {
          if (++epochs == 6) {
            run.stop("six epochs");
          }
        }
      };
    }
  }

  @Test
  void whatIsForgottenIsFound() {
    CallbackContract contract = new CallbackContract() {
      @Override
      protected List<Callback> callbacks() {
        return List.of(new Forgetful());
      }
    };
    DynamicTest resumes = contract(contract).filter(test -> test.getDisplayName().startsWith("goes on")).findFirst()
        .orElseThrow();
    assertThatThrownBy(() -> resumes.getExecutable().execute()).isInstanceOf(AssertionError.class)
        .hasMessageContaining("resumed after epoch 1").hasMessageContaining("in state()");
    assertThat(contract(contract).count()).isEqualTo(8);
  }

  private static java.util.stream.Stream<DynamicTest> contract(CallbackContract contract) {
    try {
      var method = CallbackContract.class.getDeclaredMethod("contract");
      method.setAccessible(true);
      @SuppressWarnings("unchecked")
      var nodes = (java.util.stream.Stream<DynamicNode>) method.invoke(contract);
      return nodes.flatMap(node -> ((DynamicContainer) node).getChildren()).map(DynamicTest.class::cast);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
