package dev.ashlar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {

  @ParameterizedTest
  @CsvSource({"--threads, -1", "--threads, 100000", "--seconds, -1.0", "--seconds, 0.0", "--seconds, NaN"})
  void refusesWhatMakesNoSense(String option, String value) {
    StringWriter err = new StringWriter();
    int code = new CommandLine(new BenchCommand()).setErr(new PrintWriter(err)).execute(option, value, "mlp");
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).startsWith(option + " " + value).contains("give a ");
  }
}
