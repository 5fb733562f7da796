/** Examples to learn from: sources that plug-ins contribute, and sets of examples that they open. */
@NullMarked
package dev.ashlar.data;

import org.jspecify.annotations.NullMarked;
