/** Programs that embed Ashlar: no container, no configuration files. */
@NullMarked
package dev.ashlar.examples;

import org.jspecify.annotations.NullMarked;
