package dev.ashlar.backend.cpu.kernel;

/** Which element belongs to which lane, counted from the offset of a load or store. */
public sealed interface Access {

  /** Strides must be smaller: the distances of 16 lanes then fit 32 bits. */
  long STRIDE_LIMIT = 1L << 27;

  /** Lane l is element l. */
  record Contiguous() implements Access {}

  /** One element: a load puts it into all lanes, a store takes lane 0. Not subject to the mask of a tail. */
  record Single() implements Access {}

  /**
   * Lane l is element l * stride.
   *
   * @param stride INDEX, in elements, of any sign; its magnitude is below {@link #STRIDE_LIMIT}
   */
  record Strided(Local stride) implements Access {
    public Strided {
      Check.type(stride, Type.INDEX, "stride");
    }
  }

  /**
   * Lane l is element lanes[l]. Loads only.
   *
   * @param lanes I32, in elements
   */
  record Gather(Local lanes) implements Access {
    public Gather {
      Check.type(lanes, Type.I32, "lanes of a gather");
    }
  }
}
