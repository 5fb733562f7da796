/** The command line: a thin front over {@link dev.ashlar.runtime}. */
@NullMarked
package dev.ashlar.cli;

import org.jspecify.annotations.NullMarked;
