package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import dev.ashlar.io.tokenizers.Separation.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a text is searched for.
 *
 * @param source the text or the regular expression
 * @param regex null if it is a text to be taken literally
 */
record TextPattern(String source, @Nullable Regex regex) {

  /** A regular expression of ours. */
  static TextPattern compile(String regex) {
    return new TextPattern(regex, Regex.compile(regex));
  }

  /** The field {@code pattern}. */
  static TextPattern read(Fields fields) throws FileException {
    var pattern = fields.object("pattern");
    if (pattern.has("String")) {
      var literal = pattern.text("String");
      return new TextPattern(literal, literal.isEmpty() ? Regex.compile("") : null);
    }
    var regex = pattern.text("Regex");
    try {
      return compile(regex);
    } catch (PatternSyntaxException e) {
      throw Fields.problem(pattern.get("Regex"), e.getDescription()
          + (e.getIndex() < 0 ? "" : ", at character " + (e.getIndex() + 1) + " of " + regex),
          "a regular expression as Oniguruma has them", "");
    }
  }

  /** Whether it is a text to be taken literally. */
  boolean isLiteral() {
    return regex == null;
  }

  /** All of a text as matches and what lies between them. */
  List<Span> spans(String text) {
    var spans = new ArrayList<Span>();
    int[] done = {0};
    search(text, (from, to) -> {
      if (done[0] < from) spans.add(new Span(done[0], from, false));
      spans.add(new Span(from, to, true));
      done[0] = to;
    });
    if (done[0] < text.length()) spans.add(new Span(done[0], text.length(), false));
    return spans;
  }

  /** The text with something in the place of all matches. */
  String replace(String text, String content) {
    if (regex == null) return text.replace(source, content);
    var replaced = new StringBuilder();
    int[] done = {0};
    search(text, (from, to) -> {
      replaced.append(text, done[0], from).append(content);
      done[0] = to;
    });
    return replaced.append(text, done[0], text.length()).toString();
  }

  @FunctionalInterface
  private interface Found {
    void at(int from, int to);
  }

  private void search(String text, Found found) {
    if (text.isEmpty()) return;
    if (regex == null) {
      for (int at = text.indexOf(source); at >= 0; at = text.indexOf(source, at + source.length())) {
        found.at(at, at + source.length());
      }
      return;
    }
    var search = new RegexSearch(regex, text);
    int next = 0;
    int last = -1;
    while (next <= text.length() && search.find(next)) {
      // An empty match right behind another one does not count.
      if (search.from() == search.to() && search.to() == last) {
        next = search.after(next);
        continue;
      }
      found.at(search.from(), search.to());
      next = search.to();
      last = search.to();
    }
  }
}
