/** Functions of a tensor without parameters. */
@NullMarked
package dev.ashlar.layers.activations;

import org.jspecify.annotations.NullMarked;
