package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerCommandTest {

  @TempDir
  private Path folder;

  private String printed(Object... arguments) {
    Ended ended = Console.run(arguments);
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  @Test
  void trainsEncodesAndDecodes() throws Exception {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(texts.resolve("a.txt"), "so it is so\nso it goes\n");
    Files.writeString(texts.resolve("b.jsonl"), "{\"text\": \"so be it\"}\n\"is it so\"\n");
    Path tokenizer = folder.resolve("tokenizer.json");

    assertThat(printed("tokenizer", "train", "--vocabulary", 262, "--special", "<end>", "--pattern", "llama3",
        "--output", tokenizer, texts)).startsWith("tokens: 262\n");

    Path lines = Files.writeString(folder.resolve("lines.jsonl"),
        "{\"id\": 7, \"text\": \"so it is <end>\"}\n\n\"\\u00e9 \\ud83d\\ude00\"\n");
    String ids = printed("tokenizer", "encode", tokenizer, "--input", lines, "--json");
    assertThat(ids).startsWith("{\"ids\":[").hasLineCount(2);
    Path numbers = Files.writeString(folder.resolve("ids.jsonl"), ids);
    assertThat(printed("tokenizer", "decode", folder, "--input", numbers, "--json"))
        .isEqualTo("{\"text\":\"so it is \"}\n{\"text\":\"\u00e9 \ud83d\ude00\"}\n");
    assertThat(printed("tokenizer", "decode", folder, "--input", numbers, "--special")).startsWith("so it is <end>\n");

    String plain = printed("tokenizer", "encode", folder, "--text", "goes so").strip();
    assertThat(printed("tokenizer", "decode", folder, "--ids", plain.replace(' ', ','))).isEqualTo("goes so\n");
  }

  @Test
  void textsAndNumbersComeFromStandardInput() throws Exception {
    Path text = Files.writeString(folder.resolve("a.txt"), "aaaa");
    Path tokenizer = folder.resolve("t.json");
    printed("tokenizer", "train", "--vocabulary", 258, "--output", tokenizer, text);
    String ids = given("aa b\n\"a\"", "tokenizer", "encode", tokenizer, "--input", "-", "--json");
    assertThat(ids).hasLineCount(2);
    assertThat(given(ids, "tokenizer", "decode", tokenizer, "--input", "-")).isEqualTo("aa b\n\"a\"\n");
    String lines = given("{\"text\": \"aa b\"}\n\"a\"\n", "tokenizer", "encode", tokenizer, "--input", "-", "--jsonl",
        "--json");
    assertThat(given(lines, "tokenizer", "decode", tokenizer, "--input", "-")).isEqualTo("aa b\na\n");
  }

  private String given(String input, Object... command) throws Exception {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      return printed(command);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void saysWhereTextsYieldNoMore() throws Exception {
    Path text = Files.writeString(folder.resolve("a.txt"), "aaaa");
    assertThat(printed("tokenizer", "train", "--vocabulary", 400, "--output", folder.resolve("t.json"), text))
        .startsWith("tokens: 258, all that the texts yield\n");
  }
}
