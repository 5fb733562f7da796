package dev.ashlar.backend.cpu.kernel;

/**
 * What a kernel is called with. Emitters that call by address pass one block of 64-bit words, one for each
 * parameter in order: the address of a buffer, an INDEX, or an F32 or I32 in the low four bytes.
 */
public sealed interface Parameter {

  /** Place in the list of parameters, from 0. */
  int position();

  /** For readers. */
  String name();

  /**
   * A region of memory. Two buffers of a call may overlap; loads and stores then happen in program order.
   *
   * @param element type of its elements; the address need not be aligned to it
   */
  record Buffer(int position, String name, Element element) implements Parameter, Memory {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A number.
   *
   * @param local holds it; an F32 or I32 is in all lanes
   */
  record Scalar(int position, String name, Local local) implements Parameter {
    public Scalar {
      if (local.type() == Type.MASK || local.mutable()) {
        throw new IllegalArgumentException("parameter " + name + " cannot be " + local);
      }
    }
  }
}
