package dev.ashlar.layers;

import dev.ashlar.layers.shapes.Inputs;
import dev.ashlar.model.Initializer;
import dev.ashlar.model.Scope;
import dev.ashlar.model.State;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Scan;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Layers of cells, one above the other, each going through the sequence forward or both ways.
 *
 * <p>A layer has parameters {@code layer_0.weight} [in, gates units], {@code layer_0.recurrent} [units, gates units],
 * {@code layer_0.bias} [gates units] and what its cell adds; the way back those of {@code layer_0_reverse}. The inputs
 * of all steps are multiplied by the weight at once, before the loop.
 *
 * @param cell what happens in a step
 * @param units width of the state
 * @param layers number of layers
 * @param bidirectional whether each layer goes both ways, its outputs side by side
 * @param dropout between layers
 * @param steps what is given
 */
record Recurrence(Cell cell, int units, int layers, boolean bidirectional, double dropout, Steps steps,
    Initializer initializer) {

  /**
   * What happens in a step.
   *
   * @param name of the layer, for messages
   * @param gates how many times as wide as the state they are together
   * @param states names of the parts of its state: the first is the output
   * @param bias how it starts
   * @param steps makes the step
   */
  record Cell(String name, int gates, List<String> states, Initializer bias, Steppers steps) {}

  /** Makes the step of a cell. */
  interface Steppers {
    /**
     * A step.
     *
     * @param scope gives parameters of its own
     * @param recurrent weight [units, gates units]
     * @param bias [gates units]
     */
    Stepper of(Scope scope, Tensor recurrent, Tensor bias);
  }

  /** From input [batch, gates units] and state, each [batch, units], to the next state. */
  interface Stepper {
    List<Tensor> next(Tensor input, List<Tensor> state);
  }

  /**
   * Which steps hold an element; others leave the state as it is.
   *
   * @param lengths of the examples, i32 [batch]; all of them if absent
   * @param padding positions before the first token, i32 [batch]; none if absent
   * @param position of the first step
   */
  private record Present(Optional<Tensor> lengths, Optional<Tensor> padding, Tensor position) {
    boolean isAsked() {
      return lengths.isPresent() || padding.isPresent();
    }

    /** Whether each example has an element in a step: [batch]. */
    Tensor at(Tensor step) {
      Optional<Tensor> ended = lengths.map(step::lt);
      Optional<Tensor> begun = padding.map(first -> step.add(position).ge(first));
      return ended.map(before -> begun.map(before::and).orElse(before)).or(() -> begun).orElseThrow();
    }
  }

  /** The first input goes through; with states among the others, [batch, layers directions, units], so do they. */
  Tensors forward(Tensors in, Scope scope) {
    Tensor x = in.first();
    if (x.rank() != 3 || x.dtype().isInteger()) {
      throw new ShapeException(cell.name(), "sequences [batch, time, width] of real numbers", x.type().toString(),
          "insert 'embedding' or 'reshape: [time, width]' before it");
    }
    if (bidirectional) {
      Inputs.whole(cell.name(), scope); // The way back begins at the end.
    }
    boolean isPiece = scope.decodingCapacity().isPresent();
    Present present = new Present(in.find("lengths").map(lengths -> lengths.cast(DType.I32)),
        scope.padding().filter(padding -> isPiece), scope.position());
    List<State> sessions = new ArrayList<>();
    List<List<Tensor>> last = new ArrayList<>();
    for (String name : cell.states()) {
      last.add(new ArrayList<>());
      if (isPiece) {
        TensorType type = new TensorType(x.dtype(), Shape.of(x.dim(0), layers, units));
        sessions.add(scope.session(name, type));
      }
    }
    Tensor sequence = x.transpose(0, 1); // [time, batch, width]
    Tensor output = sequence;
    int directions = bidirectional ? 2 : 1;
    for (int layer = 0; layer < layers; layer++) {
      if (layer > 0 && dropout > 0) {
        sequence = scope.call("dropout_" + layer, new Dropout(dropout), sequence);
      }
      List<Tensor> ways = new ArrayList<>();
      List<Tensor> ends = new ArrayList<>();
      for (int way = 0; way < directions; way++) {
        List<Tensor> before = new ArrayList<>();
        for (int i = 0; i < cell.states().size(); i++) {
          before.add(before(in, isPiece ? Optional.of(sessions.get(i).value()) : Optional.empty(),
              cell.states().get(i), layer * directions + way, x));
        }
        Scope own = scope.child("layer_" + layer + (way == 1 ? "_reverse" : ""));
        Scan all = scan(own, sequence, before, way == 1, present);
        ways.add(all.outputs().getFirst());
        ends.add(all.state().getFirst());
        for (int i = 0; i < last.size(); i++) {
          last.get(i).add(all.state().get(i));
        }
      }
      sequence = Tensor.concat(ways, 2);
      output = Tensor.concat(ends, 1);
    }
    String first = in.names().iterator().next();
    Tensors out = in.with(first, steps == Steps.LAST ? output : sequence.transpose(0, 1));
    for (int i = 0; i < last.size(); i++) {
      String name = cell.states().get(i);
      Tensor after = Tensor.stack(last.get(i), 1);
      if (isPiece) {
        sessions.get(i).set(after);
      }
      out = in.find(name).isPresent() ? out.with(name, after) : out;
    }
    return out;
  }

  /** The state before the first step: given, or of the session, or zeros. */
  private Tensor before(Tensors in, Optional<Tensor> session, String name, int number, Tensor x) {
    Optional<Tensor> given = in.find(name).or(() -> session);
    if (given.isEmpty()) {
      return Tensor.zeros(new TensorType(x.dtype(), Shape.of(x.dim(0), units)));
    }
    Shape shape = Shape.of(x.dim(0), layers * (bidirectional ? 2 : 1), units);
    if (!given.get().shape().equals(shape)) {
      throw new ShapeException(cell.name(), "'" + name + "' [batch, layers and directions, units] = " + shape,
          given.get().shape().toString(), "give a state for each layer and direction");
    }
    return given.get().slice(1, number, number + 1).squeeze(1).cast(x.dtype());
  }

  private Scan scan(Scope scope, Tensor sequence, List<Tensor> before, boolean reverse, Present present) {
    int width = cell.gates() * units;
    Tensor weight = scope.parameter("weight", Shape.of(sequence.dim(2), width),
        new Initializer.Fans(sequence.dim(2), units), initializer);
    Tensor recurrent = scope.parameter("recurrent", Shape.of(units, width),
        new Initializer.Fans(units, units), initializer);
    Tensor bias = scope.parameter("bias", Shape.of(width), cell.bias());
    Stepper stepper = cell.steps().of(scope, recurrent, bias);
    List<Tensor> sequences = new ArrayList<>(List.of(sequence.matmul(weight))); // [time, batch, gates units]
    if (present.isAsked()) {
      sequences.add(Tensor.iota(TensorType.of(DType.I32, sequence.dim(0)), 0));
    }
    return Scan.over(before, sequences, reverse, (state, entries) -> {
      List<Tensor> next = stepper.next(entries.getFirst(), state);
      if (!present.isAsked()) {
        return new Scan(next, next.subList(0, 1));
      }
      Tensor isThere = present.at(entries.get(1)).expandDims(1);
      List<Tensor> kept = new ArrayList<>();
      for (int i = 0; i < next.size(); i++) {
        kept.add(isThere.where(next.get(i), state.get(i)));
      }
      Tensor output = next.getFirst();
      return new Scan(kept, List.of(isThere.where(output, Tensor.zeros(output.type()))));
    });
  }
}
