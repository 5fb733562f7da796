/**
 * Machine code for x86-64 without a native library: an {@link dev.ashlar.backend.cpu.x86.Assembler} for the
 * instructions that kernels need, memory to run the code from, and what the processor at hand can do.
 *
 * <p>Encodings follow the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2; the tests
 * compare them byte for byte with GNU binutils.
 */
@NullMarked
package dev.ashlar.backend.cpu.x86;

import org.jspecify.annotations.NullMarked;
