package dev.ashlar.io.tokenizers;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A set of characters in a regular expression, with a table for ASCII. */
final class CharSet {
  private static final int ASCII = 0x80;
  /** No letter behind it has two cases. */
  private static final int LAST_CASED = 0x1e943;
  private static final Map<String, IntPredicate> NAMED = named();

  private final boolean[] ascii = new boolean[ASCII];
  private final IntPredicate others;

  private CharSet(IntPredicate all) {
    others = all;
    for (int c = 0; c < ASCII; c++) ascii[c] = all.test(c);
  }

  static CharSet of(IntPredicate all) {
    return new CharSet(all);
  }

  boolean contains(int c) {
    return c < ASCII ? ascii[c] : others.test(c);
  }

  CharSet negated() {
    return of(c -> !contains(c));
  }

  /** With the small and the capital letters of those that it has. */
  CharSet ofAnyCase() {
    var more = new BitSet();
    for (int c = 0; c <= LAST_CASED; c++) {
      if (!contains(c)) continue;
      more.set(folded(c));
    }
    return of(c -> contains(c) || more.get(folded(c)));
  }

  /** That character, of any case. */
  static CharSet ofAnyCase(int wanted) {
    int folded = folded(wanted);
    return of(c -> folded(c) == folded);
  }

  private static int folded(int c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }

  /** The set that {@code \p{NAME}} or {@code [:NAME:]} means, or null. */
  static @Nullable CharSet named(String name) {
    var plain = plain(name);
    var found = NAMED.get(plain);
    if (found != null) return of(found);
    try {
      var script = Character.UnicodeScript.forName(name.strip());
      return of(c -> Character.UnicodeScript.of(c) == script);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static String plain(String name) {
    return name.replaceAll("[ _-]", "").toLowerCase(Locale.ROOT);
  }

  /** Characters of words as Oniguruma has them, with the small numbers of Latin-1. */
  static boolean isWord(int c) {
    return Character.isAlphabetic(c) || Characters.isMark(c) || Character.isDigit(c)
        || Character.getType(c) == Character.CONNECTOR_PUNCTUATION
        || c == 0xb2 || c == 0xb3 || c == 0xb9 || c >= 0xbc && c <= 0xbe;
  }

  static boolean isHexDigit(int c) {
    return c < ASCII && Character.digit(c, 16) >= 0;
  }

  private static Map<String, IntPredicate> named() {
    Map<String, IntPredicate> sets = new HashMap<>();
    categories(sets);
    sets.put("alpha", Character::isAlphabetic);
    sets.put("alphabetic", Character::isAlphabetic);
    sets.put("digit", Character::isDigit);
    sets.put("alnum", c -> Character.isAlphabetic(c) || Character.isDigit(c));
    sets.put("upper", Character::isUpperCase);
    sets.put("uppercase", Character::isUpperCase);
    sets.put("lower", Character::isLowerCase);
    sets.put("lowercase", Character::isLowerCase);
    sets.put("punct", sets.get("p").or(sets.get("s")));
    sets.put("space", Characters::isWhitespace);
    sets.put("whitespace", Characters::isWhitespace);
    sets.put("blank", c -> c == '\t' || Character.getType(c) == Character.SPACE_SEPARATOR);
    sets.put("cntrl", sets.get("cc"));
    IntPredicate visible = c -> !Characters.isWhitespace(c) && Character.isDefined(c)
        && Character.getType(c) != Character.CONTROL && Character.getType(c) != Character.SURROGATE;
    sets.put("graph", visible);
    sets.put("print", c -> visible.test(c) || Character.getType(c) == Character.SPACE_SEPARATOR);
    sets.put("xdigit", CharSet::isHexDigit);
    sets.put("word", CharSet::isWord);
    sets.put("any", _ -> true);
    sets.put("ascii", c -> c < ASCII);
    sets.put("assigned", Character::isDefined);
    sets.put("ideographic", Character::isIdeographic);
    sets.put("emoji", Character::isEmoji);
    sets.put("emojipresentation", Character::isEmojiPresentation);
    sets.put("emojimodifier", Character::isEmojiModifier);
    sets.put("emojimodifierbase", Character::isEmojiModifierBase);
    sets.put("emojicomponent", Character::isEmojiComponent);
    sets.put("extendedpictographic", Character::isExtendedPictographic);
    return sets;
  }

  private static void categories(Map<String, IntPredicate> sets) {
    category(sets, "lu", "uppercaseletter", Character.UPPERCASE_LETTER);
    category(sets, "ll", "lowercaseletter", Character.LOWERCASE_LETTER);
    category(sets, "lt", "titlecaseletter", Character.TITLECASE_LETTER);
    category(sets, "lc", "casedletter", Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER,
        Character.TITLECASE_LETTER);
    category(sets, "lm", "modifierletter", Character.MODIFIER_LETTER);
    category(sets, "lo", "otherletter", Character.OTHER_LETTER);
    sets.put("l", Characters::isLetter);
    sets.put("letter", Characters::isLetter);
    category(sets, "mn", "nonspacingmark", Character.NON_SPACING_MARK);
    category(sets, "mc", "spacingmark", Character.COMBINING_SPACING_MARK);
    category(sets, "me", "enclosingmark", Character.ENCLOSING_MARK);
    sets.put("m", Characters::isMark);
    sets.put("mark", Characters::isMark);
    category(sets, "nd", "decimalnumber", Character.DECIMAL_DIGIT_NUMBER);
    category(sets, "nl", "letternumber", Character.LETTER_NUMBER);
    category(sets, "no", "othernumber", Character.OTHER_NUMBER);
    sets.put("n", Characters::isNumber);
    sets.put("number", Characters::isNumber);
    category(sets, "pc", "connectorpunctuation", Character.CONNECTOR_PUNCTUATION);
    category(sets, "pd", "dashpunctuation", Character.DASH_PUNCTUATION);
    category(sets, "ps", "openpunctuation", Character.START_PUNCTUATION);
    category(sets, "pe", "closepunctuation", Character.END_PUNCTUATION);
    category(sets, "pi", "initialpunctuation", Character.INITIAL_QUOTE_PUNCTUATION);
    category(sets, "pf", "finalpunctuation", Character.FINAL_QUOTE_PUNCTUATION);
    category(sets, "po", "otherpunctuation", Character.OTHER_PUNCTUATION);
    category(sets, "p", "punctuation", Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION,
        Character.START_PUNCTUATION, Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
        Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION);
    category(sets, "sm", "mathsymbol", Character.MATH_SYMBOL);
    category(sets, "sc", "currencysymbol", Character.CURRENCY_SYMBOL);
    category(sets, "sk", "modifiersymbol", Character.MODIFIER_SYMBOL);
    category(sets, "so", "othersymbol", Character.OTHER_SYMBOL);
    category(sets, "s", "symbol", Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL,
        Character.OTHER_SYMBOL);
    category(sets, "zs", "spaceseparator", Character.SPACE_SEPARATOR);
    category(sets, "zl", "lineseparator", Character.LINE_SEPARATOR);
    category(sets, "zp", "paragraphseparator", Character.PARAGRAPH_SEPARATOR);
    category(sets, "z", "separator", Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR,
        Character.PARAGRAPH_SEPARATOR);
    category(sets, "cc", "control", Character.CONTROL);
    category(sets, "cf", "format", Character.FORMAT);
    category(sets, "cs", "surrogate", Character.SURROGATE);
    category(sets, "co", "privateuse", Character.PRIVATE_USE);
    category(sets, "cn", "unassigned", Character.UNASSIGNED);
    category(sets, "c", "other", Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
        Character.UNASSIGNED);
  }

  private static void category(Map<String, IntPredicate> sets, String name, String longName, byte... types) {
    int mask = 0;
    for (byte type : types) mask |= 1 << type;
    int kinds = mask;
    IntPredicate set = c -> (kinds >> Character.getType(c) & 1) != 0;
    sets.put(name, set);
    sets.put(longName, set);
  }
}
