/**
 * Machine code for kernels: x86-64 with AVX-512 or AVX2.
 *
 * <p>A kernel is lowered to instructions over virtual registers ({@code Lowering} and its helpers), registers
 * are assigned by a linear scan that rewrites what does not fit ({@code Allocator}, {@code Spiller}), and the
 * assembler writes the bytes ({@code Encoder}). Code checks nothing: a kernel that leaves its buffers ends
 * the process, so a checked mode must use another emitter.
 */
@NullMarked
package dev.ashlar.backend.cpu.machine;

import org.jspecify.annotations.NullMarked;
