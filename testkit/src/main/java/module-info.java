/** Contracts that the author of a plug-in applies to a component, as JUnit tests. */
module dev.ashlar.testkit {
  requires static org.jspecify;
  requires transitive dev.ashlar.core;
  requires transitive org.junit.jupiter.api;
  requires jdk.management;

  exports dev.ashlar.testkit;
}
