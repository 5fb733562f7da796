package dev.ashlar.backend.cpu;

/** How kernels are made to run. All give the same bits. */
public enum Emission {
  /** The fastest that works here. */
  AUTO,
  /** Machine code; needs native access and a processor that it knows. */
  MACHINE,
  /** Bytecode over the Vector API. */
  BYTECODE,
  /** Slowly and obviously, every access checked. */
  INTERPRETER
}
