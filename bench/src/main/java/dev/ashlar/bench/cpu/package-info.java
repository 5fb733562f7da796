/**
 * Speed of the kernels of the CPU backend by themselves: the peak, products, element-wise and row
 * kernels.
 */
@NullMarked
package dev.ashlar.bench.cpu;

import org.jspecify.annotations.NullMarked;
