package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ashlar} in a project of its own, whose Maven and JDKs are scripts that say what they were
 * asked for.
 */
@Timeout(120)
class LauncherTest {

  private static final Path SCRIPT = Path.of("..", "ashlar").toAbsolutePath().normalize();
  private static final String JDKS = "/usr/lib/jvm/*";

  /** Says what it was given, one argument a line; makes a cache where it is asked for one. */
  private static final String JAVA = """
      #!/bin/sh
      for word; do
        case $word in -XX:AOTCacheOutput=*)
          echo "$0" >>"$LOGS/caches"
          [ -z "${BROKEN_CACHE:-}" ] || { echo 'no cache today'; exit 1; }
          [ -z "${SLOW_CACHE:-}" ] || { touch "$LOGS/slow"; exec sleep 60; }
          echo cache >"${word#*=}"
          exit 0 ;;
        *Modernize.java) exit 0 ;;
        esac
      done
      echo "java: ${0%/bin/java}"
      printf '<%s>\\n' "$@"
      exit "${EXIT:-0}"
      """;

  /** Builds a jar, slowly. */
  private static final String MAVEN = """
      #!/bin/sh
      echo "$PWD $*" >>"$LOGS/builds"
      [ -z "${BROKEN_BUILD:-}" ] || { echo '[ERROR] Main.java:[3,5] not a statement'; exit 1; }
      mkdir -p dist/target/lib
      sleep 1
      echo jar >dist/target/lib/ashlar-cli.jar
      """;

  @TempDir
  private Path temporary;
  private Path home;
  private Path logs;
  private Path tools;

  private record Ended(int code, String out, String err) {
    String java() {
      return out.lines().findFirst().orElse("").replaceFirst("^java: ", "");
    }

    List<String> words() {
      return out.lines().filter(line -> line.startsWith("<"))
          .map(line -> line.substring(1, line.length() - 1)).toList();
    }
  }

  @BeforeEach
  void project() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the script needs a POSIX shell");
    temporary = temporary.toRealPath();
    home = Files.createDirectories(temporary.resolve("my project"));
    logs = Files.createDirectories(temporary.resolve("logs"));
    tools = Files.createDirectories(temporary.resolve("tools"));
    String script = Files.readString(SCRIPT);
    assertThat(script).contains(JDKS);
    // The JDKs of this machine are no part of the test.
    executable(home.resolve("ashlar"), script.replaceAll("for candidate in (.*\\\\\n.*); do",
        "for candidate in '" + temporary + "'/jdks/*; do"));
    assertThat(home.resolve("ashlar")).content().doesNotContain(JDKS);
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.createDirectories(home.resolve("core/src/main/java"));
    executable(tools.resolve("mvn"), MAVEN);
    for (String tool : List.of("sed", "find", "head", "readlink", "dirname", "mkdir", "rm", "mv", "mktemp", "touch",
        "cat", "ln", "rmdir", "uname", "sleep", "stty", "flock")) {
      for (String folder : List.of("/usr/bin", "/bin")) {
        Path real = Path.of(folder, tool);
        if (Files.isExecutable(real) && !Files.exists(tools.resolve(tool))) {
          executable(tools.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
        }
      }
    }
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path jdk(String name, String version) throws IOException {
    Path jdk = temporary.resolve(name);
    Files.createDirectories(jdk.resolve("bin"));
    executable(jdk.resolve("bin/java"), JAVA);
    Files.writeString(jdk.resolve("release"),
        "JAVA_RUNTIME_VERSION=\"" + version + "+9\"\nJAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  private Process start(Path script, Map<String, String> variables, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(Arrays.asList(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", tools.toString(), "HOME", temporary.resolve("nobody").toString(),
        "LOGS", logs.toString()));
    builder.environment().putAll(variables);
    return builder.start();
  }

  private static Ended end(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, err);
  }

  private Ended run(Map<String, String> variables, String... words) throws Exception {
    return end(start(home.resolve("ashlar"), variables, words));
  }

  private long lines(String log) throws IOException {
    Path file = logs.resolve(log);
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("dist/target"))) {
      return files.filter(file -> file.getFileName().toString().matches("(aot|lock)\\..*")).toList();
    }
  }

  @Test
  void ofSeveralJdksOneOf25OrLaterIsFound() throws Exception {
    Path old = jdk("old", "17.0.12");
    assertThat(run(Map.of("JAVA_HOME", old.toString())).err())
        .isEqualTo("ashlar: no JDK 25 found; install one (for example Eclipse Temurin 25) or set JAVA_HOME to it\n");
    Path installed = jdk("jdks/jdk of 26", "26");
    assertThat(run(Map.of("JAVA_HOME", old.toString())).java()).isEqualTo(installed.toString());
    Path onPath = jdk("on path", "25");
    Files.createSymbolicLink(tools.resolve("java"), onPath.resolve("bin/java"));
    assertThat(run(Map.of("JAVA_HOME", old.toString())).java()).isEqualTo(onPath.toString());
    Path chosen = jdk("chosen", "25.0.3");
    assertThat(run(Map.of("JAVA_HOME", chosen.toString())).java()).isEqualTo(chosen.toString());
    assertThat(run(Map.of("JAVA_HOME", temporary.resolve("nothing").toString())).java()).isEqualTo(onPath.toString());
  }

  @Test
  void wordsAndExitCodesPassThrough() throws Exception {
    Map<String, String> variables = Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "ASHLAR_JAVA_OPTS",
        "-Xmx1g -Da=b", "EXIT", "7");
    Ended ended = run(variables, "train", "a b.yaml", "--set", "model[0]={dense: 3}", "", "*", "$HOME", "'\"");
    assertThat(ended.code()).isEqualTo(7);
    List<String> words = ended.words();
    int main = words.indexOf("dev.ashlar.cli.Main");
    assertThat(words.subList(main + 1, words.size()))
        .containsExactly("train", "a b.yaml", "--set", "model[0]={dense: 3}", "", "*", "$HOME", "'\"");
    assertThat(words.subList(0, main)).contains("--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-Da=b",
        "-XX:AOTCache=" + home.resolve("dist/target/lib/ashlar.aot"), home.resolve("dist/target/lib") + "/*");
    List<String> program = run(variables, "java", "My Program.java", "x y").words();
    assertThat(program.subList(program.indexOf(home.resolve("dist/target/lib") + "/*") + 1, program.size()))
        .containsExactly("My Program.java", "x y");
  }

  @Test
  void theHomeThatIsSetCounts() throws Exception {
    String jdk = jdk("jdk", "25").toString();
    String home = temporary.resolve("a home").toString();
    assertThat(run(Map.of("JAVA_HOME", jdk, "HOME", home)).words()).contains("-Duser.home=" + home);
    for (String none : List.of("", "here")) {
      assertThat(run(Map.of("JAVA_HOME", jdk, "HOME", none)).words())
          .isNotEmpty().noneMatch(word -> word.startsWith("-Duser.home"));
    }
  }

  @Test
  void aSymbolicLinkLeadsToTheProject() throws Exception {
    Path folder = Files.createDirectories(temporary.resolve("a bin"));
    Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("..", "my project", "ashlar"));
    Path link = Files.createSymbolicLink(folder.resolve("ashlar"), relative);
    Ended ended = end(start(link, Map.of("JAVA_HOME", jdk("jdk", "25").toString()), "--version"));
    assertThat(ended.words()).as(ended.err()).contains(home.resolve("dist/target/lib") + "/*", "--version");
  }

  @Test
  void buildsWhenASourceIsNewerAndNotOtherwise() throws Exception {
    Map<String, String> variables = Map.of("JAVA_HOME", jdk("jdk", "25").toString());
    assertThat(run(variables).err()).isEqualTo("ashlar: building (once, about a minute) ..\n");
    assertThat(run(variables).err()).isEmpty();
    assertThat(Files.readString(logs.resolve("builds")))
        .isEqualTo(home + " -B -q -Dmaven.test.skip=true -pl dist -am package\n");
    Path old = Files.writeString(home.resolve("dist/target/lib/left-1.0.jar"), "of an earlier version");
    Path source = Files.writeString(home.resolve("core/src/main/java/New.java"), "class New {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    run(variables);
    assertThat(lines("builds")).isEqualTo(2);
    assertThat(lines("caches")).isEqualTo(2);
    assertThat(old).as("jars of earlier versions are not run").doesNotExist();
  }

  @Test
  void saysWhatIsMissingAndWhatFailed() throws Exception {
    String jdk = jdk("jdk", "25").toString();
    Ended failed = run(Map.of("JAVA_HOME", jdk, "BROKEN_BUILD", "yes"));
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err()).contains("[ERROR] Main.java:[3,5] not a statement\n").endsWith(
        "ashlar: the build failed; the log is in " + home.resolve("dist/target/build.log") + "\n");
    Files.delete(tools.resolve("mvn"));
    Ended without = run(Map.of("JAVA_HOME", jdk));
    assertThat(without.code()).isEqualTo(1);
    assertThat(without.err()).isEqualTo(
        "ashlar: not built yet, and there is no mvn on the path to build with; install Maven 3.8 or later\n");
  }

  @Test
  void ofTwoStartsOneBuilds() throws Exception {
    oneOfTwoBuilds();
  }

  @Test
  void ofTwoStartsOneBuildsWhereThereIsNoFlock() throws Exception {
    Files.deleteIfExists(tools.resolve("flock"));
    Process killed = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
    killed.waitFor();
    Path target = Files.createDirectories(home.resolve("dist/target"));
    Files.createSymbolicLink(target.resolve("lock.of"), Path.of(String.valueOf(killed.pid())));
    oneOfTwoBuilds();
  }

  private void oneOfTwoBuilds() throws Exception {
    Map<String, String> variables = Map.of("JAVA_HOME", jdk("jdk", "25").toString());
    List<Process> both = List.of(start(home.resolve("ashlar"), variables, "one"),
        start(home.resolve("ashlar"), variables, "two"));
    List<Ended> ended = new ArrayList<>();
    for (Process process : both) {
      ended.add(end(process));
    }
    assertThat(ended).allSatisfy(each -> assertThat(each.code()).as(each.err()).isZero());
    assertThat(ended.getFirst().words()).endsWith("one");
    assertThat(ended.getLast().words()).endsWith("two");
    assertThat(ended.stream().map(Ended::err)).containsExactlyInAnyOrder("ashlar: building (once, about a minute) ..\n",
        "ashlar: waiting for another start, which is building ..\n");
    assertThat(lines("builds")).isEqualTo(1);
    assertThat(lines("caches")).isEqualTo(1);
    assertThat(left()).isEmpty();
  }

  @Test
  void aCacheThatFailsIsToldOnceAndTriedAgainForOtherJarsAndJdks() throws Exception {
    Map<String, String> broken = Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "BROKEN_CACHE", "yes");
    Ended first = run(broken, "--version");
    assertThat(first.code()).isZero();
    assertThat(first.err()).endsWith("ashlar: no cache of classes could be made, starts take about a second longer; the"
        + " log is in " + home.resolve("dist/target/aot.log") + ", and it is tried again after the next build\n");
    assertThat(home.resolve("dist/target/aot.log")).hasContent("no cache today");
    assertThat(first.words()).noneMatch(word -> word.startsWith("-XX:AOTCache"));
    Ended second = run(broken, "--version");
    assertThat(second.err()).isEmpty();
    assertThat(lines("caches")).isEqualTo(1);
    Path jar = home.resolve("dist/target/lib/ashlar-cli.jar");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(run(broken).err()).contains("no cache");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(5)));
    Ended other = run(Map.of("JAVA_HOME", jdk("other", "25.0.4").toString()));
    assertThat(other.words()).anyMatch(word -> word.startsWith("-XX:AOTCache="));
    assertThat(lines("caches")).isEqualTo(3);
    assertThat(lines("builds")).isEqualTo(1);
    assertThat(left()).as("the log goes when a cache is made").isEmpty();
  }

  @Test
  void nothingIsLeftOfAStartThatWasEnded() throws Exception {
    Map<String, String> variables = Map.of("JAVA_HOME", jdk("jdk", "25").toString());
    Process process = start(home.resolve("ashlar"),
        Map.of("JAVA_HOME", variables.get("JAVA_HOME"), "SLOW_CACHE", "yes"));
    while (!Files.exists(logs.resolve("slow"))) {
      assertThat(process.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(left()).isNotEmpty();
    new ProcessBuilder("/bin/sh", "-c", "kill -TERM " + process.pid()).start().waitFor();
    assertThat(end(process).code()).isEqualTo(143);
    assertThat(left()).isEmpty();
    assertThat(run(variables).words()).anyMatch(word -> word.startsWith("-XX:AOTCache="));
  }
}
