/** The command line. */
module dev.ashlar.cli {
  requires static org.jspecify;
  requires transitive dev.ashlar.runtime;
  requires transitive info.picocli;
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires org.slf4j;
  /* Signals. */
  requires jdk.unsupported;

  exports dev.ashlar.cli;

  opens dev.ashlar.cli to info.picocli;

  uses dev.ashlar.cli.Subcommand;

  provides ch.qos.logback.classic.spi.Configurator with dev.ashlar.cli.QuietLogging;
}
