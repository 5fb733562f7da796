package dev.ashlar.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.model.Batch;
import dev.ashlar.model.Metric;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Metrics that break a promise fail the test of it. */
class MetricContractBitesTest {

  private static void fails(ThrowingCallable check, String message) {
    assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(message);
  }

  /** The mean of what an example's statistic is, over all examples. */
  private record Planted(BiFunction<Tensors, Batch, Tensors> statistics) implements Metric {
    @Override
    public Tensors statistics(Tensors outputs, Batch batch) {
      return statistics.apply(outputs, batch);
    }

    @Override
    public double result(Map<String, double[]> sums) {
      return sums.get("error")[0] / sums.get("count")[0];
    }
  }

  private static MetricChecks metric(BiFunction<Tensors, Batch, Tensors> statistics) {
    NDArray y = Values.normal(TensorType.of(DType.F64, 5, 3), 1);
    return new MetricChecks(
        new MetricContract.Example(new Planted(statistics), y, Values.normal(y.type(), 2)));
  }

  /** The absolute error of each example, [batch]. */
  private static Tensor errors(Tensors outputs, Batch batch) {
    return outputs.first().sub(batch.target()).abs().mean(1).reshape(outputs.first().dim(0));
  }

  private static Tensors counted(Tensor error, Tensor count) {
    return Tensors.of("error", error, "count", count);
  }

  @Test
  void a_metric_that_keeps_its_promises() {
    MetricChecks checks = metric((y, batch) -> counted(batch.sum(errors(y, batch)), batch.weight().sum()));
    checks.finite();
    checks.keeps();
    checks.byClass();
    checks.merging();
    checks.padding();
    checks.order();
  }

  @Test
  void metrics() {
    Tensor one = Tensor.scalar(DType.F64, 1);
    fails(() -> metric((y, batch) -> counted(batch.mean(errors(y, batch)), one)).merging(),
        "the result over batches of 1 and 4 examples");
    fails(() -> metric((y, batch) -> counted(errors(y, batch), batch.weight().sum())).merging(),
        "statistic 'error' has 1 elements for one batch and 4 for another");
    fails(() -> metric((y, batch) -> counted(errors(y, batch).sum(), batch.weight().sum())).padding(),
        "1 of 5 examples of weight 0 (use batch.sum)");
    fails(() -> metric((y, batch) -> counted(
        batch.sum(errors(y, batch)), Tensor.scalar(DType.F32, y.first().dim(0)))).padding(),
        "1 of 5 examples of weight 0 (use batch.sum)");
    fails(() -> metric((y, batch) -> counted(errors(y, batch).slice(0, 0, 1).sum(), one)).order(),
        "every example counts alike");
    fails(() -> metric((y, batch) -> counted(batch.sum(errors(y, batch)), batch.weight().sum().mul(0))).finite(),
        "the result is Infinity");
    fails(() -> metric((y, batch) -> counted(batch.sum(errors(y, batch)).neg().log(), one)).finite(),
        "statistic 'error' is NaN");
  }

  /** The mean absolute error, with what a test changes. */
  private static class MeanError implements Metric {
    @Override
    public Tensors statistics(Tensors outputs, Batch batch) {
      return counted(batch.sum(errors(outputs, batch)), batch.weight().sum());
    }

    @Override
    public double result(Map<String, double[]> sums) {
      return sums.get("error")[0] / sums.get("count")[0];
    }
  }

  private static MetricChecks metric(Metric metric) {
    NDArray y = Values.normal(TensorType.of(DType.F64, 5, 3), 1);
    return new MetricChecks(new MetricContract.Example(metric, y, Values.normal(y.type(), 2)));
  }

  private static MetricChecks byClass(Function<Map<String, double[]>, Optional<Metric.ByClass>> rows) {
    return metric(new MeanError() {
      @Override
      public Optional<ByClass> byClass(Map<String, double[]> sums) {
        return rows.apply(sums);
      }
    });
  }

  private static MetricChecks keeping(Set<String> kept) {
    return metric(new MeanError() {
      @Override
      public Set<String> kept() {
        return kept;
      }
    });
  }

  @Test
  void what_metrics_have_by_class() {
    byClass(sums -> Metric.ByClass.column("error", new double[] {1, sums.get("error")[0]})).byClass();
    byClass(sums -> Optional.of(new Metric.ByClass(List.of(), new double[2][2]))).byClass();
    fails(() -> byClass(sums -> Metric.ByClass.column("error", sums.get("errors"))).byClass(),
        "byClass() fails for the statistics of one batch, which result() takes: java.lang.NullPointerException");
    fails(() -> byClass(sums -> {
      if (sums.get("count")[0] == 1) {
        throw new ArithmeticException("no variance");
      }
      return Optional.empty();
    }).byClass(), "byClass() fails for the statistics of a batch of one example, which result() takes:"
        + " java.lang.ArithmeticException: no variance; give Optional.empty()");
    fails(() -> byClass(sums -> null).byClass(), "byClass() gives null for the statistics of one batch");
    fails(() -> byClass(sums -> Optional.of(new Metric.ByClass(List.of("a", "b"), new double[2][1]))).byClass(),
        "of 1 for 2 columns [a, b]: give a number for each");
  }

  @Test
  void what_metrics_keep() {
    fails(() -> keeping(Set.of("scores")).keeps(),
        "kept() names 'scores', and statistics() gives only [count, error]: name statistics as there");
    fails(() -> keeping(null).keeps(), "kept() gives null: give Set.of()");
  }
}
