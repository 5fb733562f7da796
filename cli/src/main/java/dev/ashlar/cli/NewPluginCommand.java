package dev.ashlar.cli;

import dev.ashlar.plugin.Registry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ashlar plugins new}. */
@Command(name = "new", mixinStandardHelpOptions = true,
    description = "Writes a Maven project for a plug-in of your own: a layer, an optimizer, and tests.",
    footerHeading = "%nExamples:%n",
    footer = {
        "  ashlar plugins new my-layers --group com.acme",
        "  ashlar plugins new work/plugin --group com.acme --name waves",
        "  cd my-layers && mvn verify"})
final class NewPluginCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "the folder of the project, which is not there yet")
  private Path folder = Path.of("");

  @Option(names = "--group", paramLabel = "GROUP", defaultValue = "com.example",
      description = "the group of the artifact, with which the package begins too; default: ${DEFAULT-VALUE}")
  private String group = "";

  @Option(names = "--name", paramLabel = "NAME",
      description = "what plug-in and artifact are called; default: as the folder is")
  private @Nullable String name;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PluginProject project = project();
    project.writeTo(folder);
    PrintWriter out = spec.commandLine().getOut();
    Screen.print(out, folder + ": plug-in '" + project.name() + "' with the layer 'gated' and the optimizer 'signum',"
        + " in " + project.javaPackage(), "  ");
    out.println("next:");
    out.println("  cd " + folder + " && mvn verify");
    out.println("  ashlar train example.yaml --plugins target");
    return 0;
  }

  private PluginProject project() {
    if (!PluginProject.GROUP.matcher(group).matches()) {
      throw mistake("--group '" + group + "' must be names of packages: lower-case letters, digits and '_', with points"
          + " between, such as com.acme");
    }
    String keyword = PluginProject.keyword(group);
    if (!keyword.isEmpty()) {
      throw mistake("--group '" + group + "' cannot be a package: '" + keyword + "' is a word of Java");
    }
    String called = name != null ? name
        : Objects.toString(folder.toAbsolutePath().normalize().getFileName(), "").toLowerCase(Locale.ROOT);
    if (!PluginProject.NAME.matcher(called).matches()) {
      throw mistake((name != null ? "--name '" + name + "'" : "the folder's name '" + called + "'") + " must be"
          + " lower-case letters, digits, '-' and '_', a letter first"
          + (name != null ? "" : ": give another with --name"));
    }
    if (Registry.discover().entries().stream().anyMatch(entry -> entry.name().equals(called))) {
      throw mistake("'" + called + "' is a plug-in of Ashlar itself: give another name with --name");
    }
    return new PluginProject(group, called, version());
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }

  private ParameterException mistake(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
