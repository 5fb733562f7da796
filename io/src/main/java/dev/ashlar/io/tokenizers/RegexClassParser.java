package dev.ashlar.io.tokenizers;

import java.util.function.IntPredicate;

/** Reads what stands in square brackets: ranges, sets, other brackets, and what {@code &&} cuts out. */
final class RegexClassParser {
  private final RegexParser parser;
  private final boolean anyCase;

  RegexClassParser(RegexParser parser, boolean anyCase) {
    this.parser = parser;
    this.anyCase = anyCase;
  }

  /** The set; the opening bracket is read. */
  CharSet read() {
    parser.enter();
    boolean negative = parser.tryRead("^");
    IntPredicate cut = null;
    IntPredicate set = _ -> false;
    // A closing bracket that comes first stands for itself.
    boolean first = true;
    while (first || !parser.tryRead("]")) {
      if (!first && parser.tryRead("&&")) {
        cut = cut == null ? set : cut.and(set);
        set = _ -> false;
      } else {
        set = set.or(item());
      }
      first = false;
    }
    parser.leave();
    var whole = CharSet.of(cut == null ? set : cut.and(set));
    var cased = anyCase ? whole.ofAnyCase() : whole;
    return negative ? cased.negated() : cased;
  }

  private IntPredicate item() {
    if (parser.tryRead("[:")) {
      var name = parser.bracketName();
      if (name == null) return new RegexClassParser(parser, anyCase).read()::contains;
      boolean negative = name.startsWith("^");
      var set = CharSet.named(negative ? name.substring(1) : name);
      if (set == null) throw parser.failure("a class '[:" + name + ":]', which is not known here");
      return (negative ? set.negated() : set)::contains;
    }
    if (parser.tryRead("[")) return new RegexClassParser(parser, anyCase).read()::contains;
    if (parser.isSetAhead()) {
      parser.read();
      return parser.set()::contains;
    }
    int from = character();
    if (!parser.isAhead("-") || parser.isAhead("-]") || !parser.tryRead("-")) return c -> c == from;
    if (parser.isSetAhead() || parser.isAhead("[")) {
      var rest = item();
      return c -> c == from || c == '-' || rest.test(c);
    }
    int to = character();
    if (from > to) throw parser.failure("a range that ends before it begins");
    return c -> c >= from && c <= to;
  }

  private int character() {
    int c = parser.read();
    if (c != '\\') return c;
    int escaped = parser.read();
    return escaped == 'b' ? '\b' : parser.escaped(escaped);
  }
}
