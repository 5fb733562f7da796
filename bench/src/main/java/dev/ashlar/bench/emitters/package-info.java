/** Kernels by themselves: what each emitter makes of them. */
@NullMarked
package dev.ashlar.bench.emitters;

import org.jspecify.annotations.NullMarked;
