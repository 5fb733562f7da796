package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/** The pipeline: canonical graph, groups, slots, steps, waves, memory. */
public final class Compiler {

  private final Computation computation;
  private final boolean optimize;
  private final Slots slots = new Slots();
  private final CustomKernels kernels;
  private final List<Step> before = new ArrayList<>();
  private final List<Step> after = new ArrayList<>();
  private final Map<Group, Set<Group>> writers = new HashMap<>();
  private final Map<Tensor, Group> producers = new HashMap<>();
  private final Map<String, Set<Group>> readers = new HashMap<>();
  /** What more than one group reads, or one and somebody outside. */
  private final Set<Tensor> shared = new HashSet<>();

  private Compiler(Computation computation, CustomKernels kernels, boolean optimize) {
    this.computation = computation;
    this.kernels = kernels;
    this.optimize = optimize;
  }

  /**
   * Compiles.
   *
   * @param kernels of custom operations
   * @param optimize false: every operation by itself, for comparison
   */
  public static Plan compile(Computation computation, CustomKernels kernels, boolean optimize) {
    return new Compiler(computation, kernels, optimize).compile();
  }

  private Plan compile() {
    Computation canonical = computation.withGraph(Canonical.of(computation.graph(), optimize));
    Graph graph = canonical.graph();
    Set<Tensor> required = new LinkedHashSet<>();
    graph.outputs().stream().filter(t -> !isLeaf(t)).forEach(required::add);
    Set<Tensor> updated = canonical.variables().stream().filter(Variable::isUpdated).map(Variable::after)
        .collect(Collectors.toSet());
    List<Group> groups = Fusion.of(graph, required, updated, optimize);
    index(groups, required);
    SequencedMap<String, TensorType> results = new LinkedHashMap<>();
    canonical.results().asMap().forEach((name, tensor) -> {
      results.put(name, tensor.type());
      giveResult(name, tensor);
    });
    Map<String, Variable> reads = computation.reads();
    Map<String, TensorType> variables = new LinkedHashMap<>();
    reads.forEach((name, variable) -> variables.put(name, variable.type()));
    for (Variable variable : canonical.variables()) {
      if (variable.isUpdated()) {
        variables.put(variable.name(), variable.type());
        giveVariable(variable, groups);
      }
    }
    SequencedMap<String, TensorType> arguments = computation.arguments();
    arguments.forEach((name, type) -> slots.argument(name, type.bytes()));
    List<Step> steps = new ArrayList<>(before);
    WrittenBodies written = new WrittenBodies();
    for (Group group : Order.of(groups, graph, writers)) {
      steps.addAll(new Lowering(
          slots, kernels, written, computation.name(), body -> compile(body, kernels, optimize), this::goesOn)
          .steps(group));
    }
    steps.addAll(after);
    List<List<Step>> launches = Waves.of(steps);
    List<Wave> waves = optimize ? Chains.of(launches) : launches.stream().map(wave -> new Wave(wave, 1)).toList();
    MemoryPlan memory = MemoryPlan.of(waves, slots);
    return new Plan(computation, arguments, results, variables, reads.keySet(), waves, slots, memory.bytes(),
        memory.temporaryBytes());
  }

  private static boolean isLeaf(Tensor tensor) {
    return tensor.node().op() instanceof Op.Input || tensor.node().op() instanceof Op.Constant;
  }

  private void giveResult(String name, Tensor tensor) {
    Slot slot = slots.result(name, tensor.type().bytes());
    Slot given = slots.find(tensor);
    if (given == null) {
      slots.assign(tensor, slot);
      for (Tensor sum = tensor; goesOn(sum); ) {
        sum = sum.node().inputs().getFirst();
        slots.assign(sum, slot);
      }
    } else {
      // A leaf may change later in the run: it is copied before anything else.
      (isLeaf(tensor) ? before : after).add(copy(name, given, slot));
    }
  }

  private void giveVariable(Variable variable, List<Group> groups) {
    Tensor tensor = variable.after();
    Slot slot = slots.variable(variable.name(), variable.type().bytes());
    Slot given = slots.find(tensor);
    if (given == null && takesPlace(variable, groups)) {
      slots.assign(tensor, slot);
      return;
    }
    Slot source = slots.of(tensor);
    // Of what was made for another variable, its value after the run is wanted; of a leaf, that before it.
    if (isLeaf(tensor) && source.kind() == Slot.Kind.VARIABLE) {
      Slot kept = Slot.temporary(slot.bytes());
      before.add(copy(variable.name(), source, kept));
      source = kept;
    }
    after.add(copy(variable.name(), source, slot));
  }

  /** Whether a sum of products may lie where the one lies that it goes on from: nobody else reads that. */
  private boolean goesOn(Tensor sum) {
    return ProductSum.is(sum.node().op()) && !shared.contains(sum.node().inputs().getFirst());
  }

  private static Step copy(String name, Slot from, Slot to) {
    return new Step("copy", name, new Step.Work.Copy(from, to), List.of(from), List.of(to), 0);
  }

  /**
   * Whether the group that makes the new value may write it where the old one is: all others that read the
   * old one can come before. If so, they are made to.
   */
  private boolean takesPlace(Variable variable, List<Group> groups) {
    Tensor next = variable.after();
    Group to = Objects.requireNonNull(producers.get(next));
    Set<Group> others = new HashSet<>(readers.getOrDefault(variable.name(), Set.of()));
    others.remove(to);
    boolean fits = to.mayReplace(next, t -> isVariable(t, variable.name()));
    if (!fits || others.stream().anyMatch(reader -> to.reaches.get(reader.id))) {
      return false;
    }
    for (Group reader : others) {
      writers.computeIfAbsent(to, g -> new HashSet<>()).add(reader);
      Fusion.connect(reader, to, groups);
    }
    return true;
  }

  private void index(List<Group> groups, Set<Tensor> required) {
    Set<Tensor> read = new HashSet<>(required);
    for (Group group : groups) {
      group.read().stream().filter(tensor -> !read.add(tensor)).forEach(shared::add);
      group.produced().forEach(tensor -> producers.put(tensor, group));
      for (Tensor tensor : group.loaded()) {
        if (tensor.node().op() instanceof Op.Input o && o.role() == Op.Role.VARIABLE) {
          readers.computeIfAbsent(o.name(), n -> new HashSet<>()).add(group);
        }
      }
    }
  }

  private static boolean isVariable(Tensor tensor, String name) {
    return tensor.node().op() instanceof Op.Input o && o.role() == Op.Role.VARIABLE && o.name().equals(name);
  }
}
