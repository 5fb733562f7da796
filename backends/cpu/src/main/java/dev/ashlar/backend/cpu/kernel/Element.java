package dev.ashlar.backend.cpu.kernel;

/** Type of an element in memory, and the type of lane it becomes when loaded. */
public enum Element {
  /** Loaded and stored as it is. */
  F32(4, Type.F32),
  /** Half precision; widened when loaded, rounded to nearest even when stored. */
  F16(2, Type.F32),
  /** Upper half of an F32; widened when loaded, rounded to nearest even when stored. */
  BF16(2, Type.F32),
  /** Loaded and stored as it is. */
  I32(4, Type.I32),
  /** Sign-extended when loaded; the low 8 bits are stored. */
  I8(1, Type.I32),
  /** Zero-extended when loaded; the low 8 bits are stored. */
  U8(1, Type.I32),
  /** Any byte but 0 is true; 0 or 1 is stored. */
  BOOL(1, Type.MASK),
  /** Only for {@link Expr.IndexLoad} and {@link Statement.StoreIndex}. */
  I64(8, Type.INDEX);

  private final int bytes;
  private final Type type;

  Element(int bytes, Type type) {
    this.bytes = bytes;
    this.type = type;
  }

  /** Size in memory. */
  public int bytes() {
    return bytes;
  }

  /** Type of a local that holds loaded elements. */
  public Type type() {
    return type;
  }

  /** Whether an element can be loaded as one INDEX. */
  public boolean isIndex() {
    return this == I64 || type == Type.I32;
  }
}
