/**
 * Sets of examples: from files ({@code csv}, {@code idx}), made by rule ({@code random}, {@code regression},
 * {@code sequences}), from arrays ({@link dev.ashlar.io.data.Datasets#of}); splitting, and the order of
 * batches.
 */
@NullMarked
package dev.ashlar.io.data;

import org.jspecify.annotations.NullMarked;
