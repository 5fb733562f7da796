package dev.ashlar.io.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes leaves the file of before or the new one, never a part. */
class KilledWriterTest {
  private static final TensorType TYPE = TensorType.of(DType.I32, 1000);
  private static final int TENSORS = 20;

  @TempDir Path folder;

  /** The process that is killed: writes one file for ever, full of 0, then of 1, and so on, tensor by tensor. */
  static final class Writer {
    public static void main(String[] arguments) throws IOException {
      Map<String, TensorType> types = new LinkedHashMap<>();
      for (int i = 0; i < TENSORS; i++) types.put("x" + i, TYPE);
      for (int number = 0; ; number++) {
        var array = NDArray.zeros(TYPE);
        for (int i = 0; i < array.size(); i++) array.setLong(i, number);
        SafeTensors.write(Path.of(arguments[0]), types, _ -> slowly(array), Map.of());
        if (number == 1) System.out.println("writing");
      }
    }

    /** So that most of the time some of the tensors are written and some are not. */
    private static NDArray slowly(NDArray array) {
      LockSupport.parkNanos(1_000_000);
      return array;
    }
  }

  @Test
  void fileIsWhole() throws IOException, InterruptedException {
    var path = folder.resolve("x.safetensors");
    for (int run = 0; run < 4; run++) {
      var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      var writer = new ProcessBuilder(
          java, "-cp", System.getProperty("java.class.path"), Writer.class.getName(), path.toString())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      assertThat(writer.getInputStream().read()).isEqualTo('w');
      LockSupport.parkNanos(9_000_000L * run);
      writer.destroyForcibly().waitFor();

      var arrays = SafeTensors.open(path).arrays();
      assertThat(arrays).hasSize(TENSORS);
      long number = arrays.get("x0").getLong(0);
      arrays.forEach((name, array) -> assertThat(array.toInts()).as(name).containsOnly((int) number));
    }
    try (var names = Files.list(folder)) {
      assertThat(names.filter(name -> !name.equals(path))).allMatch(p -> p.toString().endsWith(".partial"));
    }
  }
}
