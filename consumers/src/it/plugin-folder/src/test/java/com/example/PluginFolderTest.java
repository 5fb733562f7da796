package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginFolderTest {

  private record Ended(int exit, String output) {}

  @Test
  void theFolderIsAllThatIsNeeded(@TempDir Path folder) throws Exception {
    Ended trained = ashlar("train", "target/test-classes/gated.yaml", "--plugins", "target/plugins",
        "--out", folder.toString(), "--json");
    assertEquals(0, trained.exit(), trained.output());
    assertTrue(trained.output().strip().lines().toList().getLast().contains("\"test\""), trained.output());
    assertTrue(Files.size(folder.resolve("model.safetensors")) > 0);

    Ended listed = ashlar("plugins", "list", "--plugins", "target/plugins");
    assertEquals(0, listed.exit(), listed.output());
    assertTrue(listed.output().contains("acme") && listed.output().contains("gated_linear"), listed.output());
  }

  @Test
  void withoutTheFolderTheNameIsUnknown(@TempDir Path folder) throws Exception {
    Ended ended = ashlar("train", "target/test-classes/gated.yaml", "--out", folder.toString());
    assertEquals(2, ended.exit(), ended.output());
    assertTrue(ended.output().contains("gated_linear") && ended.output().contains("lion"), ended.output());
    assertTrue(!ended.output().contains("\tat "), ended.output());
    assertTrue(Files.notExists(folder.resolve("model.safetensors")));
  }

  private static Ended ashlar(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), "dev.ashlar.cli.Main"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    return new Ended(process.waitFor(), output);
  }
}
