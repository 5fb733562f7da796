/** Parts of transformers: attention of every usual form, positions, gated feed-forward layers. */
@NullMarked
package dev.ashlar.layers.transformers;

import org.jspecify.annotations.NullMarked;
