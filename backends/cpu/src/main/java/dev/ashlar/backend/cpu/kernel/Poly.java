package dev.ashlar.backend.cpu.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An offset as a sum of products: coefficient times a product of index locals; the empty product is the
 * constant. Arithmetic wraps as INDEX does, so any rearrangement has the same value.
 *
 * @param terms the coefficient of each product, none of them 0
 */
public record Poly(Map<List<Local>, Long> terms) {

  private static final int MAX_TERMS = 12;
  private static final int MAX_DEGREE = 4;
  /** No term. */
  public static final Poly ZERO = new Poly(Map.of());

  /** Copies the map. */
  public Poly {
    terms = Map.copyOf(terms);
  }

  /** A number. */
  public static Poly constant(long value) {
    return value == 0 ? ZERO : new Poly(Map.of(List.of(), value));
  }

  /** A local that is not looked into. */
  public static Poly of(Local atom) {
    return new Poly(Map.of(List.of(atom), 1L));
  }

  /**
   * The value of an expression.
   *
   * @param known the values of its operands
   * @return null if it is no sum of products, or an unwieldy one
   */
  public static @Nullable Poly of(Expr value, Function<Local, Poly> known) {
    return switch (value) {
      case Expr.IndexConstant(var constant) -> constant(constant);
      case Expr.Copy(var a) -> known.apply(a);
      case Expr.IndexBinary(var op, var a, var b) -> switch (op) {
        case ADD -> known.apply(a).plus(known.apply(b));
        case SUB -> known.apply(a).plus(known.apply(b).times(-1));
        case MUL -> known.apply(a).times(known.apply(b));
        case DIV, REM, MIN, MAX -> null;
      };
      default -> null;
    };
  }

  /** The sum. */
  public Poly plus(Poly other) {
    var sum = new HashMap<>(terms);
    other.terms.forEach((product, factor) -> add(sum, product, factor));
    return new Poly(sum);
  }

  /** The multiple. */
  public Poly times(long factor) {
    var result = new HashMap<List<Local>, Long>();
    terms.forEach((product, old) -> add(result, product, old * factor));
    return new Poly(result);
  }

  /** The product, or null if it would be unwieldy. */
  public @Nullable Poly times(Poly other) {
    var result = new HashMap<List<Local>, Long>();
    for (var a : terms.entrySet()) {
      for (var b : other.terms.entrySet()) {
        var product = new ArrayList<>(a.getKey());
        product.addAll(b.getKey());
        product.sort(Comparator.comparingInt(Local::id));
        add(result, List.copyOf(product), a.getValue() * b.getValue());
        if (product.size() > MAX_DEGREE || result.size() > MAX_TERMS) {
          return null;
        }
      }
    }
    return new Poly(result);
  }

  private static void add(Map<List<Local>, Long> terms, List<Local> product, long factor) {
    terms.merge(product, factor, Long::sum);
    if (terms.get(product) == 0) {
      terms.remove(product);
    }
  }

  /** The term without locals. */
  public long constant() {
    return terms.getOrDefault(List.of(), 0L);
  }

  /** All other terms. */
  public Poly withoutConstant() {
    return where(product -> !product.isEmpty());
  }

  /** Whether there are no others. */
  public boolean isConstant() {
    return terms.isEmpty() || terms.size() == 1 && terms.containsKey(List.<Local>of());
  }

  /** The terms whose product is wanted. */
  public Poly where(Predicate<List<Local>> wanted) {
    var kept = new HashMap<>(terms);
    kept.keySet().removeIf(wanted.negate());
    return new Poly(kept);
  }

  /** The factor of {@code atom} in the terms that have it once. */
  public Poly factorOf(Local atom) {
    var result = new HashMap<List<Local>, Long>();
    terms.forEach((product, factor) -> {
      if (product.contains(atom)) {
        var rest = new ArrayList<>(product);
        rest.remove(atom);
        add(result, List.copyOf(rest), factor);
      }
    });
    return new Poly(result);
  }

  /** Whether a term has such a local. */
  public boolean mentions(Predicate<Local> atom) {
    return terms.keySet().stream().flatMap(List::stream).anyMatch(atom);
  }
}
