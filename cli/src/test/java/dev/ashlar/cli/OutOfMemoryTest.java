package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryTest {

  private static final String HEAP = "no memory left on the Java heap of " + (Runtime.getRuntime().maxMemory() >> 20)
      + " MB (Java heap space): take a smaller model, batch or data set, or a larger heap, as ASHLAR_JAVA_OPTS=-Xmx8g"
      + " gives\n";

  @TempDir
  private Path folder;

  @Test
  void oneLineSaysWhatToDo() {
    assertThat(told(new OutOfMemoryError("Java heap space"))).isEqualTo(HEAP);
    assertThat(told(new IllegalStateException("a piece failed", new OutOfMemoryError("Java heap space"))))
        .isEqualTo(HEAP);
    String variable = "variable 'dense.weight' of f32[64, 20000000]: the system gives no 5120000000 bytes";
    assertThat(told(new OutOfMemoryError(variable))).isEqualTo(
        "no memory left: " + variable + ": take a smaller model, batch or data set, or a machine with more\n");
    String reserve = "Cannot reserve 80 bytes of direct buffer memory (allocated: 20, limit: 90)";
    assertThat(told(new OutOfMemoryError(reserve))).isEqualTo(
        "no memory left for arrays: " + reserve
            + ": take a smaller model, batch or data set, or a higher limit, as ASHLAR_JAVA_OPTS=-Xmx8g gives\n");
  }

  private static String told(Throwable thrown) {
    StringWriter err = new StringWriter();
    assertThat(Failures.tell(thrown, new PrintWriter(err))).isEqualTo(1);
    return err.toString();
  }

  @Test
  void aCommandThatRunsOutOfMemoryFailsInOneLine() throws Exception {
    Path config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {random: {rows: 8}}}
        model: [{dense: 1}]
        loss: mean_squared_error
        optimizer: {sgd: 0.1}
        train: {epochs: 1, batch: 8}
        """);
    Path out = folder.resolve("out");
    assertThat(run("train", config, "--out", out).code()).isZero();
    InputStream before = System.in;
    try {
      System.setIn(new InputStream() {
        @Override
        public int read() {
          throw new OutOfMemoryError("Java heap space");
        }
      });
      Ended ended = run("predict", out);
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err()).isEqualTo(HEAP);
    } finally {
      System.setIn(before);
    }
  }
}
