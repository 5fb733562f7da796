package dev.ashlar.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application gets that embeds training and prediction: so many bytes, these jars, and nothing of its JVM. */
class EmbeddingTest {

  private static final Path ROOT = Path.of("..");
  private static final long LARGEST = 4_000_000;

  /** Modules, with a class of each. */
  private static final Map<String, String> OURS = Map.of(
      "core", "dev.ashlar.tensor.Tensor", "layers", "dev.ashlar.layers.Dense",
      "optimizers", "dev.ashlar.optimizers.Adam", "io", "dev.ashlar.io.model.ModelFile",
      "training", "dev.ashlar.training.Model", "backends/cpu", "dev.ashlar.backend.cpu.Cpu");

  /** All that they need beside, with a class of each: a new one is a decision (docs/decisions). */
  private static final Map<String, String> OTHERS = Map.of(
      "org.slf4j:slf4j-api", "org.slf4j.Logger", "org.jspecify:jspecify", "org.jspecify.annotations.NullMarked",
      "com.fasterxml.jackson.core:jackson-core", "com.fasterxml.jackson.core.JsonFactory",
      "de.siegmar:fastcsv", "de.siegmar.fastcsv.reader.CsvReader");

  private static final Set<String> UNPUBLISHED =
      Set.of("bom", "examples", "bench", "dist", "fuzz", "site", "architecture", "consumers");

  private static final Pattern DEPENDENCY = Pattern.compile(
      "<dependency>\\s*<groupId>(.*?)</groupId>\\s*<artifactId>(.*?)</artifactId>(.*?)</dependency>", Pattern.DOTALL);

  @TempDir
  private Path folder;

  @Test
  void embeddingNeedsTheseJarsAndNoOthers() throws IOException {
    Set<String> needed = new TreeSet<>();
    for (String module : OURS.keySet()) {
      String pom = Files.readString(ROOT.resolve(module).resolve("pom.xml")).replaceAll("(?s)<build>.*", "");
      dependencies(pom).filter(dependency -> !dependency.group(3).contains("<scope>test"))
          .map(dependency -> dependency.group(1) + ":" + dependency.group(2)).forEach(needed::add);
    }
    needed.removeIf(artifact -> artifact.startsWith("dev.ashlar:"));
    assertThat(needed).containsExactlyInAnyOrderElementsOf(OTHERS.keySet());
  }

  @Test
  void embeddingIsSmall() throws Exception {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (Map.Entry<String, String> artifact : all().entrySet()) {
      sizes.put(artifact.getKey(), packed(jar(artifact.getValue())));
    }
    System.out.println("embedding: " + sizes);
    assertThat(sizes.values().stream().mapToLong(size -> size).sum()).as("bytes of %s", sizes).isLessThan(LARGEST);
  }

  /** In a JVM of its own, on just these jars. */
  @Test
  void embeddingChangesNothingOfTheJvm() throws Exception {
    List<String> classPath = all().values().stream().map(EmbeddingTest::jar).map(Path::toString)
        .collect(Collectors.toList());
    classPath.add(jar("dev.ashlar.architecture.embedded.Embedded").toString());
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.net=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp",
        String.join(File.pathSeparator, classPath), "dev.ashlar.architecture.embedded.Embedded",
        folder.resolve("model.safetensors").toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEqualTo("done\n");
  }

  @Test
  void theBillOfMaterialsHasEveryArtifactThatIsPublished() throws IOException {
    String bom = Files.readString(ROOT.resolve("bom/pom.xml"));
    Set<String> listed = new TreeSet<>();
    dependencies(bom).forEach(dependency -> listed.add(dependency.group(2)));
    Set<String> published = new TreeSet<>();
    String parent = Files.readString(ROOT.resolve("pom.xml"));
    Pattern.compile("<module>(.*?)</module>").matcher(parent).results().map(module -> module.group(1))
        .filter(module -> !UNPUBLISHED.contains(module))
        .forEach(module -> published.add(artifact(ROOT.resolve(module).resolve("pom.xml"))));
    assertThat(listed).isEqualTo(published);
    assertThat(version(bom)).isEqualTo(version(parent));
  }

  private static String artifact(Path pom) {
    try {
      String text = Files.readString(pom).replaceAll("(?s)<parent>.*?</parent>", "");
      return Pattern.compile("<artifactId>(.*?)</artifactId>").matcher(text).results().findFirst().orElseThrow()
          .group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version(String pom) {
    return Pattern.compile("<version>(.*?)</version>").matcher(pom).results().findFirst().orElseThrow().group(1);
  }

  private static Stream<MatchResult> dependencies(String pom) {
    return DEPENDENCY.matcher(pom).results();
  }

  private static Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>(OURS);
    all.putAll(OTHERS);
    return all;
  }

  private static Path jar(String type) {
    try {
      return Path.of(Class.forName(type, false, EmbeddingTest.class.getClassLoader())
          .getProtectionDomain().getCodeSource().getLocation().toURI()).toAbsolutePath();
    } catch (ReflectiveOperationException | java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes of a jar, or of the one that a folder of classes would be. */
  private static long packed(Path jar) throws IOException {
    if (Files.isRegularFile(jar)) {
      return Files.size(jar);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes); Stream<Path> files = Files.walk(jar)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(jar.relativize(file).toString()));
        Files.copy(file, zip);
      }
    }
    return bytes.size();
  }
}
