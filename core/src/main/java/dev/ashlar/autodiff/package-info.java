/** Transformations of graphs: derivatives, batching over examples, rematerialisation. */
@NullMarked
package dev.ashlar.autodiff;

import org.jspecify.annotations.NullMarked;
