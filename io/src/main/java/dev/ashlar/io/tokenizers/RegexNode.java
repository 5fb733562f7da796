package dev.ashlar.io.tokenizers;

import java.util.List;

/** A part of a regular expression. */
sealed interface RegexNode {
  /** No bound. */
  int UNBOUNDED = Integer.MAX_VALUE;

  /** How a repetition goes on. */
  enum Mode { GREEDY, LAZY, POSSESSIVE }

  /** Where nothing is matched but a place. */
  enum Anchor { LINE_BEGIN, LINE_END, TEXT_BEGIN, TEXT_END, TEXT_END_OR_LAST_LINE, WORD_BORDER, NO_WORD_BORDER }

  /** One character. */
  record One(CharSet set) implements RegexNode {}

  /** One after the other. */
  record All(List<RegexNode> parts) implements RegexNode {}

  /** The first that leads to a match. */
  record Any(List<RegexNode> choices) implements RegexNode {}

  /** So many times. */
  record Repeat(RegexNode part, int least, int most, Mode mode) implements RegexNode {}

  /** A place. */
  record At(Anchor anchor) implements RegexNode {}

  /** What stands ahead or behind, or must not. */
  record Look(RegexNode part, boolean behind, boolean negative) implements RegexNode {}

  /** Once matched, never tried in another way. */
  record Atomic(RegexNode part) implements RegexNode {}

  /** The least number of characters that it matches. */
  default int least() {
    return (int) Math.min(UNBOUNDED, switch (this) {
      case One _ -> 1L;
      case All(var parts) -> parts.stream().mapToLong(RegexNode::least).sum();
      case Any(var choices) -> choices.stream().mapToInt(RegexNode::least).min().orElse(0);
      case Repeat r -> (long) r.least * r.part.least();
      case At _, Look _ -> 0L;
      case Atomic(var part) -> part.least();
    });
  }

  /** The greatest number of characters that it matches. */
  default int most() {
    return (int) Math.min(UNBOUNDED, switch (this) {
      case One _ -> 1L;
      case All(var parts) -> parts.stream().mapToLong(RegexNode::most).sum();
      case Any(var choices) -> choices.stream().mapToInt(RegexNode::most).max().orElse(0);
      case Repeat r -> (long) r.most * r.part.most();
      case At _, Look _ -> 0L;
      case Atomic(var part) -> part.most();
    });
  }
}
