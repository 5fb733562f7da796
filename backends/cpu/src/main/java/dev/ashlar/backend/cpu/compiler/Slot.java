package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Memory of a program, before it has an address. Equality is identity. */
public final class Slot {

  /** Where the memory comes from. */
  public enum Kind {
    /** The caller writes it. */
    ARGUMENT,
    /** The caller reads it. */
    RESULT,
    /** In a store; lasts between runs. */
    VARIABLE,
    /** Fixed values. */
    CONSTANT,
    /** For a part of a run; shares its place with others. */
    TEMPORARY
  }

  /** No memory at all. */
  public static final Slot NONE = new Slot(Kind.TEMPORARY, "none", 0, null);

  private final Kind kind;
  private final String name;
  private final long bytes;
  private final @Nullable NDArray constant;
  private @Nullable DType dtype;
  private long offset = -1;

  Slot(Kind kind, String name, long bytes, @Nullable NDArray constant) {
    this.kind = kind;
    this.name = name;
    this.bytes = bytes;
    this.constant = constant;
  }

  static Slot temporary(long bytes) {
    return new Slot(Kind.TEMPORARY, "", bytes, null);
  }

  /** Where the memory comes from. */
  public Kind kind() {
    return kind;
  }

  /** Name of the argument, result or variable. */
  public String name() {
    return name;
  }

  /** Size. */
  public long bytes() {
    return bytes;
  }

  /** The values of a constant. */
  public @Nullable NDArray constant() {
    return constant;
  }

  /** Place in the workspace, in bytes; for constants, in the program's own memory. Not for variables. */
  public long offset() {
    return offset;
  }

  /** What it holds, as far as is known. */
  public Optional<DType> dtype() {
    return Optional.ofNullable(dtype);
  }

  /** Notes what it holds. */
  Slot of(DType type) {
    dtype = type;
    return this;
  }

  void placeAt(long place) {
    offset = place;
  }

  @Override
  public String toString() {
    return kind + " " + name + " " + bytes + " @ " + offset;
  }
}
