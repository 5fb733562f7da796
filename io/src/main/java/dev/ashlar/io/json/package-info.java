/** JSON to value trees and back. */
@NullMarked
package dev.ashlar.io.json;

import org.jspecify.annotations.NullMarked;
