package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
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
        case Op.Iota o -> new Value.Position(o.type().dtype(), axes(form, tensor).get(o.axis()));
        case Op.RandomBits o ->
            new Value.Random(value(o.low(), Form.zero(rank)), value(o.high(), Form.zero(rank)), form);
        case Op.Reshape o -> value(o.x(), form);
        case Op.Reduce o -> reduced(o, tensor, form, Segments.of(o.x().shape(), o.axes()), o.x());
        case Op.ArgMax o -> reduced(o, tensor, form, Segments.of(o.x().shape(), List.of(o.axis())), o.x());
        default -> {
          if (Movements.isMovement(op)) {
            yield value(op.inputs().getFirst(), Movements.operand(op, axes(form, tensor), rank));
          }
          List<Value> operands = op.inputs().stream().map(operand -> value(operand, form)).toList();
          yield new Value.Apply(op, tensor.dtype(), operands);
        }
      };
    }

    private Value reduced(Op op, Tensor result, Form form, Segments segments, Tensor operand) {
      List<Form> along = new ArrayList<>();
      group.space.innerAxes().forEach(k -> {
        long[] factors = new long[group.space.rank()];
        factors[k] = 1;
        along.add(new Form(0, factors));
      });
      List<Form> kept = axes(form, segments.kept());
      Value value = value(operand, segments.operand(kept, along, group.space.rank()));
      return new Value.Reduced(op, result.dtype(), value);
    }

    private List<Form> axes(Form form, Tensor tensor) {
      return axes(form, tensor.shape());
    }

    private List<Form> axes(Form form, dev.ashlar.tensor.Shape shape) {
      if (Movements.axes(form, shape, group.space) instanceof Movements.Parts.Axes(var forms)) {
        return forms;
      }
      throw new IllegalStateException("the space of " + group + " was not split for " + shape);
    }
  }
}
