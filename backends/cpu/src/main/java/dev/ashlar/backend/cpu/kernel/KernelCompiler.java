package dev.ashlar.backend.cpu.kernel;

/** Makes kernels run: an emitter, or the interpreter. */
@FunctionalInterface
public interface KernelCompiler {

  /** Readies a kernel. Equal kernels may give the same result. */
  CompiledKernel compile(Kernel kernel);

  /** The interpreter as a compiler. */
  static KernelCompiler interpreter() {
    return kernel -> arguments -> Interpreter.run(kernel, arguments);
  }
}
