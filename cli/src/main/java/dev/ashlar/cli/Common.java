package dev.ashlar.cli;

import dev.ashlar.config.FileException;
import dev.ashlar.plugin.Registry;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.PluginFolders;
import dev.ashlar.runtime.Replacement;
import dev.ashlar.runtime.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command that looks at plug-ins. */
class Common {

  @Option(names = "--plugins", paramLabel = "DIR",
      description = "a folder of plug-ins, a jar, or a folder of classes; may be given again")
  List<Path> folders = new ArrayList<>();

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec command;

  /** With a warning for each plug-in that is not used. */
  Runs runs() {
    return runs(null);
  }

  /** The same, with the plug-ins beside a configuration, if there is one. */
  Runs runs(@Nullable Path configuration) {
    Registry plugins = plugins(configuration);
    plugins.refusals().forEach(refusal -> command.commandLine().getErr().println("warning: " + refusal));
    return new Runs(plugins);
  }

  /** For commands that show by themselves what is not used. */
  Registry plugins(@Nullable Path configuration) {
    return PluginFolders.discover(folders, PluginFolders.usual(configuration))
        .withRemedy("put its jar into ~/.ashlar/plugins or on the class path, or name it with --plugins");
  }

  /** What a later command has to say to find the plug-ins that this one found, if anything. */
  String pluginsAgain(@Nullable Path configuration) {
    List<Path> places = new ArrayList<>(folders);
    if (configuration != null && Files.isDirectory(configuration.resolveSibling(PluginFolders.NAME))) {
      places.add(configuration.resolveSibling(PluginFolders.NAME));
    }
    return places.stream().map(place -> " --plugins " + place).collect(Collectors.joining());
  }

  /** A configuration with values replaced by {@code --set} and by other options. */
  Configuration configuration(Path file, List<String> sets, Runs runs) {
    return Configuration.read(file, replacements(sets), runs.plugins());
  }

  /** What {@code --set} and other options replace in a configuration. */
  List<Replacement> replacements(List<String> sets) {
    List<Replacement> replacements = new ArrayList<>(sets.stream().map(Replacement::parse).toList());
    replacements.addAll(replacements());
    return replacements;
  }

  /**
   * That a file can have the name it is given.
   *
   * @throws FileException if there is no folder for it
   */
  static void checkFolder(Path file) throws FileException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw FileException.at(file.toString(), "no folder " + folder, "a file in a folder that is there",
          "make the folder, or check its name");
    }
  }

  /**
   * That a file can be written.
   *
   * @param overwrite whether one that is there may be replaced
   * @throws FileException if there is no folder for it, or it is there already
   */
  static void checkNew(Path file, boolean overwrite) throws FileException {
    checkFolder(file);
    if (Files.isDirectory(file) || !overwrite && Files.exists(file)) {
      throw FileException.at(file.toString(), Files.isDirectory(file) ? "a folder" : "a file that is there already",
          "the name of a new file", "choose another name" + (Files.isDirectory(file) ? "" : ", or say --overwrite"));
    }
  }

  /** What these options replace in a configuration. */
  List<Replacement> replacements() {
    return List.of();
  }
}
