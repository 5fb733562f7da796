/**
 * From a computation to a plan: canonical graph, fusion groups, kernels, memory, schedule.
 *
 * <p>Every tensor inside a kernel is evaluated at a {@linkplain dev.ashlar.backend.cpu.compiler.Form linear
 * form} over the axes of the kernel's loops, so movement operations are arithmetic on forms and never copies.
 * No pass changes a bit of a result: the order of a reduction follows from the reduced extents alone.
 */
@NullMarked
package dev.ashlar.backend.cpu.compiler;

import org.jspecify.annotations.NullMarked;
