package dev.ashlar.runtime;

import dev.ashlar.config.Binder;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Value;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.files.FileProblems;
import dev.ashlar.io.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a run leaves what came of it: the model, and the configuration with every value written.
 *
 * @param path of the folder
 */
public record RunFolder(Path path) {

  /** What the configuration is called. */
  public static final String CONFIGURATION = "config.yaml";

  /** A folder named after a configuration in the given one, with a number if there is one of that name. */
  public static RunFolder fresh(Path parent, Path configuration) {
    String name = configuration.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    Path path = parent.resolve(name);
    for (int i = 2; Files.exists(path); i++) {
      path = parent.resolve(name + "-" + i);
    }
    return new RunFolder(path);
  }

  /** The model's file. */
  public Path model() {
    return path.resolve(ModelFile.FILE_NAME);
  }

  /** The configuration's file. */
  public Path configuration() {
    return path.resolve(CONFIGURATION);
  }

  /**
   * Makes the folder.
   *
   * @throws IOException if it cannot be made
   */
  public void create() throws IOException {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw FileProblems.writing(path, e);
    }
  }

  /** Writes a configuration so that it means the same from here. */
  void write(Configuration configuration, NameResolver plugins) throws IOException {
    RunConfig here = Configuration.of(configuration.tree(), configuration.base().toAbsolutePath(), plugins).config();
    Value tree = new Binder(plugins, path.toAbsolutePath()).write(here);
    AtomicFiles.write(configuration(), block((Value.Mapping) tree));
  }

  /** Parts of the configuration, and layers, on lines of their own; the rest as YAML's flow style. */
  private static String block(Value.Mapping tree) {
    StringBuilder text = new StringBuilder();
    for (Value.Entry entry : tree.entries()) {
      text.append(entry.key()).append(':');
      List<String> lines = switch (entry.value()) {
        case Value.Sequence list when !list.items().isEmpty() ->
            list.items().stream().map(item -> "  - " + item).toList();
        case Value.Mapping map when !map.entries().isEmpty() ->
            map.entries().stream().map(e -> "  " + new Value.Mapping(List.of(e), map.place()).toString()
                .replaceFirst("^\\{(.*)}$", "$1")).toList();
        default -> List.of();
      };
      text.append(lines.isEmpty() ? " " + entry.value() : "\n" + String.join("\n", lines)).append('\n');
    }
    return text.toString();
  }
}
