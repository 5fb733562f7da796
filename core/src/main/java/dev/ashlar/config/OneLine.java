package dev.ashlar.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.regex.Pattern;

/** Reads and writes a value as one line of text. What is read may also go over several lines. */
final class OneLine {
  /** A line from a stranger must not exhaust the stack. */
  private static final int DEEPEST = 100;

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,9})?");
  private static final Pattern BARE =
      Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_./@+-]*(:[\\p{L}\\p{N}_./@+-]+)*");

  private final String text;
  private final String source;
  private int at;
  /** The line up to which {@link #here} has counted, and where it starts. */
  private int line = 1;
  private int lineStart;

  OneLine(String text, String source) {
    this.text = text;
    this.source = source;
  }

  Value parse() {
    var value = value(0);
    skipBlanks();
    if (at < text.length()) throw mistake("the end of the value");
    return value;
  }

  private Value value(int depth) {
    skipBlanks();
    if (depth > DEEPEST) throw mistake("at most " + DEEPEST + " levels");
    if (at == text.length()) throw mistake("a value");
    return switch (text.charAt(at)) {
      case '[' -> sequence(depth);
      case '{' -> mapping(depth);
      case '"', '\'' -> {
        var place = here();
        yield new Value.Text(quotedText(), place);
      }
      default -> {
        var place = here();
        yield scalar(bareWord(depth, false), place);
      }
    };
  }

  private Value sequence(int depth) {
    var place = here();
    var items = new ArrayList<Value>();
    at++;
    while (!closes(']')) {
      items.add(value(depth + 1));
      separator(']');
    }
    return new Value.Sequence(items, place);
  }

  private Value mapping(int depth) {
    var place = here();
    var entries = new ArrayList<Value.Entry>();
    at++;
    while (!closes('}')) {
      var keyAt = here().location();
      boolean quoted = text.charAt(at) == '"' || text.charAt(at) == '\'';
      var key = quoted ? quotedText() : bareWord(depth + 1, true);
      skipBlanks();
      if (at == text.length() || text.charAt(at) != ':') throw mistake("':' and a value after '" + key + "'");
      at++;
      entries.add(new Value.Entry(key, keyAt, value(depth + 1)));
      separator('}');
    }
    return new Value.Mapping(entries, place);
  }

  private boolean closes(char end) {
    skipBlanks();
    if (at == text.length()) throw mistake("'" + end + "'");
    if (text.charAt(at) != end) return false;
    at++;
    return true;
  }

  private void separator(char end) {
    skipBlanks();
    if (at == text.length() || text.charAt(at) != end && text.charAt(at) != ',') {
      throw mistake("',' or '" + end + "'");
    }
    if (text.charAt(at) == ',') at++;
  }

  /** Up to what ends it: a bracket or comma if inside of one, a colon before a blank. */
  private String bareWord(int depth, boolean key) {
    int start = at;
    while (at < text.length() && !(depth > 0 && ",[]{}".indexOf(text.charAt(at)) >= 0) && !colon()) at++;
    if (!key && at < text.length() && text.charAt(at) == ':') throw mistake("a map in braces: {name: value}");
    var word = text.substring(start, at).strip();
    if (word.isEmpty()) throw mistake(key ? "a name" : "a value");
    return word;
  }

  private boolean colon() {
    return text.charAt(at) == ':'
        && (at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1)));
  }

  /** Single quotes are doubled inside of single quotes; double quotes know the escapes of JSON. */
  private String quotedText() {
    char quote = text.charAt(at++);
    var result = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        if (quote == '"' || at == text.length() || text.charAt(at) != '\'') return result.toString();
        at++;
      }
      result.append(c == '\\' && quote == '"' ? escaped() : c);
    }
    throw mistake("a closing " + quote);
  }

  private char escaped() {
    if (at == text.length()) throw mistake("an escaped character");
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> c;
      case 'u' -> {
        if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
          throw mistake("four hexadecimal digits");
        }
        at += 4;
        yield (char) Integer.parseInt(text, at - 4, at, 16);
      }
      default -> {
        at--;
        throw mistake("one of \\n \\t \\r \\b \\f \\\" \\\\ \\/ \\uXXXX");
      }
    };
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
  }

  private Place here() {
    for (int next; (next = text.indexOf('\n', lineStart)) >= 0 && next < at; line++) lineStart = next + 1;
    return Place.at(new Location(source, line, at - lineStart + 1));
  }

  private ConfigException mistake(String expected) {
    var found = at >= text.length() ? "the end of the text" : "'" + Words.shortened(text.substring(at)) + "'";
    return new ConfigException(Problem.at(here(), found, expected));
  }

  static Value scalar(String word, Place place) {
    return switch (word) {
      case "", "~", "null", "Null", "NULL" -> new Value.Null(place);
      case "true", "True", "TRUE" -> new Value.Bool(true, place);
      case "false", "False", "FALSE" -> new Value.Bool(false, place);
      default -> NUMBER.matcher(word).matches()
          ? new Value.Num(new BigDecimal(word), place)
          : new Value.Text(word, place);
    };
  }

  /** Bare if it would be read back as the same text, else in quotes. */
  static String text(String text) {
    boolean bare = BARE.matcher(text).matches() && scalar(text, Place.ROOT) instanceof Value.Text;
    return bare ? text : quoted(text);
  }

  static String quoted(String text) {
    var result = new StringBuilder("\"");
    text.chars().forEach(c -> {
      switch (c) {
        case '"' -> result.append("\\\"");
        case '\\' -> result.append("\\\\");
        case '\n' -> result.append("\\n");
        case '\t' -> result.append("\\t");
        case '\r' -> result.append("\\r");
        default -> {
          if (Character.isISOControl(c) || Character.isSurrogate((char) c)) {
            result.append(String.format("\\u%04x", c));
          } else {
            result.append((char) c);
          }
        }
      }
    });
    return result.append('"').toString();
  }

  /** The text that stands for a number which is none of JSON's. */
  static String special(double d) {
    if (Double.isNaN(d)) return "nan";
    return d == 0 ? "-0.0" : d > 0 ? "inf" : "-inf";
  }
}
