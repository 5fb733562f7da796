/** Layers, activations, initializers, losses and metrics. */
module dev.ashlar.layers {
  requires static org.jspecify;
  requires transitive dev.ashlar.core;

  exports dev.ashlar.layers;
  exports dev.ashlar.layers.activations;
  exports dev.ashlar.layers.initializers;
  exports dev.ashlar.layers.losses;
  exports dev.ashlar.layers.metrics;

  provides dev.ashlar.plugin.Plugin with dev.ashlar.layers.LayersPlugin;
}
