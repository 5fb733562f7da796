/** The CPU backend: from graphs to kernels, as machine code or bytecode. */
@SuppressWarnings("module") // dev.ashlar.bench is compiled later
module dev.ashlar.backend.cpu {
  requires static org.jspecify;
  requires transitive dev.ashlar.core;
  requires org.slf4j;

  exports dev.ashlar.backend.cpu;
  // For the benchmarks of kernels; not part of the compatibility promise.
  exports dev.ashlar.backend.cpu.bytecode to dev.ashlar.bench;
  exports dev.ashlar.backend.cpu.gemm to dev.ashlar.bench;
  exports dev.ashlar.backend.cpu.kernel to dev.ashlar.bench;
  exports dev.ashlar.backend.cpu.machine to dev.ashlar.bench;
  exports dev.ashlar.backend.cpu.x86 to dev.ashlar.bench;

  provides dev.ashlar.plugin.Plugin with dev.ashlar.backend.cpu.CpuPlugin;
}
