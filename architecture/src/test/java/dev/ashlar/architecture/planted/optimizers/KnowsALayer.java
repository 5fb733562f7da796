package dev.ashlar.architecture.planted.optimizers;

import dev.ashlar.architecture.planted.layers.KnowsAnOptimizer;

/** Planted: the other half of the cycle. */
public class KnowsALayer {
  KnowsAnOptimizer other;
}
