package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Range;
import dev.ashlar.data.Dataset;
import java.util.Optional;

/**
 * How long and in what portions to train.
 *
 * @param epochs how often all examples are seen
 * @param batch examples in a step; at most as many as there are
 * @param seed of first values, noise and the order of examples
 * @param shuffle whether the order of examples changes from epoch to epoch
 * @param keep which epoch's model is kept
 * @param monitor what tells the best epoch
 * @param patience epochs without a better one after which training ends; for ever if absent
 * @param accumulate batches whose gradients make one update, as those of one large batch would
 * @param steps updates in all, in place of epochs: the run ends in the middle of one, or goes on over several. As many
 *     examples to learn from are measured at the end as there are set apart
 * @param evaluateEvery updates after which the model is measured; by default an epoch, or a tenth of {@code steps}
 * @param remat parts of the model whose values the backward pass computes again instead of keeping them: paths with
 *     commas between, in which a star stands for any characters; {@value #BLOCKS} for each copy of what is repeated.
 *     The same gradients to the bit, less memory, more arithmetic
 * @param ema memory of an exponential moving average of the weights, and of running statistics (of batch norm), which
 *     must belong to them: what is measured and kept are the averages, as timm's {@code ModelEmaV3} has it
 * @param checkpoint when the state of the run is written, where it has a place for that
 * @param onNan what happens when a loss, gradient or weight is not finite
 */
@Stable
public record Settings(
    @Range(atLeast = 1) @Default("10") @Doc("how often all examples are seen") int epochs,
    @Range(atLeast = 1) @Default("32") @Doc("examples in a step") int batch,
    @Default("0") @Doc("of first values, noise and the order of examples") long seed,
    @Default("true") @Doc("whether the order of examples changes from epoch to epoch") boolean shuffle,
    @Default("best") @Doc("which epoch's model is kept") Keep keep,
    @Default("loss") @Doc("what tells the best epoch: loss or a metric") String monitor,
    @Range(atLeast = 1) @Doc("epochs without a better one after which training ends") Optional<Integer> patience,
    @Range(atLeast = 1) @Default("1") @Doc("batches whose gradients make one update") int accumulate,
    @Range(atLeast = 1) @Doc("updates in all, in place of epochs") Optional<Integer> steps,
    @Range(atLeast = 1) @Doc("updates after which the model is measured; by default an epoch, or a tenth of 'steps'")
        Optional<Integer> evaluateEvery,
    @Doc("parts whose values the backward pass computes again instead of keeping them: 'blocks' for each copy of a"
        + " 'repeat', or paths with commas between, a star for any characters") Optional<String> remat,
    @Range(above = 0, below = 1) @Doc("memory of a moving average of the weights, which is then what is measured and"
        + " kept; 0.99 averages about 100 updates") Optional<Double> ema,
    @Default("{}") @Doc("when the state of the run is written, so that it can go on after an interruption")
        Checkpointing checkpoint,
    @Default("stop") @Doc("what happens when a loss, gradient or weight is not finite: the run stops, leaves the batch out"
        + " (skip), or goes back to the last evaluation or checkpoint and on behind that batch (rollback)") OnNan onNan) {

  /** What {@code remat} calls all copies of what is repeated. */
  public static final String BLOCKS = "blocks";

  /** Which epoch's model is kept. */
  public enum Keep {
    /** The best by validation, or by training where no validation data are set apart. */
    BEST,
    /** The last. */
    LAST
  }

  /** What happens when something is not finite. */
  public enum OnNan {
    /** The run stops. */
    STOP,
    /** The batch is left out; after 20 in a row the run stops. */
    SKIP,
    /**
     * The run goes back to where it was when the model was last measured or a checkpoint was written, whichever is later,
     * and goes on with the batches that come next; after three times from one place it stops. Takes memory for one more
     * copy of the variables.
     */
    ROLLBACK
  }

  /** Checks the numbers. */
  public Settings {
    if (epochs < 1 || batch < 1 || accumulate < 1) {
      throw new IllegalArgumentException("1 epoch, 1 example in a batch and 1 batch in an update, or more");
    }
  }

  /** An update for each batch, and no averages. */
  public Settings(
      int epochs, int batch, long seed, boolean shuffle, Keep keep, String monitor, Optional<Integer> patience) {
    this(epochs, batch, seed, shuffle, keep, monitor, patience, 1, Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Checkpointing.STANDARD, OnNan.STOP);
  }

  /** So many epochs in batches of so many examples, all else by default. */
  public static Settings of(int epochs, int batch) {
    return new Settings(epochs, batch, 0, true, Keep.BEST, Programs.LOSS, Optional.empty());
  }

  /** Examples in a batch of these data: no more than there are. */
  public int batchOf(Dataset data) {
    return (int) Math.min(batch, data.size());
  }

  /** With another seed. */
  public Settings withSeed(long other) {
    return new Settings(
        epochs, batch, other, shuffle, keep, monitor, patience, accumulate, steps, evaluateEvery, remat, ema,
        checkpoint, onNan);
  }

  /** With batches of another size. */
  public Settings withBatch(int examples) {
    return new Settings(
        epochs, examples, seed, shuffle, keep, monitor, patience, accumulate, steps, evaluateEvery, remat, ema,
        checkpoint, onNan);
  }

  /** With updates of several batches. */
  public Settings withAccumulation(int batches) {
    return new Settings(
        epochs, batch, seed, shuffle, keep, monitor, patience, batches, steps, evaluateEvery, remat, ema,
        checkpoint, onNan);
  }

  /** With so many updates in place of epochs, and the model measured after every so many of them. */
  public Settings withSteps(int updates, int every) {
    return new Settings(epochs, batch, seed, shuffle, keep, monitor, patience, accumulate, Optional.of(updates),
        Optional.of(every), remat, ema, checkpoint, onNan);
  }

  /** With values of some parts computed again instead of kept: {@value #BLOCKS}, or paths with commas between. */
  public Settings withRemat(String parts) {
    return new Settings(epochs, batch, seed, shuffle, keep, monitor, patience, accumulate, steps, evaluateEvery,
        Optional.of(parts), ema, checkpoint, onNan);
  }

  /** With all values kept until the backward pass. */
  public Settings withoutRemat() {
    return new Settings(epochs, batch, seed, shuffle, keep, monitor, patience, accumulate, steps, evaluateEvery,
        Optional.empty(), ema, checkpoint, onNan);
  }

  /** With a moving average of the weights. */
  public Settings withEma(double memory) {
    return new Settings(epochs, batch, seed, shuffle, keep, monitor, patience, accumulate, steps, evaluateEvery, remat,
        Optional.of(memory), checkpoint, onNan);
  }

  /** With its state written at other times. */
  public Settings withCheckpoint(Checkpointing other) {
    return new Settings(epochs, batch, seed, shuffle, keep, monitor, patience, accumulate, steps, evaluateEvery, remat,
        ema, other, onNan);
  }

  /** With another answer to what is not finite. */
  public Settings withOnNan(OnNan answer) {
    return new Settings(epochs, batch, seed, shuffle, keep, monitor, patience, accumulate, steps, evaluateEvery, remat,
        ema, checkpoint, answer);
  }
}
