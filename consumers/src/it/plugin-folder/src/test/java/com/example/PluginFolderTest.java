package com.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.backend.cpu.CpuProgram;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Value;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.runtime.PluginFolders;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.training.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    assertTrue(listed.output().contains("kernel: acme:leaky_sum on cpu"), listed.output());
  }

  @Test
  void theKernelOfTheFolderRuns() {
    Registry plugins = PluginFolders.discover(List.of(Path.of("target/plugins")));
    Layer layer = new Binder(plugins, Path.of("")).bind(Value.of(Map.of("leaky_sum", 0.5)), Layer.class).orThrow();
    Tensor x = Tensor.input("x", TensorType.of(DType.F32, 1, 3));
    Tensor y = layer.forward(x, Trace.inference(Precision.F32).root());
    Computation computation = new Computation("leak", Tensors.of(y), List.of());
    Map<String, NDArray> values = Map.of("x", NDArray.of(x.shape(), 4f, 0f, 8f));
    try (Backend kernel = Backends.open(plugins); Backend own = Cpu.defaults().open()) {
      for (Backend backend : List.of(kernel, own)) {
        assertArrayEquals(new float[] {4, 2, 9}, backend.evaluate(y, values).toFloats());
      }
      assertEquals("acme:leaky_sum", label(kernel, computation));
      assertEquals("acme:leaky_sum (own code)", label(own, computation));
    }
  }

  private static String label(Backend backend, Computation computation) {
    return ((CpuProgram) backend.compile(computation)).steps().getFirst().label();
  }

  @Test
  void withoutTheFolderTheNameIsUnknown(@TempDir Path folder) throws Exception {
    Ended ended = ashlar("train", "target/test-classes/gated.yaml", "--out", folder.toString());
    assertEquals(2, ended.exit(), ended.output());
    assertTrue(ended.output().contains("gated_linear") && ended.output().contains("signum"), ended.output());
    assertTrue(!ended.output().contains("\tat "), ended.output());
    assertTrue(Files.notExists(folder.resolve("model.safetensors")));
  }

  /** An operation of a stranger, with its own gradient, learns as well as it says. */
  @Test
  void aQuantumCircuitTellsIrisesApart(@TempDir Path folder) throws Exception {
    String config = Path.of(System.getProperty("examples"), "plugin-quantum", "iris.yaml").toString();
    Ended trained = ashlar("train", config, "--plugins", "target/plugins", "--out", folder.toString(), "--json");
    assertEquals(0, trained.exit(), trained.output());
    String report = trained.output().strip().lines().toList().getLast();
    double accuracy = Double.parseDouble(report.replaceFirst(".*\"test\".*?\"accuracy\":([0-9.]+).*", "$1"));
    assertTrue(accuracy >= 0.9, report);
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
