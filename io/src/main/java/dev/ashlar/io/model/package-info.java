/**
 * A model as one file: a safetensors file whose metadata holds architecture, transforms, signature and
 * plug-ins as JSON under names that begin with {@code ashlar.}. Any reader of safetensors opens it; nothing
 * in it is executed.
 */
@NullMarked
package dev.ashlar.io.model;

import org.jspecify.annotations.NullMarked;
