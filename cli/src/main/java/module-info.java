/** The command line. */
module dev.ashlar.cli {
  requires static org.jspecify;
  requires transitive dev.ashlar.runtime;
  requires transitive info.picocli;

  exports dev.ashlar.cli;

  opens dev.ashlar.cli to info.picocli;

  uses dev.ashlar.cli.Subcommand;
}
