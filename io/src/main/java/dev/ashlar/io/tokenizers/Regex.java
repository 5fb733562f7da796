package dev.ashlar.io.tokenizers;

import dev.ashlar.io.tokenizers.RegexNode.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * A compiled regular expression. It searches with a stack of its own, so that no text is too long for it, and gives up
 * where it would try without end.
 */
final class Regex {
  static final int ONE = 0;
  static final int SPLIT = 1;
  static final int JUMP = 2;
  static final int GREEDY = 3;
  static final int POSSESSIVE = 4;
  static final int LAZY = 5;
  static final int AT = 6;
  static final int LOOK = 7;
  static final int ATOMIC = 8;
  static final int ACCEPT = 9;
  static final int MARK = 10;
  static final int CHECK = 11;
  /** Numbers that an instruction takes. */
  static final int WIDTH = 4;

  private static final int BEHIND = 1;
  private static final int NEGATIVE = 2;
  private static final int LARGEST = 1 << 20;

  final String source;
  private int[] code = new int[64];
  private int size;
  private final List<CharSet> sets = new ArrayList<>();
  private final List<RegexNode.Look> looks = new ArrayList<>();
  private int marks;

  private Regex(String source) {
    this.source = source;
  }

  /**
   * Compiles.
   *
   * @throws PatternSyntaxException if it is no regular expression, or has what is not known here
   */
  static Regex compile(String source) {
    var regex = new Regex(source);
    regex.add(RegexParser.parse(source));
    regex.emit(ACCEPT, 0, 0, 0);
    return regex;
  }

  int[] code() {
    return code;
  }

  CharSet set(int index) {
    return sets.get(index);
  }

  int marks() {
    return marks;
  }

  static boolean isBehind(int kind) {
    return (kind & BEHIND) != 0;
  }

  static boolean isNegative(int kind) {
    return (kind & NEGATIVE) != 0;
  }

  RegexNode look(int index) {
    return looks.get(index).part();
  }

  private int emit(int operation, int a, int b, int c) {
    if (size > LARGEST) throw new PatternSyntaxException("too many repetitions within each other", source, -1);
    if (size + WIDTH > code.length) code = Arrays.copyOf(code, code.length * 2);
    code[size] = operation;
    code[size + 1] = a;
    code[size + 2] = b;
    code[size + 3] = c;
    size += WIDTH;
    return size - WIDTH;
  }

  private void add(RegexNode node) {
    switch (node) {
      case RegexNode.One(var set) -> emit(ONE, index(set), 0, 0);
      case RegexNode.All(var parts) -> parts.forEach(this::add);
      case RegexNode.Any(var choices) -> addChoices(choices);
      case RegexNode.Repeat repeat -> addRepeat(repeat);
      case RegexNode.At(var anchor) -> emit(AT, anchor.ordinal(), 0, 0);
      case RegexNode.Look look -> {
        looks.add(look);
        int kind = (look.behind() ? BEHIND : 0) | (look.negative() ? NEGATIVE : 0);
        int start = emit(LOOK, 0, kind, looks.size() - 1);
        add(look.part());
        emit(ACCEPT, 0, 0, 0);
        code[start + 1] = size;
      }
      case RegexNode.Atomic(var part) -> addAtomic(part);
    }
  }

  private int index(CharSet set) {
    sets.add(set);
    return sets.size() - 1;
  }

  private void addAtomic(RegexNode part) {
    int start = emit(ATOMIC, 0, 0, 0);
    add(part);
    emit(ACCEPT, 0, 0, 0);
    code[start + 1] = size;
  }

  private void addChoices(List<RegexNode> choices) {
    var ends = new ArrayList<Integer>();
    for (int i = 0; i < choices.size(); i++) {
      if (i == choices.size() - 1) {
        add(choices.get(i));
        continue;
      }
      int split = emit(SPLIT, size + WIDTH, 0, 0);
      add(choices.get(i));
      ends.add(emit(JUMP, 0, 0, 0));
      code[split + 2] = size;
    }
    for (int end : ends) code[end + 1] = size;
  }

  private void addRepeat(RegexNode.Repeat repeat) {
    if (repeat.part() instanceof RegexNode.One(var set)) {
      int operation = switch (repeat.mode()) {
        case GREEDY -> GREEDY;
        case LAZY -> LAZY;
        case POSSESSIVE -> POSSESSIVE;
      };
      emit(operation, index(set), repeat.least(), repeat.most());
      return;
    }
    if (repeat.mode() == Mode.POSSESSIVE) {
      addAtomic(new RegexNode.Repeat(repeat.part(), repeat.least(), repeat.most(), Mode.GREEDY));
      return;
    }
    for (int i = 0; i < repeat.least(); i++) add(repeat.part());
    boolean lazy = repeat.mode() == Mode.LAZY;
    if (repeat.most() == RegexNode.UNBOUNDED) {
      addLoop(repeat.part(), lazy);
      return;
    }
    var splits = new ArrayList<Integer>();
    for (int i = repeat.least(); i < repeat.most(); i++) {
      splits.add(emit(SPLIT, 0, 0, 0));
      add(repeat.part());
    }
    for (int split : splits) branch(split, split + WIDTH, size, lazy);
  }

  private void addLoop(RegexNode part, boolean lazy) {
    int split = emit(SPLIT, 0, 0, 0);
    // A round that matches nothing would go round for ever.
    boolean mayBeEmpty = part.least() == 0;
    int mark = marks;
    if (mayBeEmpty) emit(MARK, marks++, 0, 0);
    add(part);
    int check = mayBeEmpty ? emit(CHECK, mark, 0, 0) : -1;
    emit(JUMP, split, 0, 0);
    branch(split, split + WIDTH, size, lazy);
    if (check >= 0) code[check + 2] = size;
  }

  private void branch(int split, int in, int out, boolean lazy) {
    code[split + 1] = lazy ? out : in;
    code[split + 2] = lazy ? in : out;
  }
}
