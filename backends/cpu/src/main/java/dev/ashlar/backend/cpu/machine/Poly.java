package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Local;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An offset as a sum of products: coefficient times a product of index locals; the empty product is the
 * constant. Arithmetic wraps as INDEX does, so any rearrangement has the same value.
 */
record Poly(Map<List<Local>, Long> terms) {

  private static final int MAX_TERMS = 12;
  private static final int MAX_DEGREE = 4;
  static final Poly ZERO = new Poly(Map.of());

  Poly {
    terms = Map.copyOf(terms);
  }

  static Poly constant(long value) {
    return value == 0 ? ZERO : new Poly(Map.of(List.of(), value));
  }

  static Poly of(Local atom) {
    return new Poly(Map.of(List.of(atom), 1L));
  }

  Poly plus(Poly other) {
    var sum = new HashMap<>(terms);
    other.terms.forEach((product, factor) -> add(sum, product, factor));
    return new Poly(sum);
  }

  Poly times(long factor) {
    var result = new HashMap<List<Local>, Long>();
    terms.forEach((product, old) -> add(result, product, old * factor));
    return new Poly(result);
  }

  /** The product, or null if it would be unwieldy. */
  @Nullable Poly times(Poly other) {
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

  long constant() {
    return terms.getOrDefault(List.of(), 0L);
  }

  Poly withoutConstant() {
    return where(product -> !product.isEmpty());
  }

  boolean isConstant() {
    return terms.isEmpty() || terms.size() == 1 && terms.containsKey(List.<Local>of());
  }

  Poly where(Predicate<List<Local>> wanted) {
    var kept = new HashMap<>(terms);
    kept.keySet().removeIf(wanted.negate());
    return new Poly(kept);
  }

  /** The factor of {@code atom} in the terms that have it once. */
  Poly factorOf(Local atom) {
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

  boolean mentions(Predicate<Local> atom) {
    return terms.keySet().stream().flatMap(List::stream).anyMatch(atom);
  }
}
