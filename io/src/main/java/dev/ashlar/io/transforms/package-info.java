/** Transforms of inputs, saved with the model. */
@NullMarked
package dev.ashlar.io.transforms;

import org.jspecify.annotations.NullMarked;
