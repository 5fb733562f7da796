/** Makes the documentation site. */
@NullMarked
package dev.ashlar.site;

import org.jspecify.annotations.NullMarked;
