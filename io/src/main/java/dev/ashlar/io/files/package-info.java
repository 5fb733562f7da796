/** Writing files so that none is ever half-written, and saying what is wrong with a file. */
@NullMarked
package dev.ashlar.io.files;

import org.jspecify.annotations.NullMarked;
