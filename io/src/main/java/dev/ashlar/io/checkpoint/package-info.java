/** Checkpoints: folders whose files are whole, or are found out not to be. */
@NullMarked
package dev.ashlar.io.checkpoint;

import org.jspecify.annotations.NullMarked;
