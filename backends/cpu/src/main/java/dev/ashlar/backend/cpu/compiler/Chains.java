package dev.ashlar.backend.cpu.compiler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes one launch of steps that work through the same arrays, part by part: attention's scores, their softmax and what
 * is made of them are done for one head after another, rows are added up to columns as soon as they are there. So a
 * part stays in a near cache and is not written out and read again.
 */
final class Chains {

  /** Fewest slices that can keep all threads busy. */
  private static final int MIN_SLICES = 8;
  /** A slice of less work is not worth a call for each step. */
  private static final long SLICE_NANOS = 2_000;

  private final List<Wave> waves = new ArrayList<>();
  private final List<List<Step>> chain = new ArrayList<>();
  private int slices;
  /** What the chain read. */
  private final Set<Slot> read = new HashSet<>();
  /** What the chain wrote, and of that what consists of one part for each slice. */
  private final Set<Slot> written = new HashSet<>();
  private final Set<Slot> parted = new HashSet<>();
  /** What each slice has at hand a part of. */
  private final Set<Slot> atHand = new HashSet<>();

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
    int own = slices(wave);
    int common = common(own);
    if (chain.isEmpty() || common == 0 || !follows(wave)) {
      end();
      common = own;
    }
    slices = common;
    chain.add(wave);
    for (Step step : wave) {
      read.addAll(step.reads());
      written.addAll(step.writes());
      step.writes().stream().filter(slot -> isParted(step, slot)).forEach(parted::add);
      parts(step).forEach(atHand::add);
    }
  }

  private void end() {
    int count = chain.size() > 1 ? worthwhile() : 0;
    if (count > 0) {
      waves.add(new Wave(chain.stream().flatMap(List::stream).toList(), count));
    } else {
      chain.forEach(wave -> waves.add(new Wave(wave, 1)));
    }
    chain.clear();
    read.clear();
    written.clear();
    parted.clear();
    atHand.clear();
  }

  // ---------------------------------------------------------------- how many slices

  /** Into how many slices a wave can be cut at most; 0 if into none. */
  private static int slices(List<Step> wave) {
    long slices = 0;
    for (Step step : wave) {
      long own = switch (step.work()) {
        case Step.Work.Multiply(var product) -> product.count();
        case Step.Work.Kernel(var call) -> call.extent() % call.grain() == 0 ? call.extent() / call.grain() : 0;
        default -> 0;
      };
      if (own == 0) {
        return 0;
      }
      slices = gcd(slices, own);
    }
    return slices < MIN_SLICES || !keepsProducts(wave, slices) ? 0 : Math.toIntExact(slices);
  }

  /** Into how many the chain and such a wave can be cut both. */
  private int common(int own) {
    int common = (int) gcd(slices, own);
    boolean isPossible = slices > 0 && own > 0 && common >= MIN_SLICES
        && chain.stream().allMatch(wave -> keepsProducts(wave, common));
    return isPossible ? common : 0;
  }

  /** A slice has one product of a batch. */
  private static boolean keepsProducts(List<Step> wave, long slices) {
    return wave.stream().allMatch(step -> !(step.work() instanceof Step.Work.Multiply(var product))
        || product.count() == slices);
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** The number of slices, not too small ones; 0 if there are too few. */
  private int worthwhile() {
    List<Step> steps = chain.stream().flatMap(List::stream).toList();
    if (steps.stream().anyMatch(step -> step.work() instanceof Step.Work.Multiply)) {
      return slices;
    }
    double nanos = steps.stream().mapToDouble(step -> ((Step.Work.Kernel) step.work()).call().nanos()).sum();
    int count = (int) Math.clamp(nanos / SLICE_NANOS, MIN_SLICES, slices);
    while (slices % count != 0) {
      count--;
    }
    return count >= MIN_SLICES ? count : 0;
  }

  // ---------------------------------------------------------------- what follows what

  /**
   * Whether each step can be done slice by slice, as soon as the steps of the chain have done the same slice, and finds
   * something that they had at hand.
   */
  private boolean follows(List<Step> wave) {
    return wave.stream().allMatch(step -> parts(step).anyMatch(atHand::contains)
        && step.reads().stream().filter(written::contains)
            .allMatch(slot -> parted.contains(slot) && isParted(step, slot))
            && step.writes().stream().noneMatch(slot -> read.contains(slot) || written.contains(slot)));
  }

  /** What a slice of a step touches its own part of. */
  private static Stream<Slot> parts(Step step) {
    return Stream.concat(step.reads().stream(), step.writes().stream()).filter(slot -> isParted(step, slot));
  }

  /** Whether a slice of a step touches its own part of a slot alone, and all parts lie in the slices' order. */
  private static boolean isParted(Step step, Slot slot) {
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
