package dev.ashlar.backend.cpu.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter.Lanes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vector kernels in a JVM where they are the only ones. */
class VectorAllocationTest {

  /**
   * A method too large for C1 at the tier with profiles reaches C2 or not by the luck of the queue. Compilations are
   * waited for, so that a number of calls means the same on a busy machine.
   */
  @ParameterizedTest
  @CsvSource({"VECTOR_128, false", "VECTOR_128, true", "VECTOR_256, false", "VECTOR_256, true",
      "VECTOR_512, false", "VECTOR_512, true"})
  void noMethodIsTooLargeForC1AndWarmKernelsAllocateNothing(Lanes lanes, boolean checked)
      throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java, "--add-modules", "jdk.incubator.vector", "-Xmx512m",
        "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-XX:+PrintCompilation", "-Xbatch"));
    if (!VectorAllocation.isOfMachine(lanes)) {
      command.add("-XX:TieredStopAtLevel=3");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), VectorAllocation.class.getName(),
        lanes.name(), String.valueOf(checked)));
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output.lines().filter(VectorAllocationTest::isGenerated)).as("compiled").isNotEmpty();
    assertThat(output.lines().filter(line -> line.contains("still allocates") || isGivenUp(line))).isEmpty();
  }

  private static boolean isGenerated(String line) {
    return line.contains(BytecodeEmitter.class.getPackageName() + ".Kernel/");
  }

  private static boolean isGivenUp(String line) {
    return isGenerated(line) && line.contains("COMPILE SKIPPED")
        && !line.contains("concurrent class loading"); // tried again
  }
}
