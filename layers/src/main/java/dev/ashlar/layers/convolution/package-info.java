/** Filters moved over sequences and images. */
@NullMarked
package dev.ashlar.layers.convolution;

import org.jspecify.annotations.NullMarked;
