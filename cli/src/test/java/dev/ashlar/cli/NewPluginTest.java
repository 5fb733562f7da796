package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code plugins new} writes compiles and trains; its own tests run where Maven is, in a consumer project. */
class NewPluginTest {

  @TempDir
  private Path folder;

  @Test
  void aNewPluginTrains() throws IOException {
    Path project = folder.resolve("my-waves");
    Ended made = run("plugins", "new", project, "--group", "com.acme");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out()).isEqualTo(project + ": plug-in 'my-waves' with the layer 'gated' and the optimizer 'signum',"
        + " in com.acme.mywaves\nnext:\n  cd " + project + " && mvn verify\n"
        + "  ashlar train example.yaml --plugins target\n");
    assertThat(files(project)).containsExactly(".gitignore", "README.md", "example.yaml", "pom.xml",
        "src/main/java/com/acme/mywaves/Gated.java", "src/main/java/com/acme/mywaves/MyWavesPlugin.java",
        "src/main/java/com/acme/mywaves/Signum.java",
        "src/main/resources/META-INF/services/dev.ashlar.plugin.Plugin",
        "src/test/java/com/acme/mywaves/GatedTest.java", "src/test/java/com/acme/mywaves/MyWavesPluginTest.java",
        "src/test/java/com/acme/mywaves/SignumTest.java");
    for (String file : files(project)) {
      assertThat(Files.readString(project.resolve(file))).as(file).doesNotContainPattern("@[a-z]+@");
    }
    assertThat(Files.readString(project.resolve("pom.xml"))).contains(
        "<groupId>com.acme</groupId>", "<artifactId>my-waves</artifactId>");

    Path sources = project.resolve("src/main/java/com/acme/mywaves");
    Path classes = new Outsider(folder).classes("classes", List.of(), Files.readString(sources.resolve("Gated.java")),
        Files.readString(sources.resolve("Signum.java")), Files.readString(sources.resolve("MyWavesPlugin.java")));
    Outsider.service(classes, "com.acme.mywaves.MyWavesPlugin");
    Path jar = Outsider.jar(classes, folder.resolve("waves.jar"));
    Ended trained = run("train", project.resolve("example.yaml"), "--plugins", jar, "--out", folder.resolve("out"));
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.err()).isEmpty();
    assertThat(run("plugins", "list", "--plugins", jar).out()).contains("my-waves unversioned");
  }

  /** What its author types to put it into a folder with its libraries, where it needs none: Maven then makes no folder. */
  @Test
  void theCommandsOfItsReadmeWork() throws Exception {
    Assumptions.assumeTrue(File.separatorChar == '/', "the commands are those of a Unix shell");
    Path project = folder.resolve("my-waves");
    assertThat(run("plugins", "new", project, "--group", "com.acme").code()).isZero();
    Files.writeString(Files.createDirectories(project.resolve("target")).resolve("my-waves-1.0.0-SNAPSHOT.jar"), "");
    String block = Files.readString(project.resolve("README.md")).split("```sh\n")[2].split("```")[0];
    assertThat(block).contains("\nmvn dependency:copy-dependencies -DincludeScope=runtime ");
    String others = block.lines().filter(line -> !line.startsWith("mvn ")).collect(Collectors.joining("\n"));
    Process shell = new ProcessBuilder("sh", "-e", "-c", others).directory(project.toFile()).redirectErrorStream(true)
        .start();
    String said = new String(shell.getInputStream().readAllBytes());
    assertThat(shell.waitFor()).as(said).isZero();
    assertThat(project.resolve("target/my-waves/my-waves-1.0.0-SNAPSHOT.jar")).exists();
  }

  @Test
  void wordsOfJavaBecomeOthers() {
    assertThat(new PluginProject("com.acme", "new", "1").javaPackage()).isEqualTo("com.acme.new_");
    assertThat(new PluginProject("com.acme", "a-b_c2", "1").type()).isEqualTo("ABC2Plugin");
  }

  private static List<String> files(Path project) throws IOException {
    try (Stream<Path> files = Files.walk(project)) {
      return files.filter(Files::isRegularFile).map(file -> project.relativize(file).toString()).sorted().toList();
    }
  }
}
