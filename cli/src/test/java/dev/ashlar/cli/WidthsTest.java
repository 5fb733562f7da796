package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Narrow windows, terminals and what is none. */
class WidthsTest {

  @TempDir
  private Path folder;

  private Path config;

  @BeforeEach
  void write() throws Exception {
    StringBuilder table = new StringBuilder("first_measure,second_measure,kind\n");
    for (int i = 0; i < 60; i++) {
      table.append(i % 7 - 3).append(',').append(i % 5 - 2).append(',').append(i % 7 > 3 ? "high" : "low").append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), table);
    config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {csv: {path: table.csv, label: kind}}, split: {test: 0.25, validation: 0.2}}
        model: [{dense: 2048}, {residual: [layer_norm, tanh, {dense: 2048}]}, {dense: 2}]
        loss: cross_entropy
        optimizer: {adam: 0.01}
        metrics: [accuracy]
        train: {epochs: 2, batch: 8, seed: 1}
        """);
  }

  private static List<String> lines(int columns, Object... arguments) {
    Console.Ended ended = Console.run(new Terminal(columns, false), arguments);
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out().lines().filter(line -> !line.startsWith("model: /")).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 80, 60, 40})
  void everyLineFits(int columns) {
    Path out = folder.resolve("out");
    Path other = folder.resolve("other");
    List<List<String>> printed = List.of(lines(columns, "train", config, "--out", out),
        lines(columns, "train", config, "--out", other, "--set", "model[0].dense=1024", "--set",
            "model[1].residual[2].dense=1024"),
        lines(columns, "summary", config), lines(columns, "summary", out), lines(columns, "validate", config),
        lines(columns, "plugins", "list"), lines(columns, "plugins", "describe", "conv2d"), lines(columns, "doctor"),
        lines(columns, "evaluate", out, "--tap", "*", "--set", "metrics=[f1, confusion_matrix]"),
        lines(columns, "diff", out, other),
        lines(columns, "train", config, "--out", folder.resolve("profiled"), "--profile", "--set", "backend=cpu"));
    printed.forEach(lines -> assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line.length())
        .as(line).isLessThanOrEqualTo(columns)));
  }

  @Test
  void anEpochTakesARowAsLongAsItFits() {
    Object[] train = {"train", config, "--out", folder.resolve("out"), "--overwrite"};
    assertThat(lines(100, train)).anyMatch(line -> line.matches(
        "epoch  train loss  train accuracy  validation loss  validation accuracy  samples/s +time"));
    assertThat(lines(80, train)).anyMatch(line -> line.matches(" +train +train +validation +validation"))
        .anyMatch(line -> line.matches("epoch +loss +accuracy +loss +accuracy +samples/s +time"));
    assertThat(lines(60, train)).anyMatch(line -> line.matches("epoch +loss +accuracy +loss +accuracy +time"));
    assertThat(lines(40, train)).anyMatch(line -> line.matches("epoch 2: train loss [0-9.]+, train"));
  }

  @Test
  void whereLinesHaveNoEndHeadersAreStillBroken() {
    Object[] train = {"train", config, "--out", folder.resolve("out"), "--overwrite", "--set",
        "metrics=[accuracy, f1, precision, recall, balanced_accuracy, confusion_matrix]"};
    assertThat(lines(Terminal.UNLIMITED, train)).filteredOn(line -> line.startsWith("epoch")).singleElement(STRING)
        .matches("epoch( +loss +accuracy +f1 +precision +recall +balanced_accuracy){2} +samples/s +time");
  }

  @Test
  void tablesAreBrokenBetweenWordsThenBecomeParagraphs() {
    assertThat(printed(30)).isEqualTo("""
        name  meaning             size
        one   the first of all    1.25
               of them
          in  what is in it         10
        """);
    assertThat(printed(22)).isEqualTo("""
        name  meaning     size
        one   the first   1.25
               of all of
               them
          in  what is in    10
               it
        """);
    assertThat(printed(17)).isEqualTo("""
        one: meaning the
            first of all
            of them, size
            1.25
          in: meaning
              what is in
              it, size 10
        """);
    assertThat(printed(Terminal.UNLIMITED)).isEqualTo("""
        name  meaning                   size
        one   the first of all of them  1.25
          in  what is in it               10
        """);
  }

  private static String printed(int columns) {
    StringWriter text = new StringWriter();
    Table table = new Table("name", "meaning", "size").right(2);
    table.row("one", "the first of all of them", "1.25");
    table.row("  in", "what is in it", "10");
    table.print(new Screen(text, new Terminal(columns, false)));
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
      "true, -, 80", "true, 132, 132", "true, 5, 20", "false, 60, 60", "false, -, 2147483647", "true, wide, 80",
      "false, '', 2147483647", "false, 0, 2147483647"})
  void theWidthIsThatOfTheWindow(boolean interactive, String columns, int width) {
    assertThat(Terminal.of(interactive, columns).columns()).isEqualTo(width);
  }

  @Test
  void wordsAreBrokenOnlyWhereTheyMust() {
    Terminal terminal = new Terminal(10, false);
    assertThat(terminal.wrapped("one two three", "  ")).containsExactly("one two", "  three");
    assertThat(terminal.wrapped("abcdefghijklmnop q", "  ")).containsExactly("abcdefghij", "  klmnop q");
    assertThat(terminal.wrapped("", "  ")).containsExactly("");
    assertThat(terminal.wrapped("    indented text", "  ")).containsExactly("    indent", "  ed text");
  }

  @ParameterizedTest
  @CsvSource({"80, '  [============            ]  50 %  0 s left'", "30, '   50 %  0 s left'", "20, '   50 %'"})
  void barsLeaveRoomForTheShare(int columns, String expected) {
    StringWriter text = new StringWriter();
    new Progress(new Screen(text, new Terminal(columns, true)), 0).show("epoch 1 of 2", 0.5, "");
    assertThat(text.toString().substring(1)).startsWith("epoch 1 of 2" + expected).hasSizeLessThan(columns);
  }

  @Test
  void whatIsNoTerminalGetsPlainLines() {
    StringWriter text = new StringWriter();
    try (Progress progress = new Progress(new Screen(text, Terminal.NONE), 0)) {
      progress.showIfDue("answering", 1024, 4096);
    }
    assertThat(text.toString()).matches("answering: 25 %  0 s left  1,024 of 4,096\\R");
  }

  @Test
  void progressIsShownOnATerminalAlone() throws Exception {
    for (boolean interactive : new boolean[] {true, false}) {
      StringWriter text = new StringWriter();
      PrintWriter out = new Screen(text, new Terminal(50, interactive));
      Progress progress = new Progress(out);
      Thread.sleep(150);
      assertThat(progress.isDue()).isEqualTo(interactive);
      if (progress.isDue()) {
        progress.show("epoch 1 of 2", 0.25, "loss 0.5, and more than fits");
        assertThat(progress.isDue()).as("not so soon").isFalse();
      }
      progress.clear();
      if (interactive) {
        String[] written = text.toString().split("\r");
        assertThat(written).hasSize(3);
        assertThat(written[1]).hasSizeLessThanOrEqualTo(49).matches("epoch 1 of 2  \\[=+ +]  25 %  \\d+ s left");
        assertThat(written[2]).isEqualTo(" ".repeat(written[1].length()));
      } else {
        assertThat(text.toString()).isEmpty();
      }
    }
  }
}
