package dev.ashlar.cli;

import dev.ashlar.plugin.Plugin;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/**
 * Builds plug-ins as others do: compiles sources, and packs them into jars.
 *
 * @param folder where classes go
 */
record Outsider(Path folder) {

  /** The main class of a plug-in. */
  static String plugin(String name, String version, String... parts) {
    return """
        package %1$s;
        public final class Main implements dev.ashlar.plugin.Plugin {
          @Override public String name() { return "%1$s"; }
          @Override public String version() { return "%2$s"; }
          @Override public int apiVersion() { return API_VERSION; }
          @Override public java.util.List<Class<?>> components() { return java.util.List.of(%3$s); }
        }
        """.formatted(name, version, String.join(", ", Stream.of(parts).map(part -> part + ".class").toList()));
  }

  /** A layer whose code is one expression of x. */
  static String layer(String plugin, String type, String body) {
    return """
        package %s;
        import dev.ashlar.model.*;
        import dev.ashlar.tensor.*;
        public record %s() implements Layer {
          @Override public Tensor forward(Tensor x, Scope scope) { return %s; }
        }
        """.formatted(plugin, type, body);
  }

  /** Compiles sources, each with a public type, against Ashlar and other classes; the folder of classes. */
  Path classes(String name, List<Path> others, String... sources) throws IOException {
    Path written = Files.createDirectories(folder.resolve(name + "-sources"));
    Path classes = Files.createDirectories(folder.resolve(name));
    List<String> options = new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "-cp",
        String.join(File.pathSeparator, Stream.concat(others.stream().map(Path::toString),
            Stream.of(System.getProperty("java.class.path"))).toList())));
    for (String source : sources) {
      String type = source.replaceFirst("(?s).*?public (?:final )?(?:class|record|enum|interface) (\\w+).*", "$1");
      options.add(Files.writeString(written.resolve(type + ".java"), source).toString());
    }
    if (ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new)) != 0) {
      throw new IllegalStateException(name + " does not compile");
    }
    return classes;
  }

  /** Writes the file by which a plug-in is found. */
  static void service(Path classes, String plugin) throws IOException {
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve(Plugin.class.getName()), plugin + "\n");
  }

  /** Packs all of a folder but what one may want to leave out. */
  static Path jar(Path classes, Path jar, String... without) throws IOException {
    Files.createDirectories(jar.getParent());
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String entry = classes.relativize(file).toString().replace(File.separatorChar, '/');
        if (Stream.of(without).noneMatch(entry::contains)) {
          out.putNextEntry(new ZipEntry(entry));
          out.write(Files.readAllBytes(file));
        }
      }
    }
    return jar;
  }

  /** A jar of a plug-in whose main class is {@code NAME.Main}. */
  Path plugin(Path jar, String name, String... sources) throws IOException {
    String unique = jar.getFileName().toString().replace(".jar", "");
    Path classes = classes(unique, List.of(), sources);
    service(classes, name + ".Main");
    return jar(classes, jar);
  }
}
