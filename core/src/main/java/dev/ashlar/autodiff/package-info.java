/** Transformations of graphs: derivatives, batching over examples, rematerialisation. */
@Experimental(since = "0.1")
@NullMarked
package dev.ashlar.autodiff;

import dev.ashlar.api.Experimental;
import org.jspecify.annotations.NullMarked;
