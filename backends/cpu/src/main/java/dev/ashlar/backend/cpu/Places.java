package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.Slot;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Where the memory of a plan lies; in a loop, elsewhere at each step. */
interface Places {

  /** Where a slot lies now. */
  MemorySegment at(Slot slot);

  /** Does what depends on where slots lie: now, and again whenever one of them has moved. */
  void bind(List<Slot> slots, Runnable binding);

  /** Whether a slot lies elsewhere at other times. */
  boolean isMoving(Slot slot);
}
