package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes the kernel of a body, unless one of the same structure was written for this program: layers of a model
 * are alike. Bodies of one structure differ only in the buffers that they read and write.
 */
final class WrittenBodies {

  private final Map<List<Object>, Call> calls = new HashMap<>();

  /**
   * The call for a body.
   *
   * @param slots of the tensors that it reads and writes
   * @param writer of kernels of this kind
   */
  Call call(Body body, Group.Kind kind, Function<Tensor, Slot> slots,
      BiFunction<Body, Function<Tensor, Slot>, Call> writer) {
    List<Value> values = Analysis.values(body.stores());
    List<Object> structure = structure(body, kind, values);
    Call known = calls.get(structure);
    if (known == null) {
      Call call = writer.apply(body, slots);
      calls.put(structure, call);
      return call;
    }
    // Kernels have a buffer for each load and each store, in this order.
    Iterator<Slot> buffers = Stream.concat(
        values.stream().filter(Value.Load.class::isInstance).map(value -> ((Value.Load) value).from),
        body.stores().stream().map(Body.Store::to)).map(slots).iterator();
    return known.withBuffers(buffers);
  }

  /** All that a kernel and its numbers depend on. */
  private static List<Object> structure(Body body, Group.Kind kind, List<Value> values) {
    Map<Value, Integer> numbers = new IdentityHashMap<>();
    List<Object> structure = new ArrayList<>();
    structure.add(kind);
    structure.add(body.space().columns());
    for (int axis = 0; axis < body.space().rank(); axis++) {
      structure.add(body.space().extents()[axis]);
      structure.add(body.space().inner()[axis]);
    }
    for (Value value : values) {
      numbers.put(value, numbers.size());
      structure.add(value.getClass());
      structure.add(value.dtype());
      switch (value) {
        case Value.Load v -> {
          structure.add(v.form);
          structure.add(v.from.shape().size());
        }
        case Value.Number v -> structure.add(v.value);
        case Value.Position v -> structure.add(v.form);
        case Value.Random v -> structure.add(v.form);
        case Value.Apply v -> add(v.op, structure);
        case Value.Reduced v -> add(v.op, structure);
      }
      value.operands().forEach(operand -> structure.add(numbers.get(operand)));
    }
    for (Body.Store store : body.stores()) {
      structure.add(numbers.get(store.value()));
      structure.add(store.to().dtype());
      structure.add(store.form());
      structure.add(store.to().shape().size());
    }
    return structure;
  }

  /** An operation without its operands: what is in bodies has no other attributes that a kernel could depend on. */
  private static void add(Op op, List<Object> structure) {
    switch (op) {
      case Op.Unary _, Op.Binary _, Op.Where _, Op.Cast _, Op.Detach _, Op.Reduce _, Op.ArgMax _ -> {}
      default -> throw new IllegalStateException(op.label() + " in a body: say what its kernel depends on");
    }
    structure.add(op.getClass());
    structure.add(op.label());
  }
}
