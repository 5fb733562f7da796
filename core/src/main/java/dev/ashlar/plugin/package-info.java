/** How other jars add to Ashlar: a plug-in, and the registry that finds them. */
@NullMarked
@Stable
package dev.ashlar.plugin;

import dev.ashlar.api.Stable;
import org.jspecify.annotations.NullMarked;
