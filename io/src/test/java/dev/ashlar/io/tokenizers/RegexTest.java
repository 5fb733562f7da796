package dev.ashlar.io.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Java's own regular expressions are the oracle where both mean the same. */
class RegexTest {
  private static final String[] PARTS = {"a", "b", "c", ".", "[ab]", "[^a]", "\\s", "\\S", "\\d", "\\p{L}", "\\P{Lu}",
    "(?:a|b)", "(?:ab|a)", "(?:a*|b)", "(a|bc)", "(?=a)", "(?!b)", "(?<=a)", "(?<!b|ab)", "(?>a*)", "\\b", "(?i:aB)",
    "[a-c&&[^b]]", "(?:x?)"};
  private static final String[] TIMES = {"", "", "", "*", "+", "?", "*?", "+?", "??", "*+", "++", "{2}", "{1,2}",
    "{0,2}?", "{2,}"};

  private static List<String> found(String regex, String text) {
    var found = new ArrayList<String>();
    var search = new RegexSearch(Regex.compile(regex), text);
    for (int at = 0; at <= text.length() && search.find(at);) {
      found.add(search.from() + "-" + search.to());
      at = search.to() > search.from() ? search.to() : search.after(search.to());
    }
    return found;
  }

  private static List<String> expected(String regex, String text) {
    var found = new ArrayList<String>();
    var matcher = Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE).matcher(text);
    for (int at = 0; at <= text.length() && matcher.find(at);) {
      found.add(matcher.start() + "-" + matcher.end());
      at = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
    }
    return found;
  }

  @Test
  void findsWhatJavaFinds() {
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      var regex = new StringBuilder();
      for (int k = random.nextInt(4); k >= 0; k--) {
        var part = PARTS[random.nextInt(PARTS.length)];
        // A repeated place means different things.
        boolean isPlace = part.equals("\\b") || part.matches("\\(\\?<?[=!].*");
        regex.append(part).append(isPlace ? "" : TIMES[random.nextInt(TIMES.length)]);
        if (random.nextInt(5) == 0) regex.append('|');
      }
      var pattern = regex.toString();
      var text = new StringBuilder();
      for (int k = random.nextInt(10); k > 0; k--) text.append("aabbcB 1x".charAt(random.nextInt(9)));
      assertThat(found(pattern, text.toString())).as("%s in '%s'", pattern, text)
          .isEqualTo(expected(pattern, text.toString()));
    }
  }

  @Test
  void meansWhatOnigurumaMeans() {
    // Lines have beginnings and ends, a dot stops there, and Z is before the last end.
    assertThat(found("^b$", "a\nb\nc")).containsExactly("2-3");
    assertThat(found(".+", "a\nb")).containsExactly("0-1", "2-3");
    assertThat(found("(?m:.+)", "a\nb")).containsExactly("0-3");
    assertThat(found("a\\Z", "a\na\n")).containsExactly("2-3");
    assertThat(found("\\h+", "xyz0aF")).containsExactly("3-6");
    assertThat(found("[[:alpha:]&&[^a-y]]+", "xyz1")).containsExactly("2-3");
    assertThat(found("[^(\\s|[.,!])]+", "ab. |c")).containsExactly("0-2", "5-6");
    assertThat(found("\\p{Han}+|\\p{^L}", "a\u5927\u6a211")).containsExactly("1-3", "3-4");
    assertThat(found("(?i)'S", "'s'\u017f")).containsExactly("0-2", "2-4");
    assertThat(found("\\x{1F469}|\\u0041", "A\ud83d\udc69")).containsExactly("0-1", "1-3");
    assertThat(found("(?x) a b # remark", "ab")).containsExactly("0-2");
    assertThat(found("a{,2}", "aaa")).containsExactly("0-2", "2-3", "3-3");
    assertThat(found("a{x}", "a{x}")).containsExactly("0-4");
  }

  @Test
  void noTextIsTooLong() {
    var text = "a".repeat(1 << 20);
    for (var regex : List.of("(?:a|b)*", "(?:ab?)+", "(?:a|aa)+", "a*?$", "(?:a*b)?a+", "(a(?!b))*")) {
      assertThat(found(regex, text).getFirst()).as(regex).isEqualTo("0-" + text.length());
    }
  }

  @Test
  void whatHasNoEndIsGivenUp() {
    assertThatThrownBy(() -> found("(?:a+)+b", "a".repeat(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too many ways");
  }
}
