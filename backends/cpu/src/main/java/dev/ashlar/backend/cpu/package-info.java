/**
 * The CPU backend: compiles computations to kernels generated for the graph at hand, in pure Java.
 */
@NullMarked
package dev.ashlar.backend.cpu;

import org.jspecify.annotations.NullMarked;
