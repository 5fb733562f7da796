package dev.ashlar.bench;

import dev.ashlar.program.Backend;

/**
 * Something to be timed, built from public layers and optimizers.
 *
 * @param name as in the peer's benchmark
 * @param what one line on shapes and kind
 * @param flops multiplications and additions of one run; 0 where memory is the limit
 * @param bytes fewest bytes that one run moves; 0 where arithmetic is the limit
 * @param setup compiles it and makes its inputs
 */
record Workload(String name, String what, double flops, double bytes, Setup setup) {

  /** Makes a workload ready. */
  @FunctionalInterface
  interface Setup {
    /** Compiles on a backend, draws inputs and first weights. */
    Prepared prepare(Backend backend);
  }

  /** A workload that is ready to run. */
  interface Prepared extends AutoCloseable {
    /** Runs once. */
    void run();

    @Override
    void close();
  }
}
