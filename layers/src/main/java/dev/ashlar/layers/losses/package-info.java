/** What training makes small. */
@NullMarked
package dev.ashlar.layers.losses;

import org.jspecify.annotations.NullMarked;
