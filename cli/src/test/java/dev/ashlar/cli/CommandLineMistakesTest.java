package dev.ashlar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.cli.Console.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users are told of wrong options, arguments and files: command-lines.txt. With {@code
 * -Dashlar.golden.update=true} it is written anew, to be read before it is committed.
 */
class CommandLineMistakesTest {

  private static final Path GOLDEN = Path.of("src/test/resources/dev/ashlar/cli/command-lines.txt");

  private static final String MISTAKES = """
      tarin DIR/run.yaml
      train
      train DIR/run.yaml DIR/run.yaml
      train DIR/run.yaml --epochs 5
      train DIR/run.yaml --overwite
      train --ouptut=DIR/out DIR/run.yaml
      train DIR/run.yaml --out EMPTY
      train EMPTY
      train DIR/run.yaml --out
      train DIR/run.yaml --out DIR/a --out DIR/b
      train DIR/run.yaml --threads many
      train DIR/run.yaml --threads -1
      train DIR/run.yaml --folds 1
      train DIR/run.yaml --folds two
      train DIR/run.yaml --folds 3 --out DIR/out
      train DIR/run.yaml --folds 3 --profile
      train DIR/model
      train DIR/none.yaml
      train DIR/table.csv
      train DIR/run.yaml --set train.epochs
      train DIR/run.yaml --set =5
      train DIR/run.yaml --set train.epochs=
      train DIR/run.yaml --out DIR/run.yaml
      train DIR/run.yaml --out DIR/run.yaml/below
      train DIR/run.yaml --out DIR/model
      train DIR/run.yaml --plugins DIR/none
      train DIR/run.yaml --plugins DIR/run.yaml
      validate DIR/run.yaml --full --json
      validate DIR
      train --resume DIR/model --out DIR/other
      train --resume DIR/none
      train --resume DIR
      train --resume DIR/model/checkpoints/step-000000123
      runs show DIR/none
      runs show DIR
      runs compare DIR/model
      runs rm DIR/model
      runs rm DIR --yes
      runs rm DIR/none --yes
      evaluate DIR/none
      evaluate DIR
      evaluate DIR/run.yaml
      evaluate DIR/table.csv
      evaluate DIR/model --values
      evaluate DIR/model --values --json
      evaluate DIR/model --tap tahn
      evaluate DIR/model --data DIR/none.yaml
      evaluate DIR/alone.safetensors
      summary DIR/model --set train.epochs=5
      summary DIR/none
      report DIR/none
      report DIR/table.csv
      report DIR
      watch DIR/none
      watch DIR/table.csv
      watch DIR/model --port 70000
      predict DIR/model --input EMPTY
      predict DIR/model --input DIR/none.csv
      predict DIR/model --input DIR
      predict DIR/model --input DIR/nan.npy
      predict DIR/model --input DIR/table.csv --from xml
      predict DIR/model --input DIR/table.csv --header maybe
      predict DIR/model --input DIR/table.csv --to npy
      predict DIR/model --input DIR/table.csv --output DIR/answers.json
      predict DIR/model --input DIR/table.csv --output DIR/answers.csv.gz
      predict DIR/model --input DIR/table.csv --output DIR/none/answers.csv
      predict DIR/model --input DIR/table.csv --output DIR/model
      predict DIR/model --input DIR/misspelt.csv --output DIR/answers.csv
      generate DIR/gpt
      generate DIR/gpt --prompt ab --prompt-ids 1,2
      generate DIR/gpt --prompt abx
      generate DIR/gpt --prompt EMPTY
      generate DIR/gpt --prompt-ids 1,99
      generate DIR/gpt --prompt-ids 1,two
      generate DIR/gpt --prompt aaaaaaaaaaaaaaaa
      generate DIR/gpt --prompt ab --max-new-tokens 0
      generate DIR/gpt --prompt ab --min-new-tokens 300
      generate DIR/gpt --prompt ab --greedy --top-k 5
      generate DIR/gpt --prompt ab --temperature -1
      generate DIR/gpt --prompt ab --top-k -1
      generate DIR/gpt --prompt ab --top-p 1.5
      generate DIR/gpt --prompt ab --min-p many
      generate DIR/gpt --prompt ab --repetition-penalty 0
      generate DIR/gpt --prompt ab --seed x
      generate DIR/gpt --prompt ab --stop EMPTY
      generate DIR/gpt --input DIR/none.jsonl
      generate DIR/gpt --input DIR/empty.csv
      generate DIR/gpt --input DIR/table.csv
      generate DIR/gpt --input DIR/prompts.jsonl
      generate DIR/gpt --input DIR/prompts.jsonl --batch 0
      generate DIR/gpt --input DIR/unknown.jsonl
      generate DIR/gpt --input DIR/broken.jsonl
      generate DIR/gpt --prompt ab --threads -1
      generate DIR/gpt --prompt ab --threads 5000
      export DIR/gpt --hf DIR
      export DIR/gpt --hf DIR --overwrite
      export DIR/gpt --hf DIR/new
      export DIR/model --hf DIR/none/new
      generate DIR/model --prompt ab
      generate DIR/none --prompt ab
      generate DIR/run.yaml --prompt ab
      plugins describe
      plugins describe dens relu adamm
      plugins new
      plugins new DIR/model
      plugins new DIR/Plug.in
      plugins new DIR/new --group Acme
      plugins new DIR/new --group com.new.acme
      plugins new DIR/new --name layers
      plugins new DIR/new --name 2nd
      plugins lists
      diff DIR/model
      diff DIR/model DIR/none
      diff DIR/model DIR/model DIR/model
      convert DIR/model --dtype bf16
      convert DIR/model --dtype int4 --output DIR/new.safetensors
      convert DIR/none --dtype bf16 --output DIR/new.safetensors
      convert DIR/model --dtype bf16 --output DIR/none/new.safetensors
      convert DIR/model --dtype bf16 --output DIR/table.csv
      init DIR/none.csv
      init DIR/table.csv --label colour
      init DIR/table.csv --task clustering
      init DIR/table.csv --output DIR/run.yaml
      init DIR/table.csv --output DIR/none/table.yaml
      init DIR/empty.csv --output DIR/empty.yaml
      tokenizer trian
      tokenizer train --vocabulary 300
      tokenizer train --vocabulary 200 DIR/text.txt
      tokenizer train --vocabulary many DIR/text.txt
      tokenizer train --vocabulary 300 --pattern gtp2 DIR/text.txt
      tokenizer train --vocabulary 300 --special <s> --special <s> DIR/text.txt
      tokenizer train --vocabulary 300 --output DIR/tokenizer.json DIR/text.txt
      tokenizer train --vocabulary 300 --output DIR/none/t.json DIR/text.txt
      tokenizer train --vocabulary 300 --output DIR/t.json DIR/none.txt
      tokenizer train --vocabulary 300 --output DIR/t.json DIR/bad.jsonl
      tokenizer encode DIR/tokenizer.json
      tokenizer encode DIR/tokenizer.json --text a --input DIR/text.txt
      tokenizer encode DIR/none.json --text a
      tokenizer encode DIR --input DIR/bad.jsonl
      tokenizer encode DIR --input DIR/none.jsonl
      tokenizer encode DIR/run.yaml --text a
      tokenizer encode DIR/model --text a
      tokenizer decode DIR --ids 1,x
      tokenizer decode DIR --input DIR/text.txt
      schema --output DIR
      completion
      completion tcsh
      doctor --threads 5000
      """;

  @TempDir
  private Path folder;

  @Test
  void areTold() throws Exception {
    prepare();
    List<Path> before = files();
    StringBuilder told = new StringBuilder();
    for (String line : MISTAKES.lines().toList()) {
      Object[] words = line.replace("DIR", folder.toString()).split(" ");
      Arrays.setAll(words, i -> words[i].equals("EMPTY") ? "" : words[i]);
      Ended ended = Console.run(words);
      assertThat(ended.code()).as("%s: %s", line, ended.err()).isEqualTo(Failures.USER);
      assertThat(ended.out()).as(line).isEmpty();
      told.append("$ ").append(line).append('\n').append(ended.err().replace(folder.toString(), "DIR")).append('\n');
    }
    assertThat(files()).as("nothing is left behind").isEqualTo(before);
    if (Boolean.getBoolean("ashlar.golden.update")) {
      Files.writeString(GOLDEN, told);
    }
    assertThat(told.toString()).isEqualTo(Files.readString(GOLDEN)).doesNotContain("\tat ");
  }

  private void prepare() throws Exception {
    Files.writeString(folder.resolve("table.csv"), "x,y,kind\n1,2,low\n3,4,high\n5,6,low\n7,8,high\n");
    Files.writeString(folder.resolve("misspelt.csv"), "x,yy\n1,2\n");
    Files.writeString(folder.resolve("empty.csv"), "");
    Files.write(folder.resolve("nan.npy"), array());
    Files.writeString(folder.resolve("text.txt"), "so it is so\n");
    Files.writeString(folder.resolve("bad.jsonl"), "[1, 2]\n{\"txt\": \"no\"}\n");
    assertThat(Console.run("tokenizer", "train", "--vocabulary", 258, "--output", folder.resolve("tokenizer.json"),
        folder.resolve("text.txt")).code()).isZero();
    Files.writeString(folder.resolve("unknown.jsonl"), "\"ab\"\n\n{\"ids\": [1, 77]}\n");
    Files.writeString(folder.resolve("broken.jsonl"), "\"ab\"\n{\"ids\": [1, 2}\n");
    Files.writeString(folder.resolve("prompts.jsonl"), "\"ab\"\n{\"ids\": [1, 2.5]}\n");
    Files.writeString(folder.resolve("letters.txt"), "abcabc\n".repeat(9));
    Path gpt = Files.writeString(folder.resolve("gpt.yaml"), """
        data: {source: {text: {path: letters.txt, tokens: characters, length: 8}}}
        model: [{embedding: {vocabulary: 4, width: 4}}, {position_embedding: 8}, {dense: 4}]
        loss: cross_entropy
        optimizer: {adam: 0.1}
        train: {epochs: 1, batch: 4, seed: 1}
        """);
    assertThat(Console.run("train", gpt, "--out", folder.resolve("gpt")).code()).isZero();
    Path config = Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {csv: {path: table.csv, label: kind}}}
        model: [{dense: 2}]
        loss: cross_entropy
        optimizer: {adam: 0.1}
        train: {epochs: 1, batch: 4, seed: 1}
        """);
    Path model = folder.resolve("model");
    assertThat(Console.run("train", config, "--out", model).code()).isZero();
    Files.copy(model.resolve("model.safetensors"), folder.resolve("alone.safetensors"));
  }

  /** Two rows of two numbers, the last of them not a number. */
  private static byte[] array() {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";
    byte[] bytes = new byte[128 + 16];
    byte[] begin = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    System.arraycopy(begin, 0, bytes, 0, begin.length);
    for (int i = 0; i < 118; i++) {
      bytes[10 + i] = (byte) (i < header.length() ? header.charAt(i) : i < 117 ? ' ' : '\n');
    }
    bytes[bytes.length - 2] = (byte) 0xc0;
    bytes[bytes.length - 1] = 0x7f;
    return bytes;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().collect(Collectors.toCollection(ArrayList::new));
    }
  }
}
