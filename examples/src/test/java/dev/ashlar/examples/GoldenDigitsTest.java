package dev.ashlar.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.backend.cpu.Emission;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.plugin.Registry;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.PreparedRun;
import dev.ashlar.training.Trainer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code digits.yaml} trains has the same bits however it is computed: with any number of threads, by machine
 * code or bytecode, over wide vectors or none, fused or not.
 */
class GoldenDigitsTest {

  /** SHA-256 over names and weights. It changes with the arithmetic of an operation, and then says so here. */
  private static final String GOLDEN =
      "003e95d6681ca6067158e272ee8931bf27e6f8e446d084a52142cb182dfdf4fc";

  static Stream<Cpu> ways() {
    Cpu cpu = Cpu.defaults();
    return Stream.of(
        cpu.withThreads(1), cpu.withThreads(2), cpu.withThreads(3),
        cpu.withEmitter(Emission.MACHINE_AVX2), cpu.withEmitter(Emission.BYTECODE),
        cpu.withEmitter(Emission.BYTECODE_PLAIN), cpu.withOptimize(false));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void sameBits(Cpu cpu, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.safetensors");
    assertThat(train(cpu, file)).as("test accuracy").isGreaterThanOrEqualTo(0.975);
    assertThat(hash(file)).isEqualTo(GOLDEN);
  }

  private static double train(Cpu cpu, Path file) throws Exception {
    var configuration = Configuration.read(Path.of("digits.yaml"), List.of(), Registry.discover());
    try (var run = PreparedRun.of(configuration);
        var backend = cpu.open();
        var result = new Trainer(backend).train(run.task(), run.examples(), run.settings())) {
      result.model().save(file);
      return result.metrics().get("test").get("accuracy");
    }
  }

  private static String hash(Path file) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    var tensors = ModelFile.read(file).tensors();
    for (String name : new TreeSet<>(tensors.names())) {
      sha.update(name.getBytes());
      sha.update(tensors.get(name).data().asByteBuffer());
    }
    return HexFormat.of().formatHex(sha.digest());
  }
}
