package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Key;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.List;

/**
 * Long short-term memory; Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000:
 * i, f, o = sigmoid(x W + h U + b), g = tanh(..), c = f c + i g, h = o tanh(c). Gates lie in the order i, f, g, o.
 * The forget gate's bias starts at 1 (Jozefowicz et al., 2015), the others at 0. {@code torch.nn.LSTM}'s b_ih + b_hh
 * is b here.
 *
 * <p>In: x [batch, time, in]; optionally {@code hidden} and {@code cell}, each [batch, layers directions,
 * units], the state before the first step (zeros if absent), and {@code lengths} [batch]: elements behind an example's
 * length leave its state as it is and give zeros. Out: {@link Steps}, and the state after the last step if one was
 * given. While decoding piece by piece the state stays with the session; both ways it
 * refuses to, for the way back begins at the end.
 */
@Name("lstm")
@Doc("long short-term memory: a cell that gates write, keep and read")
public record Lstm(
    @Doc("width of the state") @Range(atLeast = 1) int units,
    @Doc("how many, one above the other") @Range(atLeast = 1) @Default("1") int layers,
    @Doc("whether each layer goes both ways, its outputs side by side") @Default("false") boolean bidirectional,
    @Doc("probability that an element between layers is 0 in training") @Range(atLeast = 0, below = 1)
        @Default("0") double dropout,
    @Doc("which steps' outputs are given") @Default("all") Steps steps,
    @Doc("how the weights start") @Default("glorot_uniform") Initializer initializer)
    implements Layer {

  /** One layer, forward, that gives the outputs of all steps. */
  public static Lstm of(int units) {
    return new Lstm(units, 1, false, 0, Steps.ALL, Initializers.GLOROT_UNIFORM);
  }

  /** This with so many layers, one above the other. */
  public Lstm withLayers(int count) {
    return new Lstm(units, count, bidirectional, dropout, steps, initializer);
  }

  /** This both ways. */
  public Lstm bothWays() {
    return new Lstm(units, layers, true, dropout, steps, initializer);
  }

  /** This with dropout between layers. */
  public Lstm withDropout(double rate) {
    return new Lstm(units, layers, bidirectional, rate, steps, initializer);
  }

  /** This with the output of the last step alone. */
  public Lstm last() {
    return new Lstm(units, layers, bidirectional, dropout, Steps.LAST, initializer);
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
    return new Recurrence.Cell("lstm", 4, List.of("hidden", "cell"), this::bias, this::stepper);
  }

  /** 1 for the forget gate, 0 for the others: [gates units]. */
  private Tensor bias(TensorType type, Initializer.Fans fans, Key key) {
    return Tensor.full(type.withShape(Shape.of(units)), 1).pad(new int[] {units}, new int[] {2 * units}, 0);
  }

  private Recurrence.Stepper stepper(Scope scope, Tensor recurrent, Tensor bias) {
    return (input, state) -> {
      List<Tensor> gates = input.add(state.getFirst().matmul(recurrent)).add(bias).split(4, -1);
      Tensor written = gates.get(0).sigmoid().mul(gates.get(2).tanh());
      Tensor cell = gates.get(1).sigmoid().mul(state.get(1)).add(written);
      return List.of(gates.get(3).sigmoid().mul(cell.tanh()), cell);
    };
  }
}
