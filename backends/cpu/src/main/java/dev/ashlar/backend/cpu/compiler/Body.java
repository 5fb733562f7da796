package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a group computes: values to be stored, over the group's space.
 *
 * @param space the loops
 * @param stores in order
 */
record Body(Space space, List<Store> stores) {

  /** A value, and where in the buffer of which tensor it goes. */
  record Store(Value value, Tensor to, Form form) {}

  static Body of(Group group) {
    Builder builder = new Builder(group);
    List<Store> stores = group.outputs.stream()
        .map(store -> new Store(builder.compute(store.tensor(), store.form()), store.tensor(), store.form()))
        .toList();
    return new Body(group.space, stores);
  }

  /**
   * Whether the elements of a store are written when all that is read of their row has been read: in the last pass over
   * the row, as what waits for all its sums is.
   */
  boolean isLast(Store store) {
    if (space.columns() || !space.isReduced()) {
      return !space.columns();
    }
    boolean isElement = space.innerAxes().anyMatch(store.form()::dependsOn);
    List<Value> sums = Analysis.values(stores).stream().filter(Value.Reduced.class::isInstance).toList();
    return isElement && Analysis.values(List.of(store)).containsAll(sums);
  }

  private static final class Builder {

    private record Key(Tensor tensor, Form form) {}

    private final Group group;
    private final Map<Key, Value> known = new HashMap<>();

    Builder(Group group) {
      this.group = group;
    }

    Value value(Tensor tensor, Form form) {
      Value value = known.get(new Key(tensor, form));
      if (value == null) {
        value = group.inlined.contains(tensor) ? compute(tensor, form) : new Value.Load(tensor, form);
        known.put(new Key(tensor, form), value);
      }
      return value;
    }

    Value compute(Tensor tensor, Form form) {
      Value value = known.get(new Key(tensor, form));
      if (value == null) {
        value = create(tensor, form);
        known.put(new Key(tensor, form), value);
      }
      return value;
    }

    private Value create(Tensor tensor, Form form) {
      Op op = tensor.node().op();
      int rank = group.space.rank();
      return switch (op) {
        case Op.Literal o -> new Value.Number(o.dtype(), o.value());
        case Op.Iota o -> new Value.Position(o.type().dtype(), Movements.iota(o, parts(op, tensor, form)));
        case Op.RandomBits o ->
            new Value.Random(value(o.low(), Form.zero(rank)), value(o.high(), Form.zero(rank)), form);
        case Op.Reshape o -> value(o.x(), form);
        case Op.Reduce o -> reduced(o, tensor, o.x());
        case Op.ArgMax o -> reduced(o, tensor, o.x());
        default -> {
          if (Movements.isMovement(op)) {
            yield value(op.inputs().getFirst(), Movements.operand(op, tensor.shape(),
                parts(op, tensor, form), rank));
          }
          List<Value> operands = op.inputs().stream().map(operand -> value(operand, form)).toList();
          yield new Value.Apply(op, tensor.dtype(), operands);
        }
      };
    }

    private Value reduced(Op op, Tensor result, Tensor operand) {
      Form position = java.util.Objects.requireNonNull(group.reductions.get(result));
      return new Value.Reduced(op, result.dtype(), value(operand, position));
    }

    private List<Form> parts(Op op, Tensor result, Form form) {
      if (Movements.parts(op, result.shape(), form, group.space) instanceof Movements.Parts.Axes(var forms)) {
        return forms;
      }
      throw new IllegalStateException("the space of " + group + " was not split for "
          + op.label() + " " + result);
    }
  }
}
