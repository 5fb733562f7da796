package dev.ashlar.backend.cpu.kernel;

/** What loads and stores refer to. Offsets into it count elements, not bytes. */
public sealed interface Memory permits Parameter.Buffer, Memory.Scratch {

  /** For readers. */
  String name();

  /** Type of its elements. */
  Element element();

  /**
   * Working memory of one run of a kernel, 64-byte aligned; contents at the start of a run are undefined.
   *
   * @param number position among the scratch of the kernel, from 0
   * @param size in elements; at most 64 KiB in all
   */
  record Scratch(int number, String name, Element element, int size) implements Memory {

    /** Largest allowed size in bytes, so that it can lie on the stack. */
    public static final int MAX_BYTES = 1 << 16;

    public Scratch {
      if (size <= 0 || (long) size * element.bytes() > MAX_BYTES) {
        throw new IllegalArgumentException(
            "scratch " + name + ": size " + size + " of " + element + " not in 1 .. 64 KiB");
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
