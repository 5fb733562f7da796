/** Callbacks that come with the trainer, as any plug-in could bring them. */
@NullMarked
package dev.ashlar.training.callbacks;

import org.jspecify.annotations.NullMarked;
