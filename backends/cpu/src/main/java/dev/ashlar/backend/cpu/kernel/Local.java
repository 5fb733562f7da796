package dev.ashlar.backend.cpu.kernel;

/**
 * A named value: defined once by {@link Statement.Let}, a loop or a parameter, and visible to the end of the
 * block that defines it. A mutable one may be assigned again by {@link Statement.Assign}; a use sees the
 * value that it has at that moment.
 *
 * @param id number, unique in a kernel
 * @param type what it holds
 * @param mutable whether it may be assigned after its definition
 */
public record Local(int id, Type type, boolean mutable) {

  @Override
  public String toString() {
    return (mutable ? "$" : "%") + type.prefix() + id;
  }
}
