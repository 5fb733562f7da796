/** Running Ashlar from configurations. */
module dev.ashlar.runtime {
  requires static transitive org.jspecify;
  requires transitive dev.ashlar.core;
  requires transitive dev.ashlar.training;
  requires transitive dev.ashlar.io;
  requires java.management;
  requires org.slf4j;
  requires org.snakeyaml.engine;
  requires jdk.httpserver;
  requires static com.google.guice;

  exports dev.ashlar.runtime;
  exports dev.ashlar.runtime.report;

  uses dev.ashlar.plugin.Plugin;
}
