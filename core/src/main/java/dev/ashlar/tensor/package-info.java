/**
 * Symbolic tensors: shapes, operations, graphs, and host arrays.
 *
 * <p>Calling the methods of {@link dev.ashlar.tensor.Tensor} builds a graph of {@link
 * dev.ashlar.tensor.Op operations}; nothing is computed until a backend compiles and runs it.
 */
@NullMarked
package dev.ashlar.tensor;

import org.jspecify.annotations.NullMarked;
