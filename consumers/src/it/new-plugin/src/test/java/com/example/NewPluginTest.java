package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewPluginTest {

  private record Ended(int exit, String output) {}

  @Test
  void fromNothingToATrainedModel(@TempDir Path folder) throws Exception {
    Path project = folder.resolve("waves");
    ok(ashlar("plugins", "new", project.toString(), "--group", "com.acme"));

    ok(maven(project, "verify"));
    Path jar = project.resolve("target/waves-1.0.0-SNAPSHOT.jar");
    assertTrue(Files.exists(jar));

    Path work = Files.createDirectories(folder.resolve("work/plugins")).getParent();
    Files.copy(jar, work.resolve("plugins/waves.jar"));
    Path config = Files.copy(project.resolve("example.yaml"), work.resolve("run.yaml"));
    Path run = work.resolve("run");
    Ended trained = ok(ashlar("train", config.toString(), "--out", run.toString(), "--json"));
    assertTrue(trained.output().strip().lines().toList().getLast().contains("\"test\""), trained.output());
    assertTrue(Files.readString(run.resolve("config.yaml")).contains("waves:gated@1"));

    String listed = ok(ashlar("plugins", "list", "--config", config.toString())).output();
    assertTrue(listed.contains("waves 1.0.0-SNAPSHOT"), listed);
    ok(ashlar("evaluate", run.toString(), "--plugins", jar.toString()));
    ok(ashlar("evaluate", run.toString(), "--plugins", project.resolve("target/classes").toString()));
    Ended without = ashlar("evaluate", run.toString());
    assertEquals(2, without.exit(), without.output());
    assertTrue(without.output().contains("a model that needs plug-in 'waves' 1.0.0-SNAPSHOT"), without.output());
  }

  private static Ended ok(Ended ended) {
    assertEquals(0, ended.exit(), ended.output());
    return ended;
  }

  /** All that it needs has been fetched for the plug-ins that were built before. */
  private static Ended maven(Path project, String goal) throws IOException, InterruptedException {
    String script = File.separatorChar == '\\' ? "mvn.cmd" : "mvn";
    ProcessBuilder command = new ProcessBuilder(
        Path.of(System.getProperty("maven.home"), "bin", script).toString(), "-B", "-o",
        "-s", System.getProperty("maven.settings"),
        "-Dmaven.repo.local=" + System.getProperty("maven.repository"), goal).directory(project.toFile());
    command.environment().put("JAVA_HOME", System.getProperty("maven.java"));
    return ended(command);
  }

  private static Ended ashlar(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-Duser.home=" + Path.of("target/home").toAbsolutePath(),
        "-cp", System.getProperty("java.class.path"), "dev.ashlar.cli.Main"));
    command.addAll(List.of(arguments));
    return ended(new ProcessBuilder(command));
  }

  private static Ended ended(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    return new Ended(process.waitFor(), output);
  }
}
