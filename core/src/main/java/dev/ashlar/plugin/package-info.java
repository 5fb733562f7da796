/** How other jars add to Ashlar: a plug-in, and the registry that finds them. */
@NullMarked
package dev.ashlar.plugin;

import org.jspecify.annotations.NullMarked;
