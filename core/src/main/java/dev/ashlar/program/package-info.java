/**
 * Programs: computations compiled by a backend, the variables that they read and update, and the
 * memory that they run in.
 */
@NullMarked
@Stable
package dev.ashlar.program;

import dev.ashlar.api.Stable;
import org.jspecify.annotations.NullMarked;
