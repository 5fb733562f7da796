package dev.ashlar.backend.cpu;

/** How kernels are made to run. All give the same bits. */
public enum Emission {
  /** The fastest that works here. */
  AUTO,
  /** Machine code of the widest kind that the processor has; needs native access. */
  MACHINE,
  /** Machine code without AVX-512. */
  MACHINE_AVX2,
  /** Bytecode over the Vector API, or plain where that is not there. */
  BYTECODE,
  /** Bytecode without vectors. */
  BYTECODE_PLAIN,
  /** Slowly and obviously, every access checked. */
  INTERPRETER
}
