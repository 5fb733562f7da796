/** Images in folders, one folder for each class. */
@NullMarked
package dev.ashlar.io.images;

import org.jspecify.annotations.NullMarked;
