/** Examples to learn from: sources that plug-ins contribute, and sets of examples that they open. */
@NullMarked
@Stable
package dev.ashlar.data;

import dev.ashlar.api.Stable;
import org.jspecify.annotations.NullMarked;
