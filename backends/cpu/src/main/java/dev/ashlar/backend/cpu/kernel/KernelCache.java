package dev.ashlar.backend.cpu.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiles each structure once. Safe for use by several threads. */
public final class KernelCache implements KernelCompiler {

  private final KernelCompiler compiler;
  private final Map<Kernel, CompiledKernel> compiled = new ConcurrentHashMap<>();

  /** Remembers what this compiler made. */
  public KernelCache(KernelCompiler compiler) {
    this.compiler = compiler;
  }

  @Override
  public CompiledKernel compile(Kernel kernel) {
    return compiled.computeIfAbsent(kernel, compiler::compile);
  }

  /** Number of structures compiled so far. */
  public long compiled() {
    return compiled.size();
  }
}
