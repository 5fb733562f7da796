package dev.ashlar.backend.cpu.bytecode;

/** Knows how large the method of a unit would be. */
interface UnitSize {

  /** Whether every compiler of the JVM can compile it. */
  boolean fits(Unit unit);
}
