package dev.ashlar.architecture.planted.layers;

import dev.ashlar.architecture.planted.optimizers.KnowsALayer;

/** Planted: a plug-in that names another, in a cycle. */
public class KnowsAnOptimizer {
  KnowsALayer other = new KnowsALayer();
}
