/**
 * What plug-ins implement: layers, losses, metrics, initializers, optimizers, schedules; and the
 * scope that gives them parameters, state and random keys.
 */
@NullMarked
@Stable
package dev.ashlar.model;

import dev.ashlar.api.Stable;
import org.jspecify.annotations.NullMarked;
