/**
 * Programs: computations compiled by a backend, the variables that they read and update, and the
 * memory that they run in.
 */
@NullMarked
package dev.ashlar.program;

import org.jspecify.annotations.NullMarked;
