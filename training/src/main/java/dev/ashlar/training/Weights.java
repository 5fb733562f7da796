package dev.ashlar.training;

import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.NDArray;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The trained weights of a run, looked at from outside: whether they are finite, and whether they move at all. */
final class Weights {

  /** Bytes that are looked at first: some weights say enough, as long as they move. */
  private static final long FEW = 1 << 16;

  private final VariableStore store;
  private final List<Variable> all;
  private final List<Variable> some;
  private List<Variable> looked;
  private long before;
  private boolean moved;

  /** Of these variables, the parameters among them. */
  Weights(List<Variable> variables, VariableStore store) {
    this.store = store;
    this.all = variables.stream().filter(variable -> variable.kind() == Variable.Kind.PARAMETER).toList();
    List<Variable> small = all.stream().sorted(Comparator.comparingLong(v -> v.type().bytes())).toList();
    long bytes = 0;
    int count = 0;
    while (count < small.size() && (count == 0 || bytes + small.get(count).type().bytes() <= FEW)) {
      bytes += small.get(count++).type().bytes();
    }
    this.some = small.subList(0, count);
    this.looked = some;
    this.before = fingerprint(some);
  }

  /** Whether any weight has changed since the beginning, or since the first look at all; true while that is open. */
  boolean haveMoved() {
    if (moved || all.isEmpty()) {
      return true;
    }
    boolean same = fingerprint(looked) == before;
    if (same && looked.size() < all.size()) {
      looked = all; // those may be frozen: the next time, all
      before = fingerprint(all);
      return true;
    }
    moved = !same;
    return moved;
  }

  private long fingerprint(List<Variable> variables) {
    long hash = 1;
    for (Variable variable : variables) {
      hash = 31 * hash + Glance.of(variable, store, Weights::fingerprint);
    }
    return hash;
  }

  private static long fingerprint(NDArray value) {
    long[] hash = {1};
    value.forEachPart((part, count) -> {
      for (int i = 0; i < count; i++) {
        hash[0] = 31 * hash[0] + Double.doubleToRawLongBits(part[i]);
      }
    });
    return hash[0];
  }

  /** The first variable of the model with a value that is not finite, by name. */
  static Optional<String> notFinite(List<Variable> variables, VariableStore store) {
    return variables.stream().filter(v -> v.isOfModel() && v.type().dtype().isFloating())
        .filter(v -> !Glance.of(v, store, Weights::isFinite)).map(Variable::name).findFirst();
  }

  private static boolean isFinite(NDArray value) {
    double[] sum = {0};
    value.forEachPart((part, count) -> {
      double zero = 0;
      for (int i = 0; i < count; i++) {
        zero += part[i] * 0; // NaN from NaN and infinity alone
      }
      sum[0] += zero;
    });
    return sum[0] == 0;
  }
}
