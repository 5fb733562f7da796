package dev.ashlar.layers.losses;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Link;
import dev.ashlar.model.Loss;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Functions;
import dev.ashlar.tensor.Scan;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/**
 * Connectionist temporal classification (Graves et al., 2006, equations 6 to 8, in logarithms): -log of the probability
 * that the output, without repetitions and then without blanks, spells the target; divided by the target's length, and
 * the mean over examples, as {@code torch.nn.CTCLoss} has it. Shapes: logits [batch, time, classes], integer targets
 * [batch, labels]. Targets that are shorter end in numbers below 0. If the batch has a column {@value #INPUT_LENGTH},
 * integers [batch], only so many steps of time count. A label that is no class, or is the blank, makes the loss NaN; a
 * target that does not fit into its time makes it infinite.
 */
@Name("ctc")
@Doc("the probability of a sequence of labels at unknown times")
public record Ctc(
    @Doc("the class that stands for no label") @Default("0") @Range(atLeast = 0) int blank,
    @Doc("whether targets that do not fit into their time count for nothing") @Default("false") boolean zeroInfinity)
    implements Loss {

  /** Name of the column that says how many steps of time count. */
  public static final String INPUT_LENGTH = "input_length";

  private static final String NAME = "ctc";
  /** The logarithm of what cannot be: finite, so that differences of two are no NaN. */
  private static final double NEVER = -1e30;

  /** Blank 0; a target that does not fit makes the loss infinite. */
  public Ctc() {
    this(0, false);
  }

  @Override
  public Link link(TensorType output, TensorType target) {
    return Link.SOFTMAX;
  }

  @Override
  public Tensor of(Tensors outputs, Batch batch) {
    Tensor logits = outputs.first();
    Tensor targets = batch.target();
    check(logits, targets);
    Tensor labels = targets.cast(DType.I32);
    Tensor isLabel = labels.ge(0);
    Tensor lengths = isLabel.cast(DType.I32).sum(1);
    Tensor likelihood = likelihood(logits, isLabel.where(labels, Tensor.full(labels.type(), blank)), lengths,
        batch.columns().find(INPUT_LENGTH));
    Tensor fits = likelihood.gt(NEVER / 2);
    Tensor otherwise = Tensor.full(likelihood.type(), zeroInfinity ? 0 : Double.POSITIVE_INFINITY);
    Tensor losses = fits.where(likelihood.neg(), otherwise)
        .div(lengths.maximum(1).cast(likelihood.dtype()).reshape(likelihood.shape()));
    Tensor isWrong = labels.ge(logits.dim(-1)).or(labels.eq(blank)).cast(DType.F32).max(1).gt(0.5);
    Tensor told = isWrong.reshape(losses.shape()).where(Tensor.full(losses.type(), Double.NaN), losses);
    return batch.mean(told).cast(logits.dtype());
  }

  private void check(Tensor logits, Tensor targets) {
    boolean fits = logits.rank() == 3 && targets.rank() == 2 && targets.dtype().isInteger()
        && targets.dim(0) == logits.dim(0) && targets.dim(1) > 0;
    if (!fits || logits.dim(1) == 0) {
      throw new ShapeException(NAME, "an output [batch, time, classes] and integer labels [batch, labels]",
          "target " + targets.type() + " for output " + logits.type(), "targets that are shorter end in -1");
    }
    if (blank >= logits.dim(-1)) {
      throw new ShapeException(NAME, "a blank that is a class: below " + logits.dim(-1), "blank " + blank,
          "let the last layer give a score for the blank too");
    }
  }

  /**
   * The logarithm of the targets' probability.
   *
   * @param labels [batch, labels], blank where there is none
   * @param lengths of the targets, [batch, 1]
   * @param times that count, [batch]; all if absent
   * @return [batch]
   */
  private Tensor likelihood(Tensor logits, Tensor labels, Tensor lengths, Optional<Tensor> times) {
    int examples = logits.dim(0);
    int states = 2 * labels.dim(1) + 1;
    DType dtype = logits.dtype() == DType.F64 ? DType.F64 : DType.F32;
    Tensor path = path(labels, states);
    // (batch, classes, time) by class: (batch, states, time), then (time, batch, states)
    Tensor emitted = Functions.logSoftmax(logits.cast(dtype), -1).permute(0, 2, 1).gather(path, 1).permute(2, 0, 1);
    TensorType type = TensorType.of(dtype, examples, states);
    Tensor state = Tensor.iota(path.type(), 1);
    Tensor never = Tensor.full(type, NEVER);
    // A blank between two labels may be left out if these differ.
    Tensor skips = path.ne(shifted(path, 2, blank)).and(path.ne(Tensor.full(path.type(), blank)));

    Tensor first = state.lt(2).where(emitted.slice(0, 0, 1).squeeze(0), never);
    Tensor alpha = logits.dim(1) == 1 ? first : Scan.over(List.of(first), List.of(
        emitted.slice(0, 1, logits.dim(1)), Tensor.iota(TensorType.of(DType.I32, logits.dim(1) - 1), 0)),
        (before, entries) -> {
          Tensor stay = before.getFirst();
          Tensor moved = moved(stay, skips, never).add(entries.getFirst()).maximum(NEVER);
          Tensor now = times.map(count -> count.cast(DType.I32).reshape(examples, 1).gt(entries.get(1).add(1))
              .broadcastTo(type.shape()).where(moved, stay)).orElse(moved);
          return new Scan(List.of(now), List.of());
        }).state().getFirst();
    // It ends with the last label or the blank behind it.
    Tensor last = lengths.mul(2);
    Tensor isEnd = state.le(last.broadcastTo(path.shape())).and(state.ge(last.sub(1).broadcastTo(path.shape())));
    Tensor ends = isEnd.where(alpha, never);
    Tensor largest = ends.max(1).detach();
    return largest.add(ends.sub(largest).exp().sum(1).log()).reshape(Shape.of(examples));
  }

  /** The logarithm of the probability of coming to each state by staying, by a step or by leaving out a blank. */
  private static Tensor moved(Tensor stay, Tensor skips, Tensor never) {
    Tensor next = shifted(stay, 1, NEVER);
    Tensor skip = skips.where(shifted(stay, 2, NEVER), never);
    Tensor largest = stay.maximum(next).maximum(skip).detach();
    return largest.add(stay.sub(largest).exp().add(next.sub(largest).exp()).add(skip.sub(largest).exp()).log());
  }

  /** blank, label, blank, label, .., blank: [batch, states]. */
  private Tensor path(Tensor labels, int states) {
    Tensor blanks = Tensor.full(labels.type(), blank);
    Tensor pairs = Tensor.stack(List.of(blanks, labels), 2).reshape(labels.dim(0), states - 1);
    return Tensor.concat(List.of(pairs, blanks.slice(1, 0, 1)), 1);
  }

  /** States that are {@code by} before: [batch, states]. */
  private static Tensor shifted(Tensor states, int by, double filling) {
    Tensor before = Tensor.full(states.type().withShape(Shape.of(states.dim(0), by)), filling);
    return Tensor.concat(List.of(before, states.slice(1, 0, states.dim(1) - by)), 1);
  }
}
