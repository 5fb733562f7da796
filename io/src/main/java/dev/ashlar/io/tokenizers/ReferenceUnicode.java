package dev.ashlar.io.tokenizers;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * Where the Unicode tables of the reference (the Python package {@code tokenizers} 0.23) differ from those of JDK 25,
 * for the same numbers from the same text: some of its tables are years older, others newer. Regular expressions need
 * none of it: there both have Unicode 16. The tables are what {@code unicode_classes.py} beside the tests finds.
 */
final class ReferenceUnicode {
  /** Punctuation of Java's that is none there. */
  private static final int[] NO_PUNCTUATION = ranges(
      "61d 9fd a76 c77 c84 1b4e-1b4f 1b7d-1b7f 2e43-2e4f 2e52-2e5d 10d6e 10ead 10f55-10f59 10f86-10f89 "
          + "113d4-113d5 113d7-113d8 1144b-1144f 1145a-1145b 1145d 11660-1166c 116b9 1183b 11944-11946 119e2 "
          + "11a3f-11a46 11a9a-11a9c 11a9e-11aa2 11b00-11b09 11be1 11c41-11c45 11c70-11c71 11ef7-11ef8 "
          + "11f43-11f4f 11fff 12ff1-12ff2 16d6d-16d6f 16e97-16e9a 16fe2 1e5ff 1e95e-1e95f");
  /** Format characters of Java's that are none there. */
  private static final int[] NO_CONTROL = ranges(
      "890-891 8e2 110cd 13430-1343f");
  /** Marks of Java's that are none there. */
  private static final int[] NO_MARKS = ranges(
      "7fd 897-89f 8ca-8d3 9fe afa-aff b55 c04 c3c cf3 d00 d3b-d3c d81 eba ece 1715 180f 1abf-1ace 1cf7 "
          + "1df6-1dfa a82c a8ff 10d24-10d27 10d69-10d6d 10eab-10eac 10efc-10eff 10f46-10f50 10f82-10f85 11070 "
          + "11073-11074 110c2 11145-11146 111c9 111ce-111cf 11241 1133b 113b8-113c0 113c2 113c5 113c7-113ca "
          + "113cc-113d0 113d2 113e1-113e2 1145e 1182c-1183a 11930-11935 11937-11938 1193b-1193e 11940 "
          + "11942-11943 119d1-119d7 119da-119e0 119e4 11a01-11a0a 11a33-11a39 11a3b-11a3e 11a47 11a51-11a5b "
          + "11a8a-11a99 11d31-11d36 11d3a 11d3c-11d3d 11d3f-11d45 11d47 11d8a-11d8e 11d90-11d91 11d93-11d97 "
          + "11ef3-11ef6 11f00-11f01 11f03 11f34-11f3a 11f3e-11f42 11f5a 13440 13447-13455 1611e-1612f 16f4f "
          + "16f7f-16f87 16fe4 16ff0-16ff1 1cf00-1cf2d 1cf30-1cf46 1e08f 1e130-1e136 1e2ae 1e2ec-1e2ef "
          + "1e4ec-1e4ef 1e5ee-1e5ef");
  /** Marks of Java's that take no room, and are others there. */
  private static final int[] NO_ACCENTS = ranges(
      "7fd 897-89f 8ca-8e1 9fe afa-aff b55 c04 c3c d00 d3b-d3c d81 eba ece 180f 1885-1886 1abf-1ace "
          + "1df6-1dfb a82c a8c5 a8ff a9bd 10d24-10d27 10d69-10d6d 10eab-10eac 10efc-10eff 10f46-10f50 "
          + "10f82-10f85 11070 11073-11074 110c2 111c9 111cf 1123e 11241 1133b 113bb-113c0 113ce 113d0 113d2 "
          + "113e1-113e2 11438-1143f 11442-11444 11446 1145e 1182f-11837 11839-1183a 1193b-1193c 1193e 11943 "
          + "119d4-119d7 119da-119db 119e0 11a01-11a0a 11a33-11a38 11a3b-11a3e 11a47 11a51-11a56 11a59-11a5b "
          + "11a8a-11a96 11a98-11a99 11c30-11c36 11c38-11c3d 11c3f 11c92-11ca7 11caa-11cb0 11cb2-11cb3 "
          + "11cb5-11cb6 11d31-11d36 11d3a 11d3c-11d3d 11d3f-11d45 11d47 11d90-11d91 11d95 11d97 11ef3-11ef4 "
          + "11f00-11f01 11f36-11f3a 11f40 11f42 11f5a 13440 13447-13455 1611e-16129 1612d-1612f 16f4f 16fe4 "
          + "1cf00-1cf2d 1cf30-1cf46 1e000-1e006 1e008-1e018 1e01b-1e021 1e023-1e024 1e026-1e02a 1e08f "
          + "1e130-1e136 1e2ae 1e2ec-1e2ef 1e4ec-1e4ef 1e5ee-1e5ef 1e944-1e94a");
  /** Characters that Java takes apart, and that stay as they are there. */
  private static final int[] NOT_NORMALIZED = ranges(
      "32ff a7f2-a7f4 ab69 105c9 105e4 10781-10785 10787-107b0 107b2-107ba 11383 11385 1138e 11391 113c5 "
          + "113c7-113c8 11938 16121-16128 16d68-16d6a 1ccd6-1ccf9 1e030-1e06d 1f16c 1fbf0-1fbf9");

  private ReferenceUnicode() {}

  /** From {@code a-b c}, as first and last of each range in turn. */
  private static int[] ranges(String text) {
    var parts = text.split(" ");
    var ranges = new int[parts.length * 2];
    for (int i = 0; i < parts.length; i++) {
      int dash = parts[i].indexOf('-');
      ranges[2 * i] = Integer.parseInt(dash < 0 ? parts[i] : parts[i].substring(0, dash), 16);
      ranges[2 * i + 1] = Integer.parseInt(parts[i].substring(dash + 1), 16);
    }
    return ranges;
  }

  private static boolean contains(int[] ranges, int c) {
    if (c < ranges[0]) return false;
    int at = Arrays.binarySearch(ranges, c);
    // Between the first and the last of a range lies an odd place; single ones are in there twice.
    return at >= 0 || (-at - 1) % 2 == 1;
  }

  static boolean isPunctuation(int c) {
    return Characters.isPunctuation(c) && !contains(NO_PUNCTUATION, c) || c == 0x166d || c == 0x111c9;
  }

  static boolean isControl(int c) {
    return Characters.isControl(c) && !contains(NO_CONTROL, c);
  }

  static boolean isMark(int c) {
    return Characters.isMark(c) && !contains(NO_MARKS, c) || c == 0x1cf2 || c == 0x1cf3;
  }

  /** Marks that take no room. */
  static boolean isAccent(int c) {
    return Character.getType(c) == Character.NON_SPACING_MARK && !contains(NO_ACCENTS, c)
        || c == 0x1734 || c == 0x1171e;
  }

  static boolean isNumber(int c) {
    return Characters.isNumber(c) || c >= 0x11de0 && c <= 0x11de9 || c >= 0x16ff4 && c <= 0x16ff6;
  }

  /** The small letter of a capital one. */
  static int toLowerCase(int c) {
    if (c == 0xa7ce || c == 0xa7d2 || c == 0xa7d4) return c + 1;
    return c >= 0x16ea0 && c <= 0x16eb8 ? c + 0x1b : Character.toLowerCase(c);
  }

  static String normalize(String text, Normalizer.Form form) {
    if (text.codePoints().noneMatch(c -> contains(NOT_NORMALIZED, c))) return Normalizer.normalize(text, form);
    var done = new StringBuilder();
    int from = 0;
    for (int i = 0; i < text.length();) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      if (contains(NOT_NORMALIZED, c)) {
        done.append(Normalizer.normalize(text.substring(from, i), form)).appendCodePoint(c);
        from = end;
      }
      i = end;
    }
    return done.append(Normalizer.normalize(text.substring(from), form)).toString();
  }
}
