import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes the distribution: a zip with the launcher, our jars, a JDK of no more than they need, the examples and all
 * licences. Same jars and same JDK, same bytes.
 *
 * <p>{@code java Distribution.java CHECKOUT VERSION INSTANT}
 */
final class Distribution {

  /** What jdeps names for our jars; the Vector API, for processors without machine code; and javac, for programs. */
  private static final String MODULES = "java.base,java.desktop,java.logging,java.naming,jdk.httpserver,jdk.management,"
      + "jdk.unsupported,jdk.incubator.vector,jdk.compiler";

  /** Libraries whose jars have no text of their licence. What is in neither stops the build. */
  private static final Map<String, String> LICENSES = Map.of(
      "aopalliance", "public domain",
      "error_prone_annotations", "Apache-2.0",
      "j2objc-annotations", "Apache-2.0",
      "jspecify", "Apache-2.0",
      "listenablefuture", "Apache-2.0 (an empty jar)",
      "logback-classic", "LGPL-2.1 or EPL-1.0, as its user chooses",
      "logback-core", "LGPL-2.1 or EPL-1.0, as its user chooses",
      "picocli", "Apache-2.0",
      "snakeyaml-engine", "Apache-2.0");

  private final Path checkout;
  private final Path root;
  private final StringBuilder listed = new StringBuilder("""
      # Licences

      Ashlar itself is under the Apache License 2.0, `LICENSE`. What comes along has its own:

      | what | licence |
      | --- | --- |
      | the JDK in `runtime` | GPL 2 with class-path exception and others, see `runtime/legal` |
      | uPlot, in the pages of runs | MIT, beside it in the jar of ashlar-runtime |
      """);

  private Distribution(Path checkout, Path root) {
    this.checkout = checkout;
    this.root = root;
  }

  static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Path checkout = Path.of(arguments[0]).toRealPath();
    Path target = checkout.resolve("dist/target");
    String name = "ashlar-" + arguments[1];
    Path stage = target.resolve("distribution");
    delete(stage);
    Distribution made = new Distribution(checkout, Files.createDirectories(stage.resolve(name)));
    made.fill(arguments[1]);
    Path zip = target.resolve(name + "-" + platform() + ".zip");
    made.zip(zip, Instant.parse(arguments[2]));
    System.out.printf("%s: %.1f MB, unpacked %.1f MB%n", checkout.relativize(zip), Files.size(zip) / 1e6,
        made.files().stream().mapToLong(file -> file.toFile().length()).sum() / 1e6);
  }

  private static String platform() {
    String processor = System.getProperty("os.arch").equals("amd64") ? "x64" : System.getProperty("os.arch");
    return System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT).split(" ")[0] + "-" + processor;
  }

  private void fill(String version) throws Exception {
    jlink();
    Path lib = Files.createDirectories(root.resolve("lib"));
    for (Path jar : list(checkout.resolve("dist/target/lib"))) {
      if (jar.toString().endsWith(".jar")) {
        Files.copy(jar, lib.resolve(jar.getFileName()));
      }
    }
    Modernize.main(new String[] {lib.toString(), "picocli"});
    Files.createDirectory(root.resolve("bin"));
    Files.copy(checkout.resolve("ashlar"), root.resolve("bin/ashlar"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(checkout.resolve("LICENSE"), root.resolve("LICENSE"));
    Files.copy(checkout.resolve("dist/src/distribution/README.md"), root.resolve("README.md"));
    Files.copy(checkout.resolve("dist/src/distribution/plugins.md"),
        Files.createDirectory(root.resolve("plugins")).resolve("README.md"));
    examples();
    documents();
    licences(lib);
    Files.writeString(root.resolve("release"), version + " " + hash(lib) + "\n");
  }

  private void jlink() {
    int code = ToolProvider.findFirst("jlink").orElseThrow().run(System.out, System.err,
        "--add-modules", MODULES, "--strip-debug", "--no-header-files", "--no-man-pages",
        // Used by javac --release alone, and no program of a single file can say that.
        "--exclude-files", "**/ct.sym", "--output", root.resolve("runtime").toString());
    if (code != 0) {
      throw new IllegalStateException("jlink failed");
    }
  }

  /** Configurations, their data, and programs; not the projects, which need a checkout. */
  private void examples() throws IOException {
    Path from = checkout.resolve("examples");
    Path to = Files.createDirectory(root.resolve("examples"));
    for (Path file : list(from)) {
      if (file.toString().endsWith(".yaml")) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    for (Path file : list(from.resolve("data"))) {
      Files.copy(file, Files.createDirectories(to.resolve("data")).resolve(file.getFileName()));
    }
    String programs = "src/main/java/dev/ashlar/examples"; // javac wants the package in the path
    for (Path file : list(from.resolve(programs))) {
      if (!file.endsWith("package-info.java")) {
        Files.copy(file, Files.createDirectories(to.resolve(programs)).resolve(file.getFileName()));
      }
    }
  }

  /** The guides and decisions: to be read, and what examples of text learn from. */
  private void documents() throws IOException {
    Path from = checkout.resolve("docs");
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(path -> path.toString().matches(".*\\.(md|svg)")).sorted().toList()) {
        Path to = root.resolve("docs").resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  private void licences(Path lib) throws IOException {
    Path to = Files.createDirectory(root.resolve("licenses"));
    Files.copy(checkout.resolve("LICENSE"), to.resolve("Apache-2.0.txt"));
    for (Path text : list(checkout.resolve("dist/src/licenses"))) {
      Files.copy(text, to.resolve(text.getFileName()));
    }
    for (Path jar : list(lib)) {
      String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
      if (!name.startsWith("ashlar-")) {
        boolean own = texts(jar, to.resolve(name));
        String known = LICENSES.get(name.replaceFirst("-\\d.*", ""));
        if (!own && known == null) {
          throw new IllegalStateException(name + " has no licence in its jar: name it in Distribution.java");
        }
        listed.append("| ").append(name).append(" | ").append(known != null ? known : "its own text, in `" + name + "`")
            .append(" |\n");
      }
    }
    Files.writeString(to.resolve("README.md"), listed);
  }

  /** Whether the jar has texts of its licence. */
  private static boolean texts(Path jar, Path to) throws IOException {
    boolean found = false;
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        if (name.matches("(META-INF/)?[^/]*(?i:licen[sc]e|notice)[^/]*") && !entry.isDirectory()) {
          found |= name.matches(".*(?i:licen[sc]e).*");
          Path text = Files.createDirectories(to).resolve(name.substring(name.lastIndexOf('/') + 1));
          Files.write(text, file.getInputStream(entry).readAllBytes());
        }
      }
    }
    return found;
  }

  private static String hash(Path folder) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Path file : list(folder)) {
      digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void zip(Path zip, Instant time) throws IOException {
    Files.deleteIfExists(zip);
    Map<String, Object> options = Map.of("create", "true", "enablePosixFileAttributes", "true");
    try (FileSystem entries = FileSystems.newFileSystem(URI.create("jar:" + zip.toUri()), options)) {
      for (Path file : files()) {
        Path entry = entries.getPath(root.getParent().relativize(file).toString());
        Files.createDirectories(entry.getParent());
        Files.copy(file, entry);
        Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString(
            Files.isExecutable(file) ? "rwxr-xr-x" : "rw-r--r--"));
        setTimes(entry, FileTime.from(time));
      }
      try (Stream<Path> all = Files.walk(entries.getPath("/"))) {
        for (Path folder : all.filter(Files::isDirectory).filter(path -> path.getParent() != null).toList()) {
          Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
          setTimes(folder, FileTime.from(time));
        }
      }
    }
  }

  /** A zip has those of making and of reading as well. */
  private static void setTimes(Path entry, FileTime time) throws IOException {
    Files.getFileAttributeView(entry, BasicFileAttributeView.class).setTimes(time, time, time);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> {
          try {
            Files.delete(path);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
      }
    }
  }
}
