/** Training, evaluation and prediction, for applications to embed. */
module dev.ashlar.training {
  requires static transitive org.jspecify;
  requires transitive dev.ashlar.core;
  requires transitive dev.ashlar.io;
  requires jdk.management;
  requires org.slf4j;

  exports dev.ashlar.training;

  uses dev.ashlar.plugin.Plugin;
}
