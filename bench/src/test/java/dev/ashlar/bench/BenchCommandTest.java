package dev.ashlar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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

  @ParameterizedTest
  @CsvSource({"--limits mlp", "--startup", "--startup mlp seed", "--startup --profile seed", "--limits --profile"})
  void refusesOptionsThatWouldBeIgnored(String words) {
    StringWriter err = new StringWriter();
    int code = new CommandLine(new BenchCommand()).setErr(new PrintWriter(err)).execute(words.split(" "));
    assertThat(code).isEqualTo(2);
    String told = words.contains("--profile") ? "--profile" : words.split(" ")[0];
    assertThat(err.toString()).startsWith(told + " with");
  }

  @Test
  void timesTheStartAndTheLimits() {
    assertThat(printed("--startup", "--json", "--threads", "1", "seed"))
        .containsPattern("\"workload\": \"seed\", \"first_ms\": [1-9][0-9]*, \"tenth_ms\": [1-9]");
    assertThat(printed("--limits", "--json", "--threads", "1"))
        .containsPattern("\"gflops\": [1-9][0-9.]*, \"copy_gb_s\": [0-9]*[1-9.][0-9]*,"
            + " \"read_gb_s\": [0-9.]+, \"cache_gb_s\": [1-9]");
  }

  private static String printed(String... words) {
    StringWriter out = new StringWriter();
    assertThat(new CommandLine(new BenchCommand()).setOut(new PrintWriter(out)).execute(words)).isZero();
    return out.toString();
  }
}
