package dev.ashlar.io.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every character is what it is for the reference: unicode_classes.py asked it. */
class ReferenceUnicodeTest {
  private static final Path CLASSES = Path.of("src/test/resources/dev/ashlar/io/tokenizers/unicode-classes.txt");

  @Test
  void everyCharacterIsWhatItIsForTheReference() throws IOException {
    // A letter since Unicode 17: a later JDK has tables that nobody has compared.
    Assumptions.assumeFalse(Character.isDefined(0x16ea0), "this JDK has other Unicode tables than JDK 25");
    Map<String, IntPredicate> ours = new HashMap<>();
    ours.put("letter", Characters::isLetter);
    ours.put("number", Characters::isNumber);
    ours.put("space", Characters::isWhitespace);
    ours.put("white", Characters::isWhitespace);
    ours.put("onigurumaWord", CharSet::isWord);
    ours.put("word", Characters::isWord);
    ours.put("punctuation", ReferenceUnicode::isPunctuation);
    ours.put("digit", ReferenceUnicode::isNumber);
    ours.put("control", c -> c == 0 || c == 0xfffd || ReferenceUnicode.isControl(c));
    ours.put("mark", ReferenceUnicode::isMark);
    ours.put("accent", c -> ReferenceUnicode.normalize(Character.toString(c), Normalizer.Form.NFD)
        .codePoints().allMatch(ReferenceUnicode::isAccent));
    var lines = Files.readAllLines(CLASSES);
    assertThat(lines).hasSize(ours.size());
    for (var line : lines) {
      var words = line.split(" ");
      var expected = new BitSet();
      for (int i = 1; i < words.length; i++) {
        var ends = words[i].split("-");
        expected.set(Integer.parseInt(ends[0], 16), Integer.parseInt(ends[ends.length - 1], 16) + 1);
      }
      var test = ours.get(words[0]);
      for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) continue;
        assertThat(test.test(c)).as("%s U+%04X", words[0], c).isEqualTo(expected.get(c));
      }
    }
  }
}
