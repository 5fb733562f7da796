/** What layers ask of the shapes that they are given, and how windows move over them. */
@NullMarked
package dev.ashlar.layers.shapes;

import org.jspecify.annotations.NullMarked;
