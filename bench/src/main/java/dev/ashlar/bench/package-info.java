/** The workloads behind {@code ashlar bench}, and benchmarks of kernels. */
@NullMarked
package dev.ashlar.bench;

import org.jspecify.annotations.NullMarked;
