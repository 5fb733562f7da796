/** Event files, as TensorBoard reads them. */
@NullMarked
package dev.ashlar.io.events;

import org.jspecify.annotations.NullMarked;
