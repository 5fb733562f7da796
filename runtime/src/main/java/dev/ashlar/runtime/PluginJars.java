package dev.ashlar.runtime;

import dev.ashlar.plugin.Plugin;
import dev.ashlar.plugin.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The jars of one plug-in.
 *
 * @param place the jar, or the folder that they lie in
 * @param jars at least one
 */
record PluginJars(Path place, List<Path> jars) {

  private static final String SERVICE = "META-INF/services/" + Plugin.class.getName();
  private static final String INTERFACE = Plugin.class.getName().replace('.', '/');

  /** A loader of these jars. */
  ClassLoader loader(ClassLoader api) {
    return new URLClassLoader("plug-in " + place.getFileName(), jars.stream().map(PluginJars::url).toArray(URL[]::new), api);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(jar + " has no URL", e);
    }
  }

  /** Jars that class loaders pass over without a word, and why there is no plug-in in them. */
  List<Registry.Refusal> refusals() {
    List<Registry.Refusal> refusals = new ArrayList<>();
    List<String> plugins = new ArrayList<>();
    boolean named = false;
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        named |= zip.getEntry(SERVICE) != null;
        if (!named) {
          plugins.addAll(plugins(zip));
        }
      } catch (IOException e) {
        refusals.add(refusal(jar, "it is no jar that can be read: " + e.getMessage()));
      }
    }
    if (!named && refusals.size() < jars.size()) {
      refusals.add(refusal(place, plugins.isEmpty()
          ? "no plug-in is in it: no class implements " + Plugin.class.getName()
              + "; what a plug-in depends on lies with it in a folder of their own"
          : "it lacks the file " + SERVICE + " with a line for " + String.join(", ", plugins)
              + "; where several jars become one, such files have to be merged"));
    }
    return refusals;
  }

  /** Classes that implement the interface, found without loading any. */
  private static List<String> plugins(ZipFile jar) throws IOException {
    List<String> found = new ArrayList<>();
    for (ZipEntry entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
      try (InputStream in = jar.getInputStream(entry)) {
        plugin(in.readAllBytes()).ifPresent(found::add);
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
