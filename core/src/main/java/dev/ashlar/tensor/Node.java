package dev.ashlar.tensor;

import dev.ashlar.api.Stable;
import java.util.List;

/** One application of an operation: it has one or more outputs. Equality is identity. */
@Stable
public final class Node {

  private final Op op;
  private final Origin origin;
  private final List<Tensor> inputs;
  private final List<Tensor> outputs;

  Node(Op op, Origin origin) {
    this(op, origin, TypeRules.of(op));
  }

  private Node(Op op, Origin origin, List<TensorType> types) {
    this.op = op;
    this.origin = origin;
    this.inputs = op.inputs();
    Tensor[] tensors = new Tensor[types.size()];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = new Tensor(this, i, types.get(i));
    }
    this.outputs = List.of(tensors);
  }

  /**
   * Applies an operation.
   *
   * @throws ShapeException if the operands do not fit it
   */
  public static Node of(Op op) {
    return new Node(op, Origin.current());
  }

  /** Applies an operation in the name of an origin: for passes that replace nodes. */
  public static Node of(Op op, Origin origin) {
    return new Node(op, origin);
  }

  /** This node with an operation that differs in its operands alone. */
  Node with(Op changed) {
    List<Tensor> after = changed.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      TensorType type = inputs.get(i).type();
      if (type != after.get(i).type() && !type.equals(after.get(i).type())) {
        return new Node(changed, origin);
      }
    }
    return new Node(changed, origin, Lists.map(outputs, Tensor::type));
  }

  /** What is computed. */
  public Op op() {
    return op;
  }

  /** Which part of the model asked for it. */
  public Origin origin() {
    return origin;
  }

  /** The results, in order. */
  public List<Tensor> outputs() {
    return outputs;
  }

  /** One result. */
  public Tensor output(int index) {
    return outputs.get(index);
  }

  /** The operands, in order. */
  public List<Tensor> inputs() {
    return inputs;
  }

  @Override
  public String toString() {
    return op.label() + outputs.stream().map(t -> " " + t.type()).reduce("", String::concat);
  }
}
