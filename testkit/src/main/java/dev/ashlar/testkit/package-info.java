/**
 * What the author of a plug-in tests with: contracts that a few lines of a test class apply to a component.
 */
@NullMarked
package dev.ashlar.testkit;

import org.jspecify.annotations.NullMarked;
