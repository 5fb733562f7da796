/** Several values joined into one, and models whose parts take what they need by name. */
@NullMarked
package dev.ashlar.layers.joining;

import org.jspecify.annotations.NullMarked;
