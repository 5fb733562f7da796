/** How parameters start. */
@NullMarked
package dev.ashlar.layers.initializers;

import org.jspecify.annotations.NullMarked;
