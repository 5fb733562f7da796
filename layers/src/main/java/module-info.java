/** Layers, activations, initializers, losses and metrics. */
module dev.ashlar.layers {
  requires static org.jspecify;
  requires transitive dev.ashlar.core;

  exports dev.ashlar.layers;
  exports dev.ashlar.layers.activations;
  exports dev.ashlar.layers.convolution;
  exports dev.ashlar.layers.initializers;
  exports dev.ashlar.layers.joining;
  exports dev.ashlar.layers.losses;
  exports dev.ashlar.layers.metrics;
  exports dev.ashlar.layers.pooling;
  exports dev.ashlar.layers.resampling;
  exports dev.ashlar.layers.shapes;
  exports dev.ashlar.layers.transformers;

  provides dev.ashlar.plugin.Plugin with dev.ashlar.layers.LayersPlugin;
}
