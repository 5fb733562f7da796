package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.program.Computation;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs again and again over memory that moves: entries of sequences are read and written where they lie,
 * and the state goes from place to place, if some output keeps it, through that.
 *
 * @param length number of steps
 * @param reverse whether the last entry comes first
 * @param body compiled once
 * @param whole what each step finds in the same place: memory of the body and of the program
 * @param entries what lies one behind the other in memory of the program, an entry for each step
 * @param states what goes on from step to step
 * @param working memory of the program for what the body keeps for a part of a step
 */
public record Loop(int length, boolean reverse, Plan body, Map<Slot, Slot> whole, Map<Slot, Slot> entries,
    List<State> states, Slot working) {

  /**
   * A part of the state; memory of the body unless said otherwise.
   *
   * @param before where a step finds it; null if none reads it
   * @param after where a step leaves it
   * @param first of the program: before the first step
   * @param last of the program: after the last step
   * @param kept of the program: the states before each step, if they are kept
   * @param made of the program: the states after each step, if they are kept
   */
  public record State(@Nullable Slot before, Slot after, Slot first, Slot last, @Nullable Slot kept,
      @Nullable Slot made) {}

  /** Copies. */
  public Loop {
    whole = Map.copyOf(whole);
    entries = Map.copyOf(entries);
    states = List.copyOf(states);
  }

  /** The entry of a step. */
  public int entry(int step) {
    return reverse ? length - 1 - step : step;
  }

  /** Arithmetic operations of all steps. */
  double flops() {
    return length * body.steps().stream().mapToDouble(Step::flops).sum();
  }

  /**
   * Compiles the body.
   *
   * @param compile a computation to a plan
   * @param in memory of the operands
   * @param out memory of an output
   */
  static Loop of(Op.Scan o, Node node, String program, Function<Computation, Plan> compile, List<Slot> in,
      Function<Tensor, Slot> out) {
    List<Tensor> results = o.body().inline(Scans.inputs(o));
    Map<String, Tensor> named = new LinkedHashMap<>();
    results.forEach(result -> named.put(Scans.output(named.size()), result));
    Plan body = compile.apply(new Computation(program, Tensors.of(named), List.of()));
    Map<String, Slot> arguments = body.slots().arguments();
    Map<Slot, Slot> whole = new HashMap<>();
    Map<Slot, Slot> entries = new HashMap<>();
    List<State> states = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Slot inner = arguments.get(Scans.input(i));
      if (i < o.carries()) {
        Integer kept = Scans.find(o, o.body().inputs().get(i));
        Integer made = Scans.find(o, o.body().outputs().get(i));
        states.add(new State(inner, body.slots().results().get(Scans.output(i)), in.get(i), out.apply(node.output(i)),
            kept == null ? null : out.apply(node.output(kept)), made == null ? null : out.apply(node.output(made))));
      } else if (inner != null) {
        (i < o.carries() + o.sequences() ? entries : whole).put(inner, in.get(i));
      }
    }
    for (int i = o.carries(); i < node.outputs().size(); i++) {
      entries.put(body.slots().results().get(Scans.output(i)), out.apply(node.output(i)));
    }
    long state = states.stream().mapToLong(s -> 2 * MemoryPlan.aligned(s.after().bytes())).sum();
    return new Loop(o.length(), o.reverse(), body, whole, entries, states,
        Slot.temporary(Math.max(1, body.temporaryBytes() + state)));
  }
}
