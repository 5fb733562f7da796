package dev.ashlar.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Looks for NaN in what a step wrote.
 *
 * @param data f32 numbers
 */
record Inspection(String program, String label, String origin, MemorySegment data) {

  /**
   * Looks through all of it.
   *
   * @throws ArithmeticException if there is a NaN: names the program, the operation and the part of the model
   */
  void check() {
    long count = data.byteSize() / Float.BYTES;
    for (long i = 0; i < count; i++) {
      if (Float.isNaN(data.getAtIndex(ValueLayout.JAVA_FLOAT, i))) {
        throw new ArithmeticException("program '" + program + "': " + label + (origin.isEmpty() ? ""
            : " of " + origin)
            + " made NaN at element " + i + " of " + count);
      }
    }
  }
}
