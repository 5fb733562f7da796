package dev.ashlar.layers;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.config.Range;
import dev.ashlar.layers.initializers.Initializers;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.List;

/**
 * Gated recurrent unit; Cho et al., 2014, with the reset gate behind the product, as cuDNN and PyTorch have it:
 * r = sigmoid(x Wr + h Ur + br), z = sigmoid(x Wz + h Uz + bz), n = tanh(x Wn + bn + r (h Un + cn)),
 * h = (1 - z) n + z h. Gates lie in the order r, z, n; c is {@code recurrent_bias} [units].
 * {@code torch.nn.GRU}'s b_ih + b_hh are b here for r and z, b_in is bn and b_hn is c.
 *
 * <p>In: x [batch, time, in]; optionally {@code hidden}, each [batch, layers directions,
 * units], the state before the first step (zeros if absent), and {@code lengths} [batch]: elements behind an example's
 * length leave its state as it is and give zeros. Out: {@link Steps}, and the state after the last step if one was
 * given. While decoding piece by piece the state stays with the session; both ways it
 * refuses to, for the way back begins at the end.
 */
@Name("gru")
@Doc("gated recurrent unit: a state that is kept or moved, element by element")
public record Gru(
    @Doc("width of the state") @Range(atLeast = 1) int units,
    @Doc("how many, one above the other") @Range(atLeast = 1) @Default("1") int layers,
    @Doc("whether each layer goes both ways, its outputs side by side") @Default("false") boolean bidirectional,
    @Doc("probability that an element between layers is 0 in training") @Range(atLeast = 0, below = 1)
        @Default("0") double dropout,
    @Doc("which steps' outputs are given") @Default("all") Steps steps,
    @Doc("how the weights start") @Default("glorot_uniform") Initializer initializer)
    implements Layer {

  /** One layer, forward, that gives the outputs of all steps. */
  public static Gru of(int units) {
    return new Gru(units, 1, false, 0, Steps.ALL, Initializers.GLOROT_UNIFORM);
  }

  /** This with so many layers, one above the other. */
  public Gru withLayers(int count) {
    return new Gru(units, count, bidirectional, dropout, steps, initializer);
  }

  /** This both ways. */
  public Gru bothWays() {
    return new Gru(units, layers, true, dropout, steps, initializer);
  }

  /** This with dropout between layers. */
  public Gru withDropout(double rate) {
    return new Gru(units, layers, bidirectional, rate, steps, initializer);
  }

  /** This with the output of the last step alone. */
  public Gru last() {
    return new Gru(units, layers, bidirectional, dropout, Steps.LAST, initializer);
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
    return new Recurrence.Cell("gru", 3, List.of("hidden"), Initializer.ZEROS, this::stepper);
  }

  private Recurrence.Stepper stepper(Scope scope, Tensor recurrent, Tensor bias) {
    Tensor inner = scope.parameter("recurrent_bias", Shape.of(units), Initializer.ZEROS);
    return (input, state) -> {
      Tensor h = state.getFirst();
      List<Tensor> x = input.add(bias).split(3, -1);
      List<Tensor> u = h.matmul(recurrent).split(3, -1);
      Tensor reset = x.get(0).add(u.get(0)).sigmoid();
      Tensor update = x.get(1).add(u.get(1)).sigmoid();
      Tensor fresh = x.get(2).add(reset.mul(u.get(2).add(inner))).tanh();
      return List.of(fresh.add(update.mul(h.sub(fresh)))); // (1 - z) n + z h
    };
  }
}
