/** How long what is public stays as it is. */
@NullMarked
package dev.ashlar.api;

import org.jspecify.annotations.NullMarked;
