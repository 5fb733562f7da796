package dev.ashlar.io.data;

import dev.ashlar.config.Binder;
import dev.ashlar.config.Value;
import dev.ashlar.data.DataSource;
import dev.ashlar.plugin.Registry;
import dev.ashlar.testkit.DataSourceContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Every source keeps what sources promise. */
class SourcesTest extends DataSourceContract {

  /** Relative, as in a configuration. */
  private static final Path FOLDER = Path.of("target/sources");

  @Override
  protected List<Example> examples() {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve("table.csv"), "x,colour,kind\n1,red,low\n3,blue,high\n,red,low\n7,green,high\n");
      Files.writeString(FOLDER.resolve("numbers.csv"), "a,b,c\n1,2,3\n4,5,6\n7,8,9\n");
      Files.writeString(FOLDER.resolve("lines.jsonl"),
          "{\"x\": 1, \"kind\": \"a\"}\n{\"x\": 2.5, \"kind\": \"b\"}\n{\"x\": 3, \"kind\": \"a\"}\n");
      Files.writeString(FOLDER.resolve("novel.txt"), "so it is, and so it was, and so it will be\n".repeat(8));
      Files.writeString(FOLDER.resolve("lines.txt"), "good\tso it is\nbad\tso it was not\ngood\tyes\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(
        example("{csv: {path: target/sources/table.csv, label: kind, missing: {columns: {x: median}}}}", 4),
        example("{csv: {path: target/sources/numbers.csv, targets: [b, c]}}", 3),
        example("{csv: {path: target/sources/numbers.csv, label: c, task: regression, group: a}}", 3),
        example("{jsonl: {path: target/sources/lines.jsonl, label: kind}}", 3),
        example("{arithmetic: {rows: 30}}", 30),
        example("{regression: {rows: 70, features: 3, targets: 2}}", 70),
        example("{random: {rows: 5, features: 3}}", 5),
        example("{sequences: {rows: 9, length: 4, symbols: 3}}", 9),
        example("{text: {path: target/sources/novel.txt, tokenizer: characters, length: 16}}", 21),
        example("{text: {path: target/sources/novel.txt, length: 8, stride: 1}}", 336),
        example("{text_lines: {path: target/sources/lines.txt, length: 12}}", 3));
  }

  private static Example example(String written, long size) {
    return new Example(new Binder(Registry.discover(), Path.of("")).bind(Value.parse(written, "a source"),
        DataSource.class).orThrow(), size);
  }
}
