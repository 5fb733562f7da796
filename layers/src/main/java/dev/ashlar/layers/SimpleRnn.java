package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.activations.Activations;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.model.Activation;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.List;

/**
 * h = activation(x W + h U + b), step by step. Elman, 1990. {@code torch.nn.RNN}'s b_ih + b_hh is b here.
 *
 * <p>In: x [batch, time, in]; optionally {@code hidden}, each [batch, layers directions,
 * units], the state before the first step (zeros if absent), and {@code lengths} [batch]: elements behind an example's
 * length leave its state as it is and give zeros. Out: {@link Steps}, and the state after the last step if one was
 * given. While decoding piece by piece the state stays with the session; both ways it
 * refuses to, for the way back begins at the end.
 */
@Name("simple_rnn")
@Doc("a state that each element of a sequence moves: h = activation(x W + h U + b)")
public record SimpleRnn(
    @Doc("width of the state") @Range(atLeast = 1) int units,
    @Doc("how many, one above the other") @Range(atLeast = 1) @Default("1") int layers,
    @Doc("whether each layer goes both ways, its outputs side by side") @Default("false") boolean bidirectional,
    @Doc("probability that an element between layers is 0 in training") @Range(atLeast = 0, below = 1)
        @Default("0") double dropout,
    @Doc("which steps' outputs are given") @Default("all") Steps steps,
    @Doc("applied to the sum") @Default("tanh") Activation activation,
    @Doc("how the weights start") @Default("glorot_uniform") Initializer initializer)
    implements Layer {

  /** One layer, forward, that gives the outputs of all steps. */
  public static SimpleRnn of(int units) {
    return new SimpleRnn(units, 1, false, 0, Steps.ALL, Activations.TANH, Initializers.GLOROT_UNIFORM);
  }

  /** This with so many layers, one above the other. */
  public SimpleRnn withLayers(int count) {
    return new SimpleRnn(units, count, bidirectional, dropout, steps, activation, initializer);
  }

  /** This both ways. */
  public SimpleRnn bothWays() {
    return new SimpleRnn(units, layers, true, dropout, steps, activation, initializer);
  }

  /** This with dropout between layers. */
  public SimpleRnn withDropout(double rate) {
    return new SimpleRnn(units, layers, bidirectional, rate, steps, activation, initializer);
  }

  /** This with the output of the last step alone. */
  public SimpleRnn last() {
    return new SimpleRnn(units, layers, bidirectional, dropout, Steps.LAST, activation, initializer);
  }

  @Override
  public Tensor forward(Tensor x, Scope scope) {
    return forward(Tensors.of(x), scope).first();
  }

  @Override
  public Tensors forward(Tensors in, Scope scope) {
    return new Recurrence(cell(), units, layers, bidirectional, dropout, steps, initializer).forward(in, scope);
  }

  private Recurrence.Cell cell() {
    return new Recurrence.Cell("simple_rnn", 1, List.of("hidden"), Initializer.ZEROS, this::stepper);
  }

  private Recurrence.Stepper stepper(Scope scope, Tensor recurrent, Tensor bias) {
    return (input, state) ->
        List.of(activation.apply(input.add(state.getFirst().matmul(recurrent)).add(bias)));
  }
}
