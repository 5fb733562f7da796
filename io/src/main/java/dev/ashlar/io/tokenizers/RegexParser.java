package dev.ashlar.io.tokenizers;

import dev.ashlar.io.tokenizers.RegexNode.Anchor;
import dev.ashlar.io.tokenizers.RegexNode.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads regular expressions of Oniguruma, in which tokenizers are written: its syntax is Ruby's, where {@code ^} and
 * {@code $} are those of lines, and all classes are Unicode's.
 */
final class RegexParser {
  private static final int DEEPEST = 100;
  private static final int MOST_REPEATS = 100_000;
  private static final String SETS = "pPsSwWdDhH";

  private final String source;
  private int at;
  private int depth;
  private boolean anyCase;
  private boolean dotAll;
  private boolean spaced;

  private RegexParser(String source) {
    this.source = source;
  }

  /**
   * The parts of an expression.
   *
   * @throws PatternSyntaxException if it is none, or has what is not known here
   */
  static RegexNode parse(String source) {
    var parser = new RegexParser(source);
    var node = parser.choices();
    if (parser.at < source.length()) throw parser.problem("a ')' without a '('");
    return node;
  }

  private PatternSyntaxException problem(String what) {
    return new PatternSyntaxException(what, source, Math.min(at, source.length()));
  }

  private boolean take(String text) {
    if (!source.startsWith(text, at)) return false;
    at += text.length();
    return true;
  }

  private boolean isAt(char c) {
    return at < source.length() && source.charAt(at) == c;
  }

  private int next() {
    if (at >= source.length()) throw problem("the end, where something has to follow");
    int c = source.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private RegexNode choices() {
    if (++depth > DEEPEST) throw problem("more than " + DEEPEST + " groups within each other");
    var choices = new ArrayList<RegexNode>();
    boolean caseBefore = anyCase;
    boolean dotBefore = dotAll;
    boolean spacedBefore = spaced;
    do choices.add(sequence());
    while (take("|"));
    anyCase = caseBefore;
    dotAll = dotBefore;
    spaced = spacedBefore;
    depth--;
    return choices.size() == 1 ? choices.getFirst() : new RegexNode.Any(List.copyOf(choices));
  }

  private RegexNode sequence() {
    var parts = new ArrayList<RegexNode>();
    while (at < source.length() && !isAt('|') && !isAt(')')) {
      if (spaced && skipped()) continue;
      var part = part();
      if (part != null) parts.add(repeated(part));
    }
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.All(List.copyOf(parts));
  }

  /** Blanks and remarks in an expression that may have them. */
  private boolean skipped() {
    if (isAt('#')) {
      int end = source.indexOf('\n', at);
      at = end < 0 ? source.length() : end + 1;
      return true;
    }
    if (!Characters.isWhitespace(source.charAt(at))) return false;
    at++;
    return true;
  }

  private RegexNode repeated(RegexNode part) {
    for (int deep = 0; at < source.length(); deep++) {
      if (deep > DEEPEST) throw problem("more than " + DEEPEST + " repetitions of one another");
      int start = at;
      int least;
      int most;
      boolean counted = false;
      if (take("*")) {
        least = 0;
        most = RegexNode.UNBOUNDED;
      } else if (take("+")) {
        least = 1;
        most = RegexNode.UNBOUNDED;
      } else if (take("?")) {
        least = 0;
        most = 1;
      } else {
        int[] bounds = bounds();
        if (bounds == null) {
          at = start;
          return part;
        }
        least = bounds[0];
        most = bounds[1];
        counted = true;
      }
      // Behind {..} a plus is no sign of possession but repeats once more.
      var mode = take("?") ? Mode.LAZY : !counted && take("+") ? Mode.POSSESSIVE : Mode.GREEDY;
      part = new RegexNode.Repeat(part, least, most, mode);
    }
    return part;
  }

  /** The bounds of {@code {n,m}}, or null if it is none: a brace then stands for itself. */
  private int @Nullable [] bounds() {
    if (!take("{")) return null;
    int least = digits();
    int most = least;
    if (take(",")) {
      most = digits();
      if (most < 0 && least < 0) return null;
      if (most < 0) most = RegexNode.UNBOUNDED;
      least = Math.max(0, least);
    }
    if (least < 0 || !take("}")) return null;
    if (least > most) throw problem("a repetition whose bounds are the wrong way round");
    return new int[] {least, most};
  }

  private int digits() {
    int value = -1;
    while (at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9') {
      value = Math.max(0, value) * 10 + source.charAt(at++) - '0';
      if (value > MOST_REPEATS) throw problem("a repetition of more than " + MOST_REPEATS + " times");
    }
    return value;
  }

  /** The next part, or null for one that matches nothing. */
  private @Nullable RegexNode part() {
    int c = next();
    return switch (c) {
      case '(' -> group();
      case '[' -> new RegexNode.One(new RegexClassParser(this, anyCase).read());
      case '\\' -> escape();
      case '.' -> new RegexNode.One(CharSet.of(dotAll ? _ -> true : x -> x != '\n'));
      case '^' -> new RegexNode.At(Anchor.LINE_BEGIN);
      case '$' -> new RegexNode.At(Anchor.LINE_END);
      case '*', '+', '?' -> throw problem("a '" + (char) c + "' with nothing before it to repeat");
      default -> character(c);
    };
  }

  private RegexNode character(int c) {
    return new RegexNode.One(anyCase ? CharSet.ofAnyCase(c) : CharSet.of(x -> x == c));
  }

  private @Nullable RegexNode group() {
    if (take("?#")) {
      while (next() != ')') { }
      return null;
    }
    if (take("?:")) return closed(choices());
    if (take("?=")) return new RegexNode.Look(closed(choices()), false, false);
    if (take("?!")) return new RegexNode.Look(closed(choices()), false, true);
    if (take("?<=")) return behind(closed(choices()), false);
    if (take("?<!")) return behind(closed(choices()), true);
    if (take("?>")) return new RegexNode.Atomic(closed(choices()));
    if (take("?<") || take("?P<")) {
      while (next() != '>') { }
      return closed(choices());
    }
    if (take("?")) return flagged();
    return closed(choices());
  }

  private RegexNode behind(RegexNode part, boolean negative) {
    if (part.most() == RegexNode.UNBOUNDED) throw problem("a look behind without a bound");
    return new RegexNode.Look(part, true, negative);
  }

  private RegexNode closed(RegexNode node) {
    if (!take(")")) throw problem("a '(' that is not closed");
    return node;
  }

  /** {@code (?i)} to the end of the group, {@code (?i:..)} for its own. */
  private RegexNode flagged() {
    boolean caseBefore = anyCase;
    boolean dotBefore = dotAll;
    boolean spacedBefore = spaced;
    boolean on = true;
    while (true) {
      int c = next();
      switch (c) {
        case '-' -> on = false;
        case 'i' -> anyCase = on;
        case 'm', 's' -> dotAll = on;
        case 'x' -> spaced = on;
        case ')' -> {
          // Oniguruma takes all that follows, choices too, as the content of the flag.
          return choices();
        }
        case ':' -> {
          var node = closed(choices());
          anyCase = caseBefore;
          dotAll = dotBefore;
          spaced = spacedBefore;
          return node;
        }
        default -> throw problem("a group '(?" + Character.toString(c) + "', which is not known here");
      }
    }
  }

  private RegexNode escape() {
    if (at < source.length() && SETS.indexOf(source.charAt(at)) >= 0) {
      boolean cased = anyCase && isAt('p');
      var set = set();
      return new RegexNode.One(cased ? set.ofAnyCase() : set);
    }
    int c = next();
    return switch (c) {
      case 'A' -> new RegexNode.At(Anchor.TEXT_BEGIN);
      case 'z' -> new RegexNode.At(Anchor.TEXT_END);
      case 'Z' -> new RegexNode.At(Anchor.TEXT_END_OR_LAST_LINE);
      case 'b' -> new RegexNode.At(Anchor.WORD_BORDER);
      case 'B' -> new RegexNode.At(Anchor.NO_WORD_BORDER);
      case 'R' -> new RegexNode.Atomic(new RegexNode.Any(List.of(
          new RegexNode.All(List.of(character('\r'), character('\n'))),
          new RegexNode.One(CharSet.of(x -> x >= '\n' && x <= '\r' || x == 0x85 || x == 0x2028 || x == 0x2029)))));
      case 'G', 'K', 'X', 'k', 'g', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
          throw problem("a '\\" + (char) c + "', which is not known here");
      default -> character(escaped(c));
    };
  }

  /** The set of {@code \s} and the like, of which the backslash is read. */
  CharSet set() {
    int c = next();
    var set = switch (Character.toLowerCase(c)) {
      case 's' -> CharSet.of(Characters::isWhitespace);
      case 'w' -> CharSet.of(CharSet::isWord);
      case 'd' -> CharSet.of(Character::isDigit);
      case 'h' -> CharSet.of(CharSet::isHexDigit);
      default -> property();
    };
    return Character.isUpperCase(c) ? set.negated() : set;
  }

  private CharSet property() {
    if (!take("{")) throw problem("a '\\p' without a name in braces");
    int end = source.indexOf('}', at);
    if (end < 0) throw problem("a '{' that is not closed");
    var name = source.substring(at, end);
    boolean negative = name.startsWith("^");
    var set = CharSet.named(negative ? name.substring(1) : name);
    if (set == null) throw problem("a property '" + name + "', which is not known here");
    at = end + 1;
    return negative ? set.negated() : set;
  }

  /** The character that an escape stands for, of which the backslash and this are read. */
  int escaped(int c) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'f' -> '\f';
      case 'v' -> 0xb;
      case 'a' -> 7;
      case 'e' -> 0x1b;
      case '0' -> 0;
      case 'u' -> hex(4, 4);
      case 'x' -> {
        if (!take("{")) yield hex(1, 2);
        int value = hex(1, 8);
        if (!take("}")) throw problem("a '{' that is not closed");
        yield value;
      }
      default -> c;
    };
  }

  private int hex(int least, int most) {
    int count = 0;
    while (count < most && at + count < source.length() && CharSet.isHexDigit(source.charAt(at + count))) count++;
    if (count < least) throw problem("too few digits of a character's number");
    long value = Long.parseLong(source.substring(at, at + count), 16);
    if (value > Character.MAX_CODE_POINT) throw problem("a number of no character");
    at += count;
    return (int) value;
  }

  /** What {@link RegexClassParser} reads from. */
  int read() {
    return next();
  }

  boolean tryRead(String text) {
    return take(text);
  }

  boolean isSetAhead() {
    return at + 1 < source.length() && isAt('\\') && SETS.indexOf(source.charAt(at + 1)) >= 0;
  }

  boolean isAhead(String text) {
    return source.startsWith(text, at);
  }

  /** The name in {@code [:name:]}, of which the beginning is read, or null if it is none. */
  @Nullable String bracketName() {
    int end = source.indexOf(":]", at);
    if (end < 0 || !source.substring(at, end).matches("\\^?[a-zA-Z]+")) return null;
    var name = source.substring(at, end);
    at = end + 2;
    return name;
  }

  PatternSyntaxException failure(String what) {
    return problem(what);
  }

  void enter() {
    if (++depth > DEEPEST) throw problem("more than " + DEEPEST + " groups within each other");
  }

  void leave() {
    depth--;
  }
}
