/** Callbacks that come with the trainer, as any plug-in could bring them. */
@Experimental(since = "0.1")
@NullMarked
package dev.ashlar.training.callbacks;

import dev.ashlar.api.Experimental;
import org.jspecify.annotations.NullMarked;
