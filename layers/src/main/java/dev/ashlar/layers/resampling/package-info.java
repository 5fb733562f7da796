/** Sequences and images of other extents: padded, enlarged, resized. */
@NullMarked
package dev.ashlar.layers.resampling;

import org.jspecify.annotations.NullMarked;
