/**
 * Matrix products on kernels of our own: C = A B, or C += A B, with any strides of A and B.
 *
 * <p>Every element of C is one chain of fused multiply-adds over k in ascending order, kept in C between
 * blocks of k. So its bits depend on A and B alone: not on tiles, blocks, strides, the vector width or the
 * number of threads.
 */
@NullMarked
package dev.ashlar.backend.cpu.gemm;

import org.jspecify.annotations.NullMarked;
