package dev.ashlar.backend.cpu.kernel;

/**
 * Turns kernels into something that runs. All emitters give the same bits as {@link Interpreter} (payload and
 * sign of a NaN aside).
 */
public interface Emitter {

  /** Compiles a kernel; callers keep the result for equal kernels. */
  CompiledKernel compile(Kernel kernel);

  /** For logs and reports, such as "machine code, AVX-512" or "bytecode, Vector API, 512 bits". */
  String description();
}
