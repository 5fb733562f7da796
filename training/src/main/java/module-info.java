/** Training, evaluation and prediction, for applications to embed. */
module dev.ashlar.training {
  requires static transitive org.jspecify;
  requires transitive dev.ashlar.core;
  requires transitive dev.ashlar.io;
  requires jdk.management;
  requires org.slf4j;

  exports dev.ashlar.training;
  exports dev.ashlar.training.callbacks;

  uses dev.ashlar.plugin.Plugin;

  provides dev.ashlar.plugin.Plugin with dev.ashlar.training.callbacks.CallbacksPlugin;
}
