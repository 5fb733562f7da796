package dev.ashlar.io.tokenizers;

import dev.ashlar.config.FileException;
import dev.ashlar.io.tokenizers.Separation.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a text is searched for. */
record TextPattern(String source, Pattern pattern, boolean isLiteral) {
  static TextPattern compile(String regex) {
    return new TextPattern(regex, Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE), false);
  }

  static TextPattern read(Fields fields) throws FileException {
    var pattern = fields.object("pattern");
    if (pattern.has("String")) {
      var literal = pattern.text("String");
      return new TextPattern(literal, Pattern.compile(Pattern.quote(literal)), true);
    }
    return compile(pattern.text("Regex"));
  }

  List<Span> spans(String text) {
    var spans = new ArrayList<Span>();
    var matcher = pattern.matcher(text);
    int done = 0;
    while (matcher.find()) {
      if (done < matcher.start()) spans.add(new Span(done, matcher.start(), false));
      spans.add(new Span(matcher.start(), matcher.end(), true));
      done = matcher.end();
    }
    if (done < text.length()) spans.add(new Span(done, text.length(), false));
    return spans;
  }

  String replace(String text, String content) {
    return pattern.matcher(text).replaceAll(Matcher.quoteReplacement(content));
  }
}
