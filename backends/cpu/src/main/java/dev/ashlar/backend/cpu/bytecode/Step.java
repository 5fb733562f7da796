package dev.ashlar.backend.cpu.bytecode;

import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Statement;
import java.util.List;

/** What the driver of a kernel does: integers, control flow, calls of units. */
sealed interface Step {

  /** A statement about INDEX values alone: Let, Assign, StoreIndex. */
  record Integers(Statement statement) implements Step {}

  /** A loop that stays in the driver; with {@code full} only whole steps below {@code to} are taken. */
  record Loop(Local index, Local from, Local to, long step, boolean full, List<Step> body) implements Step {}

  /** The last, incomplete group of a vector loop: the body runs if there is one, and knows its length. */
  record Tail(Statement.VectorLoop loop, List<Step> body) implements Step {}

  record Branch(Statement.If branch, List<Step> then, List<Step> otherwise) implements Step {}

  /** Calls a unit without a loop. */
  record Call(Unit unit) implements Step {}

  /** Calls a unit that loops: index = from, from + step, .. below {@code to}; whole steps only if full. */
  record Repeat(Unit unit, Local from, Local to, long step, boolean full) implements Step {}

  /** A vector loop in another order; group by group where memory overlaps so that the order would show. */
  record Streamed(Streams streams, Statement.VectorLoop loop, List<Step> apart, List<Step> otherwise)
      implements Step {}
}
