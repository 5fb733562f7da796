package dev.ashlar.backend.cpu.gemm;

import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import org.jspecify.annotations.Nullable;

/** What is done to elements of C before they are stored for the last time, while they are in registers. */
public interface Epilogue {

  /** Nothing. */
  Epilogue NONE = new Epilogue() {};

  /**
   * Declares further parameters, behind those of the product; called once for each kernel.
   *
   * @return the fragment that uses them
   */
  default Fragment declare(KernelBuilder builder) {
    return (b, place, value) -> value;
  }

  /** Appends operations on 16 neighbouring elements of a row of C and returns what is to be stored. */
  @FunctionalInterface
  interface Fragment {
    /** The new value. */
    Local apply(KernelBuilder builder, Place place, Local value);
  }

  /**
   * Where the 16 elements are.
   *
   * @param row INDEX, of C
   * @param column INDEX of the first, of C
   * @param mask the lanes that exist, or null for all
   */
  record Place(Local row, Local column, @Nullable Local mask) {}
}
