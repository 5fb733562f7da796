package dev.ashlar.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How messages put things. */
final class Words {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");
  /** Control characters, halves of characters, and what turns the direction of text. */
  private static final Pattern OBEYED =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}&&[^\\n\\t]]");
  private static final int LISTED = 12;
  private static final int SHOWN = 60;

  private Words() {}

  /** Text in which nothing is left that a terminal obeys but ends of lines and tabs. */
  static String visible(String text) {
    return OBEYED.matcher(text).replaceAll(found -> String.format("\\\\u%04x", found.group().codePointAt(0)));
  }

  /** {@code learningRate} and {@code LearningRate} are {@code learning_rate}. */
  static String snake(String javaName) {
    return HUMP.matcher(javaName).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  /** {@code a layer}, {@code an optimizer}. */
  static String article(String noun) {
    return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }

  /** The number without needless digits; never expanded to more than a few zeros, whatever its exponent. */
  static String number(BigDecimal value) {
    if (value.signum() == 0) return "0";
    var bare = value.stripTrailingZeros();
    return (bare.scale() < 0 && bare.scale() > -16 ? bare.setScale(0) : bare).toString();
  }

  static String number(double value) {
    return number(new BigDecimal(Double.toString(value)));
  }

  /** What a value is, for the reader of a message: {@code text 'abc'}, {@code list of 3}. */
  static String found(Value value) {
    return switch (value) {
      case Value.Null _ -> "nothing (null)";
      case Value.Bool b -> "the truth value " + b.value();
      case Value.Num n -> "the number " + shortened(n.toString());
      case Value.Text t -> "text '" + shortened(t.value()) + "'";
      case Value.Sequence s -> s.items().isEmpty() ? "an empty list" : "a list of " + s.items().size();
      case Value.Mapping m -> m.entries().isEmpty()
          ? "an empty map"
          : "a map of " + m.entries().size() + " (" + listed(m.keys()) + ")";
    };
  }

  /** The value itself in one line, shortened. */
  static String shown(Value value) {
    return shortened(value.toString());
  }

  static String listed(List<String> names) {
    if (names.size() <= LISTED + 1) {
      return names.stream().map(Words::shortened).collect(Collectors.joining(", "));
    }
    return listed(names.subList(0, LISTED)) + " and " + (names.size() - LISTED) + " more";
  }

  /** One line of at most 60 characters; control characters are escaped: no text may forge a message. */
  static String shortened(String text) {
    int end = text.length() <= SHOWN ? text.length() : text.offsetByCodePoints(0, cut(text));
    var line = new StringBuilder();
    text.substring(0, end).chars().forEach(c -> {
      if (Character.isISOControl(c)) line.append(String.format("\\u%04x", c));
      else line.append((char) c);
    });
    return end < text.length() ? line + "..." : line.toString();
  }

  private static int cut(String text) {
    return Math.min(SHOWN - 3, text.codePointCount(0, text.length()));
  }
}
