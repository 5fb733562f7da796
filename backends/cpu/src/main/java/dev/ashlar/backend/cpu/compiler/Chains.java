package dev.ashlar.backend.cpu.compiler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Makes one launch of steps that work through the same batch: attention's scores, their softmax and what is made of
 * them are done for one head after another, so that a head's scores stay in a near cache and are not written out
 * and read again for all heads.
 */
final class Chains {

  /** Fewest products of a batch whose slices can keep all threads busy. */
  private static final int MIN_SLICES = 8;

  private final List<Wave> waves = new ArrayList<>();
  private final List<List<Step>> chain = new ArrayList<>();
  private int slices;
  /** What the chain read. */
  private final Set<Slot> read = new HashSet<>();
  /** What the chain wrote, and of that what consists of one part for each slice. */
  private final Set<Slot> written = new HashSet<>();
  private final Set<Slot> parted = new HashSet<>();

  private Chains() {}

  /**
   * Joins waves.
   *
   * @param waves of steps that do not depend on each other
   */
  static List<Wave> of(List<List<Step>> waves) {
    Chains chains = new Chains();
    waves.forEach(chains::add);
    chains.end();
    return chains.waves;
  }

  private void add(List<Step> wave) {
    if (chain.isEmpty() || !isSliced(wave)) {
      end();
      slices = wave.stream().flatMapToInt(step -> batch(step).stream()).findFirst().orElse(0);
      if (slices < MIN_SLICES || !isSliced(wave)) {
        waves.add(new Wave(wave, 1));
        return;
      }
    }
    chain.add(wave);
    for (Step step : wave) {
      read.addAll(step.reads());
      written.addAll(step.writes());
      step.writes().stream().filter(slot -> isParted(step, slot)).forEach(parted::add);
    }
  }

  private void end() {
    if (chain.size() == 1) {
      waves.add(new Wave(chain.getFirst(), 1));
    } else if (!chain.isEmpty()) {
      waves.add(new Wave(chain.stream().flatMap(List::stream).toList(), slices));
    }
    chain.clear();
    read.clear();
    written.clear();
    parted.clear();
  }

  private static OptionalInt batch(Step step) {
    return step.work() instanceof Step.Work.Multiply(var product) ? OptionalInt.of(product.count())
        : OptionalInt.empty();
  }

  /** Whether each step can be done slice by slice, as soon as the steps of the chain have done the same slice. */
  private boolean isSliced(List<Step> wave) {
    return wave.stream().allMatch(step -> switch (step.work()) {
      case Step.Work.Multiply(var product) -> product.count() == slices;
      case Step.Work.Kernel(var call) -> call.extent() % slices == 0 && call.extent() / slices % call.grain() == 0;
      default -> false;
    } && step.reads().stream().filter(written::contains).allMatch(slot -> parted.contains(slot) && isParted(step, slot))
        && step.writes().stream().noneMatch(slot -> read.contains(slot) || written.contains(slot)));
  }

  /** Whether a slice of a step touches its own part of a slot alone, and all parts lie in the slices' order. */
  private boolean isParted(Step step, Slot slot) {
    return switch (step.work()) {
      case Step.Work.Multiply(var product) -> isParted(product, product.a(), slot, product.m(), product.k())
          && isParted(product, product.b(), slot, product.k(), product.n())
          && isParted(product, product.c(), slot, product.m(), product.n());
      case Step.Work.Kernel(var call) -> call.arguments().stream().allMatch(argument ->
          !(argument instanceof Call.Argument.Buffer(var other, boolean isParted)) || other != slot || isParted);
      default -> false;
    };
  }

  private static boolean isParted(Product product, Product.Operand operand, Slot slot, int rows, int columns) {
    if (operand.slot() != slot) {
      return true;
    }
    long part = (long) rows * columns;
    boolean isDense = operand.row() * (rows - 1) + operand.column() * (columns - 1) < part;
    for (int i = product.batch().size() - 1; i >= 0; i--) {
      isDense &= product.batch().get(i) == 1 || operand.batch().get(i) == part;
      part *= product.batch().get(i);
    }
    return isDense && operand.offset() == 0 && part * product.dtype().bytes() == slot.bytes();
  }
}
