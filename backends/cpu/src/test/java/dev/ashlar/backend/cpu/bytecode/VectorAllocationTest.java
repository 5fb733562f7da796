package dev.ashlar.backend.cpu.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Warm vector kernels allocate nothing, in a JVM where they are the only ones. */
class VectorAllocationTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void warmKernelsAllocateNothing(boolean checked) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process = new ProcessBuilder(
        java, "--add-modules", "jdk.incubator.vector", "-Xmx512m", "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"),
        VectorAllocation.class.getName(), String.valueOf(checked))
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output).isEmpty();
  }
}
