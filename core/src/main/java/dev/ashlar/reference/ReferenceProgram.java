package dev.ashlar.reference;

import dev.ashlar.program.Computation;
import dev.ashlar.program.Lookups;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A computation as it is: nothing is compiled. */
final class ReferenceProgram implements Program {

  final ReferenceBackend backend;
  final boolean checked;
  /** Results first, then the updated variables. */
  final Graph graph;
  final List<Variable> updated;
  final Lookups lookups;
  private final Computation computation;
  private final Map<String, Variable> reads;
  private final SequencedMap<String, TensorType> arguments;

  ReferenceProgram(ReferenceBackend backend, Computation computation, boolean checked) {
    this.backend = backend;
    this.computation = computation;
    this.checked = checked;
    this.graph = computation.graph();
    this.updated = computation.variables().stream().filter(Variable::isUpdated).toList();
    this.lookups = Lookups.of(graph);
    this.reads = computation.reads();
    this.arguments = computation.arguments();
  }

  @Override
  public String name() {
    return computation.name();
  }

  @Override
  public SequencedMap<String, TensorType> arguments() {
    return arguments;
  }

  @Override
  public SequencedMap<String, TensorType> results() {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    computation.results().asMap().forEach((name, tensor) -> types.put(name, tensor.type()));
    return types;
  }

  @Override
  public long workspaceBytes() {
    return graph.nodes().stream()
        .flatMap(node -> node.outputs().stream())
        .mapToLong(t -> t.type().bytes())
        .sum();
  }

  @Override
  public Workspace open(VariableStore store) {
    if (!(store instanceof HostStore host)) {
      throw new IllegalArgumentException(
          "program '" + name() + "' of the reference backend needs a store of that backend, not "
              + store.getClass().getName());
    }
    SequencedMap<String, TensorType> known = host.types();
    List<String> without = new ArrayList<>();
    for (Variable variable : reads.values()) {
      if (!known.containsKey(variable.name())) {
        without.add(variable.name());
      }
    }
    if (!without.isEmpty()) {
      throw new IllegalStateException(
          "program '" + name() + "' reads variables that have no value: " + String.join(", ", without));
    }
    for (Variable variable : computation.variables()) {
      TensorType type = known.get(variable.name());
      if (type != null && !type.equals(variable.type())) {
        throw new ShapeException("variable '" + variable.name() + "' of program '" + name() + "'",
            variable.type().toString(), type + " in the store");
      }
    }
    updated.stream().filter(v -> !known.containsKey(v.name())).forEach(v -> host.create(v.name(), v.type()));
    return new ReferenceWorkspace(this, host);
  }
}
