/**
 * The kernel language: what a kernel does, said once, for every emitter.
 *
 * <p>A {@link dev.ashlar.backend.cpu.kernel.Kernel} is a list of typed parameters and a structured body over
 * {@linkplain dev.ashlar.backend.cpu.kernel.Local locals}: long index arithmetic, counted loops, and vectors
 * of always sixteen lanes. A lane is a 32-bit float, a 32-bit integer, or a truth value. Because the number
 * of lanes is part of the language and every operation is exact or correctly rounded, a kernel gives the same
 * bits on any vector width and from any emitter. {@link dev.ashlar.backend.cpu.kernel.Interpreter} says what
 * each construct means.
 */
@NullMarked
package dev.ashlar.backend.cpu.kernel;

import org.jspecify.annotations.NullMarked;
