/** Strict parsing of JSON; not exported, so that the library behind it stays a detail. */
@NullMarked
package dev.ashlar.io.jackson;

import org.jspecify.annotations.NullMarked;
