package dev.ashlar.io.tokenizers;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds added tokens in a text: from the left, at each place the longest. */
final class AddedTokens {
  private final Node root = new Node();
  /** By the low bits of a character, whether a token may begin with it. */
  private final boolean[] beginnings = new boolean[1 << 8];
  private final boolean any;

  /** A step in the tree of all contents. */
  private static final class Node {
    private char[] keys = {};
    private Node[] nodes = {};
    private @Nullable AddedToken token;

    @Nullable Node find(char key) {
      for (int i = 0; i < keys.length; i++) {
        if (keys[i] == key) return nodes[i];
      }
      return null;
    }

    Node findOrAdd(char key) {
      var found = find(key);
      if (found != null) return found;
      int count = keys.length;
      keys = Arrays.copyOf(keys, count + 1);
      nodes = Arrays.copyOf(nodes, count + 1);
      keys[count] = key;
      nodes[count] = new Node();
      return nodes[count];
    }
  }

  /**
   * Of these tokens.
   *
   * @param form what is done to their contents, as to the text
   */
  AddedTokens(List<AddedToken> tokens, UnaryOperator<String> form) {
    boolean some = false;
    for (var token : tokens) {
      var content = form.apply(token.content());
      if (content.isEmpty()) continue;
      var node = root;
      for (int i = 0; i < content.length(); i++) node = node.findOrAdd(content.charAt(i));
      if (node.token == null) node.token = token;
      beginnings[content.charAt(0) & 0xff] = true;
      some = true;
    }
    any = some;
  }

  /** Hands over the parts of a text in turn, as pieces or tokens. */
  void split(Piece piece, Consumer<Piece> pieces, Consumer<AddedToken> tokens) {
    if (!any) {
      pieces.accept(piece);
      return;
    }
    var text = piece.text();
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!beginnings[text.charAt(i) & 0xff]) continue;
      int end = i;
      AddedToken token = null;
      var node = root.find(text.charAt(i));
      for (int k = i + 1; node != null; node = k < text.length() ? node.find(text.charAt(k++)) : null) {
        if (node.token != null) {
          token = node.token;
          end = k;
        }
      }
      if (token == null) continue;
      int from = i;
      int to = end;
      i = end - 1;
      if (token.singleWord() && !isAlone(text, from, to)) continue;
      if (token.leftStrip()) from = Math.max(done, blanksBefore(text, from));
      if (token.rightStrip()) to = blanksAfter(text, to);
      if (done < from) pieces.accept(piece.part(done, from));
      tokens.accept(token);
      done = to;
    }
    if (done == 0) pieces.accept(piece);
    else if (done < text.length()) pieces.accept(piece.part(done, text.length()));
  }

  private static boolean isAlone(String text, int from, int to) {
    return (from == 0 || !Characters.isWord(text.codePointBefore(from)))
        && (to == text.length() || !Characters.isWord(text.codePointAt(to)));
  }

  private static int blanksBefore(String text, int from) {
    int at = from;
    while (at > 0 && Characters.isWhitespace(text.charAt(at - 1))) at--;
    return at;
  }

  private static int blanksAfter(String text, int to) {
    int at = to;
    while (at < text.length() && Characters.isWhitespace(text.charAt(at))) at++;
    return at;
  }
}
