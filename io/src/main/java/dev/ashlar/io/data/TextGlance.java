package dev.ashlar.io.data;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;

/**
 * What one reading of all documents tells.
 *
 * @param characters in all, as Java counts them
 * @param documents number of them
 * @param letters the characters that come up, by code point
 * @param hash SHA-256 of the documents, in hexadecimal digits
 */
record TextGlance(long characters, int documents, BitSet letters, String hash) {

  static TextGlance of(TextFiles files) throws IOException {
    var digest = sha256();
    var letters = new BitSet();
    long[] characters = {0};
    int[] documents = {0};
    files.read((document, _, _, text) -> {
      if (document >= documents[0]) digest.update((byte) 0xff); // no byte of UTF-8
      documents[0] = document + 1;
      characters[0] += text.length();
      text.codePoints().forEach(letters::set);
      digest.update(text.getBytes(StandardCharsets.UTF_8));
    });
    return new TextGlance(characters[0], documents[0], letters, HexFormat.of().formatHex(digest.digest()));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }
}
