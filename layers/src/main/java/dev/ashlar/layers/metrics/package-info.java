/** Measures of quality. */
@NullMarked
package dev.ashlar.layers.metrics;

import org.jspecify.annotations.NullMarked;
