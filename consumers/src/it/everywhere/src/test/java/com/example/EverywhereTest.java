package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same bits in every form, and nothing on standard error that is not expected there. */
class EverywhereTest {

  private static final String MAIN = "com.example.Application";
  private static final String MODULE = "com.example.application/" + MAIN;
  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
  private static final String MODULE_NATIVE = "--enable-native-access=dev.ashlar.backend.cpu";
  private static final String INCUBATOR = "WARNING: Using incubator modules: jdk.incubator.vector\n";
  private static final boolean MACHINE_CODE = System.getProperty("os.name").equals("Linux")
      && System.getProperty("os.arch").equals("amd64");
  private static final String SLOW = MACHINE_CODE
      ? "[main] INFO dev.ashlar.backend.cpu.Executables - no machine code, bytecode instead: native access is not"
          + " enabled; start the program with --enable-native-access=ALL-UNNAMED\n"
      : "";

  private static Ended expected;
  private static String classPath;

  @TempDir
  private Path folder;

  private record Ended(int exit, String out, String err) {
    String bits() {
      return out.lines().toList().getLast();
    }
  }

  @BeforeAll
  static void onTheClassPath(@TempDir Path folder) throws Exception {
    try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
      classPath = "target/everywhere-1.0.jar" + File.pathSeparator
          + jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
    }
    expected = java(folder, NATIVE, "-cp", classPath, MAIN);
    assertEquals(0, expected.exit(), expected.err());
    assertTrue(expected.bits().matches("[0-9a-f]{8}"), expected.out());
  }

  @Test
  void withTheFlagNothingIsSaid() {
    quiet("machine code", expected);
  }

  @Test
  void withoutAFlagOneLineSaysHowToGoFaster() throws Exception {
    says(SLOW + SLOW, "bytecode", java(folder, "-cp", classPath, MAIN));
  }

  @Test
  void onTheModulePath() throws Exception {
    says(SLOW + SLOW, "bytecode", java(folder, "-p", modulePath(), "-m", MODULE));
    quiet("machine code", java(folder, MODULE_NATIVE, "-p", modulePath(), "-m", MODULE));
    says(INCUBATOR + SLOW + SLOW, "Vector",
        java(folder, "--add-modules=jdk.incubator.vector", "-p", modulePath(), "-m", MODULE));
  }

  @Test
  void shaded() throws Exception {
    quiet("machine code", java(folder, "-jar", "target/everywhere-1.0-shaded.jar"));
  }

  @Test
  void ofAShadedJarWithoutMergedServicesAMessageSaysSo() throws Exception {
    Ended ended = java(folder, "-jar", "target/everywhere-1.0-not-merged.jar");
    assertTrue(ended.exit() != 0, ended.out());
    assertTrue(ended.err().contains("no plug-in registers dev.ashlar.layers.Sequential as a layer"), ended.err());
  }

  @Test
  void jarOfJars() throws Exception {
    quiet("machine code", java(folder, "-jar", "target/everywhere-1.0-nested.jar"));
  }

  @Test
  void linkedImage() throws Exception {
    Path image = folder.resolve("image");
    assertEquals(0, ToolProvider.findFirst("jlink").orElseThrow().run(System.out, System.err, "-p", modulePath(),
        "--add-modules", "com.example.application", "--strip-debug", "--no-header-files", "--no-man-pages",
        "--add-options=" + MODULE_NATIVE, "--launcher", "application=" + MODULE, "--output", image.toString()));
    quiet("machine code", ended(List.of(image.resolve("bin/application").toString(),
        folder.resolve("model.safetensors").toString())));
  }

  private static String modulePath() {
    return "target/classes" + classPath.substring(classPath.indexOf(File.pathSeparator));
  }


  private static void quiet(String emitter, Ended ended) {
    says("", emitter, ended);
  }

  private static void says(String err, String emitter, Ended ended) {
    assertEquals(0, ended.exit(), ended.err());
    assertEquals(err, ended.err());
    assertEquals(expected.bits(), ended.bits());
    if (MACHINE_CODE) {
      assertTrue(ended.out().contains(emitter), ended.out());
    }
  }

  private static Ended java(Path folder, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of(words));
    command.add(folder.resolve("model.safetensors").toString());
    return ended(command);
  }

  private static Ended ended(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches("JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS"));
    Path err = Files.createTempFile("err", null);
    try {
      Process process = builder.redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      return new Ended(exit, out, Files.readString(err).replace("\r\n", "\n"));
    } finally {
      Files.delete(err);
    }
  }
}
