package dev.ashlar.strangers;

import dev.ashlar.model.Block;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Scope;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * A long short-term memory whose state the caller keeps (Hochreiter and Schmidhuber, 1997). In:
 * value [B, T, I], hidden [B, U], cell [B, U]. Out: value [B, T, U], hidden, cell.
 */
record Lstm(int units) implements Block {
  @Override
  public Tensors forward(Tensors in, Scope scope) {
    Tensor x = in.get("value");
    Tensor input = scope.parameter("input", Shape.of(x.dim(-1), 4 * units), CrossAttention.Weights.SMALL);
    Tensor recurrent = scope.parameter("recurrent", Shape.of(units, 4 * units), CrossAttention.Weights.SMALL);
    Tensor bias = scope.parameter("bias", Shape.of(4 * units), Initializer.ZEROS);
    Tensor hidden = in.get("hidden");
    Tensor cell = in.get("cell");
    Tensor all = x.matmul(input).add(bias); // (B, T, 4 U): one large product for all steps
    List<Tensor> outputs = new ArrayList<>();
    for (int t = 0; t < x.dim(1); t++) {
      Tensor gates = all.slice(1, t, t + 1).squeeze(1).add(hidden.matmul(recurrent)); // (B, 4 U)
      List<Tensor> parts = gates.split(4, -1);
      cell = parts.get(1).sigmoid().mul(cell).add(parts.get(0).sigmoid().mul(parts.get(2).tanh()));
      hidden = parts.get(3).sigmoid().mul(cell.tanh());
      outputs.add(hidden);
    }
    return Tensors.of("value", Tensor.stack(outputs, 1), "hidden", hidden, "cell", cell);
  }
}
