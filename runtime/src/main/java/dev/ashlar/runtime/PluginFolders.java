package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.plugin.Plugin;
import dev.ashlar.plugin.Registry;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Plug-ins from folders. Each jar in a folder, and each folder in it that holds jars, is a plug-in with a class loader
 * of its own: its own dependencies come first, and of the host it sees no more than the interfaces of Ashlar and a few
 * annotations and logging.
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
    List<Problem> problems = new ArrayList<>();
    Api api = new Api(Plugin.class.getClassLoader());
    for (Path folder : folders) {
      try (Stream<Path> entries = Files.list(folder)) {
        for (Path entry : entries.sorted().toList()) {
          List<Path> jars = Files.isDirectory(entry) ? jars(entry) : isJar(entry) ? List.of(entry) : List.of();
          if (!jars.isEmpty()) {
            loaders.add(new URLClassLoader("plug-in " + entry.getFileName(), urls(jars), api));
          }
        }
      } catch (IOException e) {
        String found = Files.isDirectory(folder) ? "a folder that cannot be read: " + e.getMessage() : "no such folder";
        problems.add(new Problem(new Place(folder.toString(), null), found, "a folder of plug-in jars", ""));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return Registry.discover(loaders);
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(PluginFolders::isJar).sorted().toList();
    }
  }

  private static boolean isJar(Path path) {
    return path.getFileName().toString().endsWith(".jar") && Files.isRegularFile(path);
  }

  private static URL[] urls(List<Path> jars) throws MalformedURLException {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    return urls;
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
