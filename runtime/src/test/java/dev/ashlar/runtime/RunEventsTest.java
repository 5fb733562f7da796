package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEventsTest {

  private static final String BEFORE = """
      {"type":"start"}
      {"type":"step","step":2,"loss":1}
      {"type":"epoch","step":2}
      {"type":"warning","step":2,"kind":"a"}
      {"type":"step","step":4,"loss":1}
      {"type":"warning","step":4,"kind":"left_out"}
      """;
  private static final String MEASURED = """
      {"type":"epoch","step":4}
      {"type":"warning","step":4,"kind":"b"}
      {"type":"sample","step":4,"text":"x"}
      """;
  private static final String AFTER = """
      {"type":"step","step":6,"loss":1}
      {"type":"end","step":6}
      """;

  @TempDir
  private Path folder;

  private String until(String text, long step, boolean isMeasured) throws Exception {
    return RunEvents.until(Files.writeString(folder.resolve("metrics.jsonl"), text), step, isMeasured);
  }

  /** The model is measured again, and what was seen then is told again. */
  @Test
  void whatIsWrittenAgainGoes() throws Exception {
    assertThat(until(BEFORE + MEASURED + AFTER, 4, false)).isEqualTo(BEFORE);
    assertThat(until(BEFORE + MEASURED + AFTER, 4, true)).isEqualTo(BEFORE + MEASURED);
    assertThat(until(BEFORE + MEASURED, 6, false)).isEqualTo(BEFORE + MEASURED);
    assertThat(until(BEFORE + MEASURED + AFTER, 2, false)).isEqualTo(
        BEFORE.lines().limit(2).map(line -> line + "\n").reduce("", String::concat));
  }

  @Test
  void linesThatAreNoneGo() throws Exception {
    assertThat(until(BEFORE + "{\"type\":\"step\",\"st", 4, false)).isEqualTo(BEFORE);
    assertThat(until("no JSON\n[1]\n" + BEFORE, 4, false)).isEqualTo(BEFORE);
    assertThat(RunEvents.until(folder.resolve("none"), 4, false)).isEmpty();
  }
}
