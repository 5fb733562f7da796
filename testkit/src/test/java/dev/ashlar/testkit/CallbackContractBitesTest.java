package dev.ashlar.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.model.Callback;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Callbacks that break a promise fail the test of it. */
class CallbackContractBitesTest {

  private static void fails(ThrowingCallable check, String message) {
    assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(message);
  }

  /** What a test does when an epoch is done. */
  private interface Done {
    void epoch(Callback.Run run, Callback.Epoch epoch);
  }

  private static Callback doing(Done done) {
    return run -> new Callback.Watcher() {
      @Override
      public void epoch(Callback.Epoch epoch) {
        done.epoch(run, epoch);
      }
    };
  }

  private static CallbackChecks checks(Done done) {
    return new CallbackChecks(doing(done));
  }

  /** Which names a measure, halves updates when it falls behind, and remembers how often. */
  private record Halving() implements Callback {
    @Override
    public List<String> measures() {
      return List.of("f1");
    }

    @Override
    public boolean scalesUpdates() {
      return true;
    }

    @Override
    public Watcher begin(Run run) {
      return new Watcher() {
        private double worse;

        @Override
        public void epoch(Epoch epoch) {
          if (epoch.value("loss") > epoch.value("f1") && epoch.metrics().get("train").get("f1") > 0) {
            run.scaleUpdates(Math.pow(0.5, ++worse));
          }
        }

        @Override
        public Map<String, Double> state() {
          return Map.of("worse", worse);
        }

        @Override
        public void restore(Map<String, Double> state) {
          worse = state.get("worse");
        }
      };
    }
  }

  @Test
  void a_callback_that_keeps_its_promises() {
    CallbackChecks checks = new CallbackChecks(new Halving());
    checks.hears();
    checks.begins(true);
    checks.begins(false);
    checks.measures();
    checks.scales();
    checks.repeats();
    checks.resumes();
  }

  @Test
  void measures_that_are_not_named() {
    String message = "it asks for ['f1'] of an epoch, and measures() gives []: name there all that it goes by";
    fails(() -> checks((run, epoch) -> epoch.value("f1")).measures(), message);
    fails(() -> checks((run, epoch) -> epoch.metrics().get("train").get("f1")).measures(), message);
    fails(() -> checks((run, epoch) -> {
      if (epoch.value("loss") > 1e5 && epoch.value("f1") < 0.5) {
        run.stop("too bad");
      }
    }).measures(), message);
    checks((run, epoch) -> epoch.metrics().get("train").containsKey("f1")).measures();
  }

  @Test
  void updates_that_are_scaled_unsaid() {
    double[] last = new double[1];
    String message = "it scales updates, and scalesUpdates() is false";
    fails(() -> checks((run, epoch) -> scaleIf(run, epoch.value("loss") > 100)).scales(), message);
    fails(() -> checks((run, epoch) -> scaleIf(run, epoch.value("loss") < 0.2)).scales(), message);
    fails(() -> checks((run, epoch) -> scaleIf(run, Double.isNaN(epoch.value("loss")))).scales(), message);
    fails(() -> checks((run, epoch) -> scaleIf(run, epoch.value("loss") == 0)).scales(), message);
    fails(() -> checks((run, epoch) -> {
      scaleIf(run, epoch.number() > 1 && epoch.value("loss") > 3 * last[0]);
      last[0] = epoch.value("loss");
    }).scales(), message);
    fails(() -> new CallbackChecks(run -> new Callback.Watcher() {
      @Override
      public void step(long step, double loss) {
        scaleIf(run, loss > 5);
      }
    }).scales(), message);
  }

  private static void scaleIf(Callback.Run run, boolean holds) {
    if (holds) {
      run.scaleUpdates(0.5);
    }
  }

  /** Which counts in one place for all runs, from 0 at the start of each. */
  private static Callback counting(boolean tells) {
    Map<String, Double> shared = new HashMap<>();
    return run -> {
      shared.put("epochs", 0.0);
      return new Callback.Watcher() {
        @Override
        public void epoch(Callback.Epoch epoch) {
          if (shared.merge("epochs", 1.0, Double::sum) == 5 && tells) {
            run.stop("five epochs");
          }
        }

        @Override
        public Map<String, Double> state() {
          return Map.copyOf(shared);
        }
      };
    };
  }

  @Test
  void runs_that_share_a_place() {
    fails(() -> new CallbackChecks(counting(true)).begins(true), "keep what lasts during a run in the watcher");
    fails(() -> new CallbackChecks(counting(false)).begins(true), "beside another run it does [.. 10 remembers"
        + " {epochs=3.0} ..], alone [.. 10 remembers {epochs=2.0} ..]");
    double[] last = new double[1];
    fails(() -> new CallbackChecks(doing((run, epoch) -> {
      if (epoch.number() == 12) {
        run.warn("last", "the last loss but one was " + last[0]);
      }
      last[0] = epoch.value("loss");
    })).begins(true), "keep what lasts during a run in the watcher");
  }

  @Test
  void what_is_forgotten_at_a_large_loss_alone() {
    fails(() -> new CallbackChecks(run -> new Callback.Watcher() {
      private int large;

      @Override
      public void epoch(Callback.Epoch epoch) {
        if (epoch.value("loss") > 1e5 && ++large == 3) {
          run.stop("three large losses");
        }
      }
    }).resumes(), "resumed after epoch 1, it asks for");
  }
}
