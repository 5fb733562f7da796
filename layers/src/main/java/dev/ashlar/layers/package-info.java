/**
 * Layers: records whose components are their configuration. Images are [batch, channels, height, width],
 * sequences [batch, time, features].
 */
@NullMarked
package dev.ashlar.layers;

import org.jspecify.annotations.NullMarked;
