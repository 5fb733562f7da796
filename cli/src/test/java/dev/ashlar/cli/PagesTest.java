package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.config.Value;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.runtime.report.RunFiles;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code report} and {@code watch}. */
class PagesTest {

  @TempDir
  private Path folder;

  private Path run;

  @BeforeEach
  void train() throws IOException {
    run = folder.resolve("runs/small");
    Console.Ended ended = Console.run("train", SmallRun.write(folder), "--out", run);
    assertThat(ended.code()).as(ended.err()).isZero();
  }

  private Map<?, ?> findings() throws IOException {
    return (Map<?, ?>) Value.parse(Files.readString(run.resolve(RunFiles.FINDINGS)), "findings").plain();
  }

  @Test
  void aPageIsMadeAgainFromWhatIsThere() throws Exception {
    assertThat(findings().keySet().stream().map(Object::toString)).as("training leaves it")
        .contains("network", "matrix");
    Files.delete(run.resolve(RunFiles.FINDINGS));
    Files.delete(run.resolve(RunFiles.PAGE));
    Console.Ended ended = Console.run("report", run);
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).isEqualTo("report: " + run.resolve(RunFiles.PAGE) + "\n");
    assertThat(run.resolve(RunFiles.PAGE)).content().contains("\"matrix\":", "\"kind\":\"Dense\"", "standardize");
    assertThat(findings().keySet().stream().map(Object::toString)).contains("network", "matrix", "worst", "classes");

    Files.delete(folder.resolve("table.csv"));
    assertThat(Console.run("report", run).code()).as("what was found is kept").isZero();
    assertThat(findings().keySet().stream().map(Object::toString)).contains("matrix");
    assertThat(Console.run("report", run, "--again").code()).as("without the data the network is left").isZero();
    assertThat(findings().keySet().stream().map(Object::toString)).containsExactly("network");

    Files.delete(run.resolve("model.safetensors"));
    Files.delete(run.resolve(RunFiles.FINDINGS));
    assertThat(Console.run("report", run).code()).as("a checkpoint has the network too").isZero();
    assertThat(findings().keySet().stream().map(Object::toString)).containsExactly("network");

    AtomicFiles.deleteTree(run.resolve("checkpoints"));
    Files.delete(run.resolve(RunFiles.FINDINGS));
    assertThat(Console.run("report", run).code()).as("without any of them there is a page still").isZero();
    assertThat(run.resolve(RunFiles.PAGE)).content().contains("\"findings\":null");
  }

  @Test
  void aRunThatFailsLeavesAPage() throws IOException {
    Path failed = folder.resolve("runs/failed");
    Console.Ended ended = Console
        .run("train", folder.resolve("run.yaml"), "--out", failed, "--set", "optimizer={sgd: 1e38}");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(failed.resolve(RunFiles.PAGE)).content().contains("\\\"reason\\\":\\\"failed\\\"", "\"kind\":\"Dense\"");
    assertThat(failed.resolve(RunFiles.FINDINGS)).content().doesNotContain("matrix");
  }

  @Test
  void aRunIsWatchedByWhomItTrains() throws IOException {
    Path watched = folder.resolve("runs/watched");
    Console.Ended ended = Console.run("train", folder.resolve("run.yaml"), "--out", watched, "--watch");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out().lines().findFirst().orElseThrow()).matches("watch it at http://localhost:[0-9]+/");
  }

  @Test
  void aRunIsWatchedUntilItIsEnded() throws Exception {
    for (Path watched : new Path[] {run, run.getParent()}) {
      PipedReader told = new PipedReader();
      StringWriter err = new StringWriter();
      CompletableFuture<Integer> code = new CompletableFuture<>();
      PrintWriter out = new PrintWriter(new PipedWriter(told), true);
      Thread watching = Thread.ofPlatform().start(() ->
          code.complete(Main.run(out, new PrintWriter(err), "watch", watched.toString())));
      String line = new BufferedReader(told).readLine();
      Matcher said = Pattern.compile("watching (.*) at (http://localhost:[0-9]+/) \\(Ctrl-C ends\\)").matcher(line);
      assertThat(said.matches()).as(line).isTrue();
      assertThat(said.group(1)).isEqualTo(watched.toString());
      HttpResponse<String> data = HttpClient.newHttpClient().send(
          HttpRequest.newBuilder(URI.create(said.group(2) + "data?run=small")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(data.body()).contains("\"name\":\"small\"", "\"kind\":\"Dense\"");
      watching.interrupt();
      assertThat(code.get()).as(err.toString()).isZero();
    }
  }
}
