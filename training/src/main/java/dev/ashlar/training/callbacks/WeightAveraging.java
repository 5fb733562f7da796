package dev.ashlar.training.callbacks;

import dev.ashlar.api.Experimental;
import dev.ashlar.config.Alias;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Callback;
import dev.ashlar.model.Schedule;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Tensor;
import java.util.Optional;

/**
 * What is measured and kept is the mean of the weights over the last part of the run, each update counted once (Polyak
 * and Juditsky, 1992; as stochastic weight averaging, Izmailov et al., 2018, which takes one sample in an epoch).
 * Running statistics are averaged with them. Until that part begins, it is the weights themselves.
 */
@Experimental(since = "0.1")
@Name("weight_averaging")
@Alias("swa")
@Doc("what is measured and kept is the mean of the weights over the last part of the run")
public record WeightAveraging(
    @Doc("the part of the run's updates that is averaged") @Default("0.25") @Range(above = 0, atMost = 1) double last)
    implements Callback {

  @Override
  public Watcher begin(Run run) {
    return new Watcher() {};
  }

  @Override
  public Optional<Schedule> averaging() {
    return Optional.of(this::memory);
  }

  /** n / (n + 1) at the update with n averaged ones before it; 0 until then. */
  private Tensor memory(Schedule.Progress progress) {
    long averaged = Math.clamp(Math.round(last * progress.total()), 1, Math.max(1, progress.total()));
    Tensor before = progress.step().sub(progress.total() - averaged).maximum(0).cast(DType.F32);
    return before.div(before.add(1));
  }
}
