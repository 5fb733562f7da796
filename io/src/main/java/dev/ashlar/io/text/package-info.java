/** Text as numbers, and how a model learnt to read it. */
@NullMarked
package dev.ashlar.io.text;

import org.jspecify.annotations.NullMarked;
