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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plug-ins from folders. Each jar in a folder, and each folder in it that holds jars, is a plug-in with a class loader
 * of its own: its own dependencies come first, and of the host it sees no more than the interfaces of Ashlar and a few
 * annotations and logging. A jar, and a folder of classes such as a project's {@code target/classes}, may be named
 * itself. What is there and brings no plug-in is among the registry's refusals.
 */
public final class PluginFolders {

  /** What the folder beside a configuration is called, and the one below {@code ~/.ashlar}. */
  public static final String NAME = "plugins";

  /** System property: the folder of plug-ins of a distribution, for whoever uses it. */
  public static final String INSTALLED = "ashlar.plugins";

  private static final String REMEDY = "put its jar on the class path or into a folder where plug-ins are looked for";

  private static final String[] NO_PLUGINS = {"-sources.jar", "-javadoc.jar", "-tests.jar", "-test-sources.jar"};

  private final Api api = new Api(Plugin.class.getClassLoader());
  private final List<ClassLoader> loaders = new ArrayList<>();
  private final List<Registry.Refusal> refusals = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Set<Path> seen = new HashSet<>();

  private PluginFolders() {}

  /**
   * The plug-ins on the class path or module path, then those of places that are named: folders of plug-ins, jars,
   * folders of classes. Of two plug-ins with one name the first is used.
   *
   * @throws ConfigException if a place cannot be read: names all of them
   */
  public static Registry discover(List<Path> places) {
    return discover(places, List.of());
  }

  /**
   * The same, then those of folders that may be there or not.
   *
   * @param usual see {@link #usual}
   * @throws ConfigException if a place that is named cannot be read: names all of them
   */
  public static Registry discover(List<Path> places, List<Path> usual) {
    List<Path> there = usual.stream().filter(Files::isDirectory).toList();
    if (places.isEmpty() && there.isEmpty()) {
      return Registry.discover().withRemedy(REMEDY);
    }
    PluginFolders folders = new PluginFolders();
    folders.loaders.add(Optional.ofNullable(Thread.currentThread().getContextClassLoader())
        .orElse(PluginFolders.class.getClassLoader()));
    places.forEach(folders::add);
    there.forEach(folders::addUsual);
    if (!folders.problems.isEmpty()) {
      throw new ConfigException(folders.problems);
    }
    return Registry.discover(folders.loaders).withRefusals(folders.refusals).withRemedy(REMEDY);
  }

  /**
   * Where plug-ins are looked for if nobody names a place, nearest first.
   *
   * @param configuration beside which {@code plugins} is looked at; null for none, as for runs and models: their
   *     folders come from strangers too, and nothing in them is run
   */
  public static List<Path> usual(@Nullable Path configuration) {
    List<Path> places = new ArrayList<>();
    if (configuration != null) {
      places.add(configuration.resolveSibling(NAME));
    }
    Path home = Path.of(System.getProperty("user.home"));
    if (home.isAbsolute()) { // whoever has no home has '?'
      places.add(home.resolve(".ashlar").resolve(NAME));
    }
    Optional.ofNullable(System.getProperty(INSTALLED)).map(Path::of).ifPresent(places::add);
    return List.copyOf(places);
  }

  private void add(Path place) {
    try {
      Path whole = place.toAbsolutePath().normalize();
      if (isJar(whole)) {
        add(new PluginJars(whole, List.of(whole)));
        return;
      }
      if (PluginJars.isClasses(whole)) {
        add(PluginJars.ofClasses(whole));
      } else if (!addAll(whole)) {
        refusals.add(PluginJars.refusal(whole, "it holds no jar, and no folder that holds jars"
            + (Files.isDirectory(whole.resolve("target/classes"))
                ? "; of a project, name target/classes, or target with the jar" : "")));
      }
    } catch (IOException e) {
      String found = Files.isDirectory(place) ? "a folder that cannot be read: " + e.getMessage()
          : Files.exists(place) ? "a file" : place.toString().endsWith(".jar") ? "no such file" : "no such folder";
      problems.add(new Problem(new Place(place.toString(), null), found,
          "a folder of plug-in jars, a jar, or a folder of classes", ""));
    }
  }

  private void addUsual(Path place) {
    try {
      addAll(place.toAbsolutePath().normalize());
    } catch (IOException e) {
      refusals.add(PluginJars.refusal(place, "it cannot be read: " + e.getMessage()));
    }
  }

  /** Whether there is any. */
  private boolean addAll(Path folder) throws IOException {
    boolean found = false;
    for (Path entry : entries(folder)) {
      List<Path> jars = Files.isDirectory(entry) ? entries(entry).stream().filter(PluginFolders::isJar).toList()
          : isJar(entry) && !isBesides(entry) ? List.of(entry) : List.of();
      if (!jars.isEmpty()) {
        add(new PluginJars(entry, jars));
        found = true;
      }
    }
    return found;
  }

  private void add(PluginJars plugin) throws IOException {
    if (seen.add(plugin.place().toRealPath())) {
      loaders.add(plugin.loader(api));
      refusals.addAll(plugin.refusals());
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static boolean isJar(Path path) {
    return path.toString().endsWith(".jar") && Files.isRegularFile(path);
  }

  /** Whether a jar is what builds leave beside the one that counts. */
  private static boolean isBesides(Path jar) {
    String name = jar.getFileName().toString();
    return Stream.of(NO_PLUGINS).anyMatch(name::endsWith);
  }

  /** The part of the host that plug-ins see; below it there is the JDK alone. */
  private static final class Api extends ClassLoader {

    private static final List<String> PACKAGES = List.of(
        "dev.ashlar.api.", "dev.ashlar.autodiff.", "dev.ashlar.config.", "dev.ashlar.data.",
        "dev.ashlar.model.", "dev.ashlar.plugin.", "dev.ashlar.program.", "dev.ashlar.reference.", "dev.ashlar.tensor.",
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
