/** Windows of sequences and images made one number each. */
@NullMarked
package dev.ashlar.layers.pooling;

import org.jspecify.annotations.NullMarked;
