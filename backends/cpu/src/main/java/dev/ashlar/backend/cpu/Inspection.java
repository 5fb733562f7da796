package dev.ashlar.backend.cpu;

import dev.ashlar.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Supplier;

/**
 * Looks for NaN in what a step wrote.
 *
 * @param dtype of its elements: f32, f16 or bf16
 * @param memory where its elements lie now
 */
record Inspection(String program, String label, String origin, DType dtype, Supplier<MemorySegment> memory) {

  /**
   * Looks through all of it.
   *
   * @throws ArithmeticException if there is a NaN: names the program, the operation and the part of the model
   */
  void check() {
    MemorySegment data = memory.get();
    long count = data.byteSize() / dtype.bytes();
    for (long i = 0; i < count; i++) {
      if (Float.isNaN(element(data, i))) {
        throw new ArithmeticException("program '" + program + "': " + label + (origin.isEmpty() ? ""
            : " of " + origin)
            + " made NaN at element " + i + " of " + count);
      }
    }
  }

  private float element(MemorySegment data, long index) {
    return switch (dtype) {
      case F32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      case F16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, index));
      case BF16 -> Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, index) << Short.SIZE);
      case F64, I64, I32, I8, U8, BOOL -> throw new IllegalStateException("nothing to look for in " + dtype);
    };
  }
}
