package dev.ashlar.cli;

import static dev.ashlar.cli.Console.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ashlar.cli.Console.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pipes in the place of files, and a standard output that takes nothing. */
class StreamsTest {

  @TempDir
  private Path folder;

  private Path config;
  private Path table;

  @BeforeEach
  void write() throws Exception {
    table = Files.writeString(folder.resolve("table.csv"), "x,y,kind\n1,2,low\n3,4,high\n5,6,low\n7,8,high\n");
    config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {csv: {path: table.csv, label: kind}}}
        model: [{dense: 2}]
        loss: cross_entropy
        optimizer: {adam: 0.1}
        train: {epochs: 1, batch: 4, seed: 1}
        """);
  }

  private Path trained() {
    Path out = folder.resolve("out");
    Ended trained = run("train", config, "--out", out);
    assertThat(trained.code()).as(trained.err()).isZero();
    return out;
  }

  @Test
  void whatCannotBePrintedIsAFailure() {
    Path out = trained();
    Object[][] commands = {{"train", config, "--out", folder.resolve("again"), "--json"}, {"evaluate", out, "--json"},
        {"predict", out, "--input", folder.resolve("table.csv")}, {"plugins", "list"}, {"--help"}, {}};
    for (Object[] command : commands) {
      Ended ended = Console.runWithoutOutput("No space left on device", command);
      assertThat(ended.code()).as(Arrays.toString(command)).isEqualTo(1);
      assertThat(ended.err()).isEqualTo(
          "standard output took no more, perhaps since the disk is full: what it got is not complete\n");
    }
    assertThat(Console.runWithoutOutput("No space left on device", "train", folder.resolve("none.yaml")).code())
        .as("the first reason").isEqualTo(2);
  }

  /** As {@code head} is: there is nothing to tell of. */
  @Test
  void whoeverReadsAPipeMayStop() throws Exception {
    Path out = trained();
    StringBuilder many = new StringBuilder("x,y\n");
    many.append("1,2\n".repeat(100_000));
    Path rows = Files.writeString(folder.resolve("many.csv"), many);
    Object[][] commands = {{"predict", out, "--input", rows}, {"plugins", "list"}, {"schema"}, {"--help"},
        {"train", config, "--out", folder.resolve("again")}};
    for (Object[] command : commands) {
      Ended ended = Console.runWithoutOutput("Broken pipe", command);
      assertThat(ended.code()).as(Arrays.toString(command)).isEqualTo(141);
      assertThat(ended.err()).isEmpty();
    }
    assertThat(folder.resolve("again/model.safetensors")).as("trained all the same").exists();
  }

  @Test
  @Timeout(60)
  void predictReadsAndWritesPipes() throws Exception {
    Path model = trained();
    Path input = pipe("input");
    Path output = pipe("output");
    CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> copy(table, input));
    Path answers = folder.resolve("answers.csv");
    CompletableFuture<Void> taken = CompletableFuture.runAsync(() -> copy(output, answers));

    Ended piped = run("predict", model, "--input", input, "--output", output);

    assertThat(piped.code()).as(piped.err()).isZero();
    fed.get();
    taken.get();
    assertThat(answers).hasContent(run("predict", model, "--input", table).out());
    assertThat(Files.isRegularFile(output)).isFalse();
  }

  @Test
  @Timeout(60)
  void aMistakeInAPipeIsToldByItsName() throws Exception {
    Path model = trained();
    Path input = pipe("input");
    Path wrong = Files.writeString(folder.resolve("wrong.csv"), "x,y\n1,no\n");
    CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> copy(wrong, input));

    Ended ended = run("predict", model, "--input", input);

    fed.get();
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).startsWith(input + ":2: column 'y'\n");
  }

  private Path pipe(String name) throws Exception {
    Path pipe = folder.resolve(name);
    try {
      assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    } catch (IOException e) {
      assumeThat(e).as("no mkfifo here").isNull();
    }
    return pipe;
  }

  private static void copy(Path from, Path to) {
    try {
      Files.writeString(to, Files.readString(from));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
