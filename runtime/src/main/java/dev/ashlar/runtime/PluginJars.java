package dev.ashlar.runtime;

import dev.ashlar.plugin.Plugin;
import dev.ashlar.plugin.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The code of one plug-in.
 *
 * @param place the jar, the folder that the jars lie in, or the folder of classes
 * @param parts jars, perhaps behind a folder of classes; at least one
 */
record PluginJars(Path place, List<Path> parts) {

  private static final String SERVICE = "META-INF/services/" + Plugin.class.getName();
  private static final String INTERFACE = Plugin.class.getName().replace('.', '/');
  private static final String CLASS = ".class";
  /** Where Maven's dependency plug-in copies what a project depends on, beside its classes. */
  private static final String DEPENDENCIES = "dependency";

  /** Whether a folder is one of classes, and not of jars. */
  static boolean isClasses(Path folder) throws IOException {
    if (!Files.isDirectory(folder) || Files.exists(folder.resolve(SERVICE))) {
      return Files.isDirectory(folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.anyMatch(entry -> entry.toString().endsWith(".jar"))) {
        return false;
      }
    }
    return folder.endsWith(Path.of("target", "classes"));
  }

  /** A project's classes, with what it depends on if that was copied beside them. */
  static PluginJars ofClasses(Path folder) throws IOException {
    List<Path> parts = new ArrayList<>(List.of(folder));
    Path dependencies = folder.resolveSibling(DEPENDENCIES);
    if (Files.isDirectory(dependencies)) {
      try (Stream<Path> entries = Files.list(dependencies)) {
        parts.addAll(entries.filter(entry -> entry.toString().endsWith(".jar")).sorted().toList());
      }
    }
    return new PluginJars(folder, parts);
  }

  /** A loader of this code. */
  ClassLoader loader(ClassLoader api) {
    return new URLClassLoader(
        "plug-in " + place.getFileName(), parts.stream().map(PluginJars::url).toArray(URL[]::new), api);
  }

  private static URL url(Path part) {
    try {
      return part.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(part + " has no URL", e);
    }
  }

  /** What class loaders pass over without a word, and why there is no plug-in in it. */
  List<Registry.Refusal> refusals() {
    List<Registry.Refusal> refusals = new ArrayList<>();
    List<String> plugins = new ArrayList<>();
    boolean named = false;
    for (Path part : parts) {
      try {
        named |= Files.isDirectory(part) ? Files.exists(part.resolve(SERVICE)) : namesPlugin(part);
        if (!named) {
          plugins.addAll(Files.isDirectory(part) ? pluginsInFolder(part) : pluginsInJar(part));
        }
      } catch (IOException e) {
        refusals.add(refusal(part, "it is no jar that can be read: " + e.getMessage()));
      }
    }
    if (!named && refusals.size() < parts.size()) {
      refusals.add(refusal(place, plugins.isEmpty()
          ? "no plug-in is in it: no class implements " + Plugin.class.getName()
              + "; what a plug-in depends on lies with it in a folder of their own"
          : "it lacks the file " + SERVICE + " with a line for " + String.join(", ", plugins)
              + "; where several jars become one, such files have to be merged"));
    }
    return refusals;
  }

  private static boolean namesPlugin(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.getEntry(SERVICE) != null;
    }
  }

  /** Classes that implement the interface, found without loading any. */
  private static List<String> pluginsInJar(Path jar) throws IOException {
    List<String> found = new ArrayList<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> e.getName().endsWith(CLASS)).toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          plugin(in.readAllBytes()).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static List<String> pluginsInFolder(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(file -> file.toString().endsWith(CLASS)).sorted().toList()) {
        plugin(Files.readAllBytes(file)).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<String> plugin(byte[] code) {
    try {
      var type = ClassFile.of().parse(code);
      return type.interfaces().stream().anyMatch(i -> i.asInternalName().equals(INTERFACE))
          ? Optional.of(type.thisClass().asInternalName().replace('/', '.')) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // No class file, whatever it is called.
    }
  }

  static Registry.Refusal refusal(Path place, String reason) {
    return new Registry.Refusal(String.valueOf(place.getFileName()), place.toString(), reason);
  }
}
