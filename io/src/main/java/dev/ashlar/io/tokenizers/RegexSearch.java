package dev.ashlar.io.tokenizers;

import dev.ashlar.io.tokenizers.RegexNode.Anchor;
import java.util.Arrays;

/** One search through one text. */
final class RegexSearch {
  /** Of entries on the stack: where to go on, at which place, and down to which place a repetition may give back. */
  private static final int ENTRY = 3;
  private static final int FAILED = -1;
  private static final int NO_TARGET = -1;
  private static final int DEEPEST = 1 << 28;
  private static final Anchor[] ANCHORS = Anchor.values();

  /** So many tries for each match, and for each character of the text. */
  private static final long TRIES = 20_000_000;
  private static final long TRIES_EACH = 64;

  private final Regex regex;
  private final String text;
  private final int[] code;
  private final int[] marks;
  private int[] stack = new int[64 * ENTRY];
  private int top;
  private long tries;
  private int from;
  private int to;
  /** Where to go on after going back. */
  private int nextPc;
  private int nextPlace;

  RegexSearch(Regex regex, String text) {
    this.regex = regex;
    this.text = text;
    code = regex.code();
    marks = new int[regex.marks()];
  }

  /** Finds the first match that begins at a place or behind it. */
  boolean find(int begin) {
    tries = TRIES + TRIES_EACH * text.length();
    for (int start = begin; start <= text.length(); start = after(start)) {
      top = 0;
      int end = run(0, start, NO_TARGET);
      if (end != FAILED) {
        from = start;
        to = end;
        return true;
      }
    }
    return false;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** The place behind the character there. */
  int after(int place) {
    return place < text.length() ? place + Character.charCount(text.codePointAt(place)) : place + 1;
  }

  /** Where the match ends that begins here; it must be at the target if there is one. */
  private int run(int start, int begin, int target) {
    int base = top;
    int pc = start;
    int place = begin;
    while (true) {
      boolean failed = false;
      switch (code[pc]) {
        case Regex.ONE -> {
          if (matches(code[pc + 1], place)) {
            place = after(place);
            pc += Regex.WIDTH;
          } else {
            failed = true;
          }
        }
        case Regex.SPLIT -> {
          push(code[pc + 2], place, place);
          pc = code[pc + 1];
        }
        case Regex.JUMP -> pc = code[pc + 1];
        case Regex.GREEDY, Regex.POSSESSIVE -> {
          int end = repeat(pc, place);
          if (end == FAILED) {
            failed = true;
          } else {
            place = end;
            pc += Regex.WIDTH;
          }
        }
        case Regex.LAZY -> {
          int end = least(pc, place);
          if (end == FAILED) {
            failed = true;
          } else {
            place = end;
            if (code[pc + 2] < code[pc + 3]) push(pc, place, FAILED - code[pc + 2] - 1);
            pc += Regex.WIDTH;
          }
        }
        case Regex.AT -> {
          failed = !isAt(ANCHORS[code[pc + 1]], place);
          pc += Regex.WIDTH;
        }
        case Regex.LOOK -> {
          boolean found = look(pc, place);
          failed = found == Regex.isNegative(code[pc + 2]);
          pc = code[pc + 1];
        }
        case Regex.ATOMIC -> {
          int end = cut(pc + Regex.WIDTH, place, NO_TARGET);
          failed = end == FAILED;
          place = end;
          pc = code[pc + 1];
        }
        case Regex.MARK -> {
          push(FAILED - 1 - code[pc + 1], marks[code[pc + 1]], 0);
          marks[code[pc + 1]] = place;
          pc += Regex.WIDTH;
        }
        case Regex.CHECK -> pc = marks[code[pc + 1]] == place ? code[pc + 2] : pc + Regex.WIDTH;
        default -> {
          if (target == NO_TARGET || place == target) return place;
          failed = true;
        }
      }
      if (!failed) continue;
      if (!backtrack(base)) return FAILED;
      pc = nextPc;
      place = nextPlace;
    }
  }

  /** Goes back to the last choice, or says that there is none. */
  private boolean backtrack(int base) {
    while (top > base) {
      if (--tries < 0) throw tooMany();
      int pc = stack[top - 3];
      int place = stack[top - 2];
      int least = stack[top - 1];
      if (pc < 0) { // a mark as it was before
        marks[FAILED - 1 - pc] = place;
        top -= ENTRY;
        continue;
      }
      if (least < 0) {
        if (!extend(pc, place, FAILED - 1 - least)) continue;
        return true;
      }
      nextPc = pc;
      // A repetition gives characters back one by one.
      nextPlace = place > least ? place - Character.charCount(text.codePointBefore(place)) : place;
      if (nextPlace > least) stack[top - 2] = nextPlace;
      else top -= ENTRY;
      return true;
    }
    return false;
  }

  /** A lazy repetition takes one more. */
  private boolean extend(int pc, int place, int count) {
    if (!matches(code[pc + 1], place)) {
      top -= ENTRY;
      return false;
    }
    nextPlace = after(place);
    nextPc = pc + Regex.WIDTH;
    if (count + 1 < code[pc + 3]) {
      stack[top - 2] = nextPlace;
      stack[top - 1] = FAILED - 1 - (count + 1);
    } else {
      top -= ENTRY;
    }
    return true;
  }

  /** Takes as many as there are; those above the least number may be given back. */
  private int repeat(int pc, int place) {
    int least = least(pc, place);
    if (least == FAILED) return FAILED;
    var set = regex.set(code[pc + 1]);
    int end = least;
    int most = code[pc + 3];
    for (int count = code[pc + 2]; count < most && end < text.length(); count++) {
      int c = text.codePointAt(end);
      if (!set.contains(c)) break;
      end += Character.charCount(c);
    }
    if (code[pc] == Regex.GREEDY && end > least) push(pc + Regex.WIDTH, end, least);
    return end;
  }

  private int least(int pc, int place) {
    int end = place;
    for (int count = 0; count < code[pc + 2]; count++) {
      if (!matches(code[pc + 1], end)) return FAILED;
      end = after(end);
    }
    return end;
  }

  private boolean look(int pc, int place) {
    if (!Regex.isBehind(code[pc + 2])) return cut(pc + Regex.WIDTH, place, NO_TARGET) != FAILED;
    var part = regex.look(code[pc + 3]);
    int start = place;
    int most = part.most();
    for (int count = 0; count <= most; count++) {
      if (count >= part.least() && cut(pc + Regex.WIDTH, start, place) != FAILED) return true;
      if (start == 0) return false;
      start -= Character.charCount(text.codePointBefore(start));
    }
    return false;
  }

  /** Runs a part for itself, and forgets the ways that it did not go. */
  private int cut(int pc, int place, int target) {
    int before = top;
    int end = run(pc, place, target);
    top = before;
    return end;
  }

  private boolean matches(int set, int place) {
    return place < text.length() && regex.set(set).contains(text.codePointAt(place));
  }

  private boolean isAt(Anchor anchor, int place) {
    int length = text.length();
    return switch (anchor) {
      case TEXT_BEGIN -> place == 0;
      case TEXT_END -> place == length;
      case TEXT_END_OR_LAST_LINE -> place == length || place == length - 1 && text.charAt(place) == '\n';
      case LINE_BEGIN -> place == 0 || place < length && text.charAt(place - 1) == '\n';
      case LINE_END -> place == length || text.charAt(place) == '\n';
      case WORD_BORDER -> isBorder(place);
      case NO_WORD_BORDER -> !isBorder(place);
    };
  }

  private boolean isBorder(int place) {
    boolean before = place > 0 && CharSet.isWord(text.codePointBefore(place));
    boolean behind = place < text.length() && CharSet.isWord(text.codePointAt(place));
    return before != behind;
  }

  private void push(int pc, int place, int least) {
    if (top + ENTRY > stack.length) {
      if (stack.length >= DEEPEST) throw tooMany();
      stack = Arrays.copyOf(stack, stack.length * 2);
    }
    stack[top] = pc;
    stack[top + 1] = place;
    stack[top + 2] = least;
    top += ENTRY;
  }

  private IllegalArgumentException tooMany() {
    return new IllegalArgumentException("the pattern " + regex.source + " has too many ways to match a text of "
        + text.length() + " characters: give shorter texts, or a pattern without repetitions within repetitions");
  }
}
