package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The memory of a program: a slot for each argument, result, variable, constant and stored tensor. */
public final class Slots {

  private final Map<String, Slot> arguments = new LinkedHashMap<>();
  private final Map<String, Slot> results = new LinkedHashMap<>();
  private final Map<String, Slot> variables = new LinkedHashMap<>();
  private final Map<NDArray, Slot> constants = new LinkedHashMap<>();
  private final Map<Tensor, Slot> tensors = new HashMap<>();

  /** Slots of arguments by name. */
  public Map<String, Slot> arguments() {
    return arguments;
  }

  /** Slots of results by name. */
  public Map<String, Slot> results() {
    return results;
  }

  /** Slots of variables by name. */
  public Map<String, Slot> variables() {
    return variables;
  }

  /** Slots of constants. */
  public Iterable<Slot> constants() {
    return constants.values();
  }

  Slot argument(String name, long bytes) {
    return arguments.computeIfAbsent(name, n -> new Slot(Slot.Kind.ARGUMENT, n, bytes, null));
  }

  Slot result(String name, long bytes) {
    return results.computeIfAbsent(name, n -> new Slot(Slot.Kind.RESULT, n, bytes, null));
  }

  Slot variable(String name, long bytes) {
    return variables.computeIfAbsent(name, n -> new Slot(Slot.Kind.VARIABLE, n, bytes, null));
  }

  /** The slot that a tensor was given, or null. */
  @Nullable Slot find(Tensor tensor) {
    return switch (tensor.node().op()) {
      case Op.Input o -> o.role() == Op.Role.VARIABLE
          ? variable(o.name(), o.type().bytes()) : argument(o.name(), o.type().bytes());
      case Op.Constant o -> constants.computeIfAbsent(o.value(),
          value -> new Slot(Slot.Kind.CONSTANT, "", value.type().bytes(), value));
      default -> tensors.get(tensor);
    };
  }

  /** The slot of a stored tensor: a temporary one if it was given none. */
  Slot of(Tensor tensor) {
    Slot found = find(tensor);
    return (found != null ? found
        : tensors.computeIfAbsent(tensor, t -> Slot.temporary(t.type().bytes()))).of(tensor.dtype());
  }

  void assign(Tensor tensor, Slot slot) {
    tensors.put(tensor, slot);
  }
}
