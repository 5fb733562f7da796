/** What this module adds by name: data sources and transforms. */
@NullMarked
package dev.ashlar.io;

import org.jspecify.annotations.NullMarked;
