package dev.ashlar.runtime;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Places;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration that has been read and bound; nothing has been opened yet.
 *
 * @param tree as written, replacements included
 * @param base the folder that paths in it are relative to
 * @param config as bound
 * @param places where the parts of it stand
 */
public record Configuration(Value tree, Path base, RunConfig config, Places places) {

  /**
   * Reads a file, with environment variables put into its texts: <code>${DATA_DIR}</code>, <code>${DATA_DIR:-data}</code>.
   *
   * @param file in YAML; paths in it are relative to its folder
   * @param replacements values that take the place of others, in order
   * @throws ConfigException with all mistakes
   */
  public static Configuration read(Path file, List<Replacement> replacements, NameResolver plugins) {
    return read(Yaml.read(file), System.getenv(), replacements, folder(file), plugins);
  }

  /** As {@link #read(Path, List, NameResolver)} of a file with this tree, in this folder. */
  public static Configuration read(Value written, Path folder, NameResolver plugins) {
    return read(written, System.getenv(), List.of(), folder, plugins);
  }

  static Configuration read(Value written, Map<String, String> variables, List<Replacement> replacements, Path base,
      NameResolver plugins) {
    Value tree = Environment.expand(written, variables);
    try {
      return of(tree, replacements, base, plugins);
    } catch (ConfigException e) {
      throw Environment.explained(e, written);
    }
  }

  /**
   * Binds a tree after values in it have been replaced.
   *
   * @param replacements values that take the place of others, in order
   * @param base the folder that paths in it are relative to
   * @throws ConfigException with all mistakes
   */
  static Configuration of(Value tree, List<Replacement> replacements, Path base, NameResolver plugins) {
    Value replaced = map(tree);
    List<Problem> problems = new ArrayList<>();
    for (Replacement replacement : replacements) {
      try {
        replaced = replacement.applyTo(replaced, plugins);
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    if (problems.isEmpty()) {
      return of(replaced, base, plugins);
    }
    try {
      of(replaced, base, plugins);
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
    throw new ConfigException(problems);
  }

  /**
   * Binds a tree.
   *
   * @param base the folder that paths in it are relative to
   * @throws ConfigException with all mistakes
   */
  public static Configuration of(Value tree, Path base, NameResolver plugins) {
    Places places = new Places();
    return switch (new Binder(plugins, base).bind(map(tree), RunConfig.class, places)) {
      case BindResult.Bound<RunConfig>(RunConfig config) -> new Configuration(tree, base, config, places);
      case BindResult.Refused<RunConfig>(List<Problem> problems) -> {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(Soundness.problems(tree, base, plugins));
        throw new ConfigException(all);
      }
    };
  }

  private static Value map(Value tree) {
    if (tree instanceof Value.Mapping || tree instanceof Value.Null) {
      return tree;
    }
    throw new ConfigException(Problem.at(tree.place(), "no map", "a map of data, model, loss, optimizer and others"));
  }

  private static Path folder(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** A JSON Schema of configurations, with the names of all plug-ins at hand, for completion and checks in editors. */
  public static Value schema(NameResolver plugins) {
    return new Binder(plugins, Path.of("")).jsonSchema(RunConfig.class);
  }

  /**
   * The configuration as YAML with every value written, those by default too.
   *
   * @param folder that paths in it are relative to
   */
  public String written(Path folder, NameResolver plugins) {
    return yaml(whole(folder, plugins));
  }

  /** The same as a tree, with texts as they are. */
  Value.Mapping whole(Path folder, NameResolver plugins) {
    RunConfig here = of(tree, base.toAbsolutePath(), plugins).config();
    return (Value.Mapping) new Binder(plugins, folder.toAbsolutePath()).write(here);
  }

  /** A tree as YAML that reads as the tree. */
  static String yaml(Value.Mapping whole) {
    return YamlText.of((Value.Mapping) Environment.escaped(whole));
  }

  /** The place of the first of these objects that was made from a tree; else that of a component. */
  Place place(List<?> parts, String component) {
    return parts.stream()
        .flatMap(part -> places.of(part).stream())
        .findFirst()
        .orElseGet(() -> component(component));
  }

  /** The place of a component of the configuration, given by names with points between. */
  Place component(String path) {
    Value value = tree;
    for (String name : path.split("\\.")) {
      Optional<Value> inner =
          value instanceof Value.Mapping mapping ? Optional.ofNullable(mapping.get(name)) : Optional.empty();
      if (inner.isEmpty()) {
        return value.place();
      }
      value = inner.get();
    }
    return value.place();
  }
}
