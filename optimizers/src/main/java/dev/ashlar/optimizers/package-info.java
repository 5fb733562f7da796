/**
 * Optimizers and transformations of gradients, with the formulas of their papers and PyTorch's order of
 * operations.
 */
@NullMarked
package dev.ashlar.optimizers;

import org.jspecify.annotations.NullMarked;
