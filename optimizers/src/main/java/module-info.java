/** Optimizers, transforms of gradients, and schedules. */
module dev.ashlar.optimizers {
  requires static org.jspecify;
  requires transitive dev.ashlar.core;

  exports dev.ashlar.optimizers;
  exports dev.ashlar.optimizers.schedules;

  provides dev.ashlar.plugin.Plugin with dev.ashlar.optimizers.OptimizersPlugin;
}
