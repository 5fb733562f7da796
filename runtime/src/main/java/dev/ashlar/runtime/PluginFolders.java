package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.plugin.Plugin;
import dev.ashlar.plugin.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Plug-ins from folders. Each jar in a folder, and each folder in it that holds jars, is a plug-in with a class loader
 * of its own: its own dependencies come first, and of the host it sees no more than the interfaces of Ashlar and a few
 * annotations and logging. What is in a folder and brings no plug-in is among the registry's refusals.
 */
public final class PluginFolders {

  private PluginFolders() {}

  /**
   * The plug-ins on the class path or module path, then those of folders.
   *
   * @throws ConfigException if a folder cannot be read: names all of them
   */
  public static Registry discover(List<Path> folders) {
    if (folders.isEmpty()) {
      return Registry.discover();
    }
    ClassLoader host = Optional.ofNullable(Thread.currentThread().getContextClassLoader())
        .orElse(PluginFolders.class.getClassLoader());
    List<ClassLoader> loaders = new ArrayList<>(List.of(host));
    List<Registry.Refusal> refusals = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Api api = new Api(Plugin.class.getClassLoader());
    for (Path folder : folders) {
      try {
        List<PluginJars> plugins = plugins(folder);
        plugins.forEach(plugin -> loaders.add(plugin.loader(api)));
        plugins.forEach(plugin -> refusals.addAll(plugin.refusals()));
        if (plugins.isEmpty()) {
          refusals.add(PluginJars.refusal(folder.toAbsolutePath().normalize(), "it holds no jar, and no folder that holds jars"));
        }
      } catch (IOException e) {
        String found = Files.isDirectory(folder) ? "a folder that cannot be read: " + e.getMessage()
            : Files.exists(folder) ? "a file" : "no such folder";
        problems.add(new Problem(new Place(folder.toString(), null), found, "a folder of plug-in jars", ""));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return Registry.discover(loaders).withRefusals(refusals);
  }

  private static List<PluginJars> plugins(Path folder) throws IOException {
    List<PluginJars> plugins = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.map(entry -> entry.toAbsolutePath().normalize()).sorted().toList()) {
        List<Path> jars = Files.isDirectory(entry) ? jars(entry) : isJar(entry) ? List.of(entry) : List.of();
        if (!jars.isEmpty()) {
          plugins.add(new PluginJars(entry, jars));
        }
      }
    }
    return plugins;
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(PluginFolders::isJar).sorted().toList();
    }
  }

  private static boolean isJar(Path path) {
    return path.getFileName().toString().endsWith(".jar") && Files.isRegularFile(path);
  }

  /** The part of the host that plug-ins see; below it there is the JDK alone. */
  private static final class Api extends ClassLoader {

    private static final List<String> PACKAGES = List.of(
        "dev.ashlar.autodiff.", "dev.ashlar.config.", "dev.ashlar.data.", "dev.ashlar.model.", "dev.ashlar.plugin.",
        "dev.ashlar.program.", "dev.ashlar.reference.", "dev.ashlar.tensor.",
        "org.slf4j.", "org.jspecify.", "jakarta.inject.");

    static {
      registerAsParallelCapable();
    }

    private final ClassLoader host;

    Api(ClassLoader host) {
      super("Ashlar's interfaces", getPlatformClassLoader());
      this.host = host;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (PACKAGES.stream().anyMatch(name::startsWith)) {
        return host.loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
