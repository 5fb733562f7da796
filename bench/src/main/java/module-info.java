/** Workloads behind {@code ashlar bench}, and benchmarks of kernels. */
module dev.ashlar.bench {
  requires static org.jspecify;
  requires static jmh.core;
  requires dev.ashlar.backend.cpu;
  requires dev.ashlar.cli;
  requires dev.ashlar.layers;
  requires dev.ashlar.optimizers;
  requires dev.ashlar.runtime;
  requires dev.ashlar.training;
  requires java.management;
  requires jdk.management;

  opens dev.ashlar.bench to info.picocli;

  provides dev.ashlar.cli.Subcommand with dev.ashlar.bench.BenchCommand;
}
