package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class QuietLoggingTest {

  @Test
  void whatIsLoggedLooksAsWhatCommandsSay() {
    PrintStream before = System.err;
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    LoggerContext context = new LoggerContext();
    try {
      System.setErr(new PrintStream(caught, true, StandardCharsets.UTF_8));
      context.setMDCAdapter(new LogbackMDCAdapter());
      new QuietLogging().configure(context);
      org.slf4j.Logger log = context.getLogger("any");
      log.info("nobody asks");
      log.warn("column '{}': WARN of ERROR", "x");
      log.error("it is lost");
    } finally {
      context.stop();
      System.setErr(before);
    }
    assertThat(caught.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("warning: column 'x': WARN of ERROR", "error: it is lost");
  }
}
