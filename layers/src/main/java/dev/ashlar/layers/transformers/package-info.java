/** Positions in sequences, and what attention keeps of them while decoding. */
@NullMarked
package dev.ashlar.layers.transformers;

import org.jspecify.annotations.NullMarked;
