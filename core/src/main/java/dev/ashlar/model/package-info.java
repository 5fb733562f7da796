/**
 * What plug-ins implement: layers, losses, metrics, initializers, optimizers, schedules; and the
 * scope that gives them parameters, state and random keys.
 */
@NullMarked
package dev.ashlar.model;

import org.jspecify.annotations.NullMarked;
