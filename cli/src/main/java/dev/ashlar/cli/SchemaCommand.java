package dev.ashlar.cli;

import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.json.Json;
import dev.ashlar.runtime.Configuration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ashlar schema}. */
@Command(name = "schema", mixinStandardHelpOptions = true,
    description = "Prints a JSON Schema of configurations, with the names of all plug-ins at hand: for completion and"
        + " checks in editors.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar schema --output ashlar.schema.json",
        "  # then, as the first line of a configuration, for editors with a YAML language server:",
        "  # yaml-language-server: $schema=ashlar.schema.json"})
final class SchemaCommand implements Callable<Integer> {

  @Option(names = "--output", paramLabel = "FILE", description = "where it goes; default: standard output")
  private @Nullable Path output;

  @Mixin
  private Looking common = new Looking();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    String schema = Json.writeIndented(Configuration.schema(common.runs().plugins()));
    if (output == null) {
      out.print(schema);
    } else {
      AtomicFiles.write(output, schema);
      out.println("schema: " + output);
    }
    return 0;
  }
}
