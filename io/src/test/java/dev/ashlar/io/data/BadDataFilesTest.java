package dev.ashlar.io.data;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.data.DataSource;
import dev.ashlar.io.Golden;
import dev.ashlar.io.tables.ColumnType;
import dev.ashlar.io.tables.LabelTask;
import dev.ashlar.io.tables.Missing;
import dev.ashlar.io.text.TextEncoding.Tokens;
import dev.ashlar.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users read when a file of examples is not what it should be. */
class BadDataFilesTest {
  private static final String IRIS = "length,width,kind\n5.1,3.5,setosa\n4.9,3,virginica\n";

  @TempDir Path folder;

  private final Map<String, String> messages = new LinkedHashMap<>();

  @Test
  void csv() throws IOException {
    csv("no such file", null, c -> c);
    Files.createDirectory(folder.resolve("sub"));
    note("a folder", Csv.of(folder.resolve("sub")));
    csv("empty", "", c -> c);
    csv("blank lines only", "\n\n\n", c -> c);
    csv("header only", "length,width,kind\n", c -> c.withLabel("kind"));
    csv("label misspelt", IRIS, c -> c.withLabel("knid"));
    csv("label that is nowhere near", IRIS, c -> c.withLabel("species"));
    csv("label misspelt among numbered columns", "p0,p1,p2,p3,label\n1,2,3,4,a\n", c -> c.withLabel("lable"));
    csv("label that is nowhere near, the only name", "p0,p1,p2,p3,label\n1,2,3,4,a\n", c -> c.withLabel("digit"));
    csv("label named but no header", "5.1,3.5,setosa\n4.9,3,setosa\n", c -> c.withLabel("kind"));
    csv("several columns missing", IRIS, c -> c.withLabel("kind").withFeatures(List.of("widht", "lenght", "length")));
    csv("group misspelt", IRIS, c -> c.withLabel("kind").withGroup("lenth"));
    csv("nothing as group", IRIS + ",3,setosa\n", c -> c.withLabel("kind").withGroup("length"));
    csv("ignored column missing", IRIS, c -> c.withLabel("kind").withIgnored("widht"));
    csv("text where a number is meant", IRIS + "5.0,wide,setosa\n", c -> c.withLabel("kind"));
    csv("a number below text", IRIS + "5.0,1,7\n", c -> c);
    csv("too many texts for a category", many("name", i -> "n" + i), c -> c);
    csv("text said to be a number", IRIS, c -> c.withColumns(Map.of("kind", ColumnType.Plain.NUMBER)));
    csv("no date", "day\n2026-01-31\n2026-02-30\n", c -> c.withColumns(Map.of("day", new ColumnType.Date())));
    csv("a date below others", "day\n2026-01-31\n31.01.2026\n",
        c -> c.withColumns(Map.of("day", new ColumnType.Date())));
    csv("no date of the format", "day\n31.01.2026\n2026-01-31\n",
        c -> c.withColumns(Map.of("day", new ColumnType.Date(List.of(), Optional.of("dd.MM.yyyy")))));
    csv("unknown category", IRIS, c -> c.withColumns(Map.of("kind", new ColumnType.Category(
        ColumnType.Encoding.INDEX, List.of("setosa", "virginia"), ColumnType.Unknown.ERROR, 1))));
    csv("column that is read in a way misspelt", IRIS, c -> c.withColumns(Map.of("knd", ColumnType.Plain.NUMBER)));
    csv("label that is read in a way", IRIS,
        c -> c.withLabel("kind").withColumns(Map.of("kind", new ColumnType.Category())));
    csv("a policy for the label", IRIS, c -> c.withLabel("kind").withMissing(
        new Missing(Missing.Fill.Learnt.ERROR, Map.of("kind", Missing.Fill.Learnt.MEDIAN), List.of())));
    csv("mean of categories", IRIS, c -> c.withMissing(
        new Missing(Missing.Fill.Learnt.ERROR, Map.of("kind", Missing.Fill.Learnt.MEAN), List.of())));
    csv("category of numbers", IRIS, c -> c.withMissing(
        new Missing(Missing.Fill.Learnt.ERROR, Map.of("width", Missing.Fill.Learnt.CATEGORY), List.of())));
    csv("constant that is no number", IRIS, c -> c.withMissing(new Missing(Missing.Fill.Learnt.ERROR,
        Map.of("width", new Missing.Fill.Constant(Value.of("wide"))), List.of())));
    csv("nothing in a column", "x,y\n1,\n2,NA\n", c -> c.withMissing(Missing.all(Missing.Fill.Learnt.MEAN)));
    csv("nothing where text is meant", "x,kind\n1,a\n2,\n", c -> c);
    csv("decimal comma", "length;kind\n5,1;a\n", c -> c.withLabel("kind"));
    csv("comma between thousands", "price,kind\n\"1,200\",a\n", c -> c.withLabel("kind"));
    csv("sign of a currency", "price,kind\n$300,a\n", c -> c.withLabel("kind"));
    csv("per cent", "share,kind\n10%,a\n", c -> c.withLabel("kind"));
    csv("dates of another format", "day,kind\n31/12/2025,a\n01/02/2026,b\n", c -> c.withLabel("kind"));
    csv("dates of either format", "day,kind\n11/12/2025,a\n01/02/2026,b\n", c -> c.withLabel("kind"));
    csv("text as target", IRIS, c -> c.withTargets("kind"));
    csv("control characters", IRIS + "5.0,\"a\nb\",setosa\n", c -> c.withLabel("kind"));
    csv("nothing where a number is meant", IRIS + "5.0,,setosa\n", c -> c.withLabel("kind"));
    csv("nothing as label", IRIS + "5.0,1,\n", c -> c.withLabel("kind"));
    csv("not a number", IRIS + "5.0,nan,setosa\n", c -> c.withLabel("kind"));
    csv("beyond f32", IRIS + "5.0,1e40,setosa\n", c -> c.withLabel("kind"));
    csv("row too short", IRIS + "5.0,1\n", c -> c.withLabel("kind"));
    csv("row too long", IRIS + "5.0,1,setosa,2\n", c -> c.withLabel("kind"));
    csv("quote not closed", IRIS + "5.0,1,\"setosa\n1,2,a\n", c -> c.withLabel("kind"));
    csv("unknown class", IRIS, c -> c.withLabel("kind").withClasses(List.of("setosa", "virginia")));
    csv("classes or numbers", "x,age\n1,23\n2,57\n", c -> c.withLabel("age"));
    csv("text where regression is said", IRIS, c -> c.withLabel("kind").withTask(LabelTask.REGRESSION));
    csv("two columns of one name", "x,x,y\n1,2,3\n", c -> c.withTargets("y"));
    csv("a target as feature", "x,y\n1,2\n", c -> c.withTargets("y").withFeatures(List.of("x", "y")));
    csv("no feature left", "y\n1.5\n", c -> c.withTargets("y"));
    raw("not UTF-8", new byte[] {'a', ',', 'b', '\n', '1', ',', (byte) 0xe9, '\n'}, c -> c);
    raw("cut gzip", cut(gzip(IRIS.getBytes(StandardCharsets.UTF_8)), 5), c -> c.withLabel("kind"));
    Golden.check("dev/ashlar/io/data/bad-csv.txt", messages);
  }

  @Test
  void jsonLines() throws IOException {
    var first = "{\"length\": 5.1, \"kind\": \"setosa\"}\n";
    lines("no such file", null, j -> j);
    Files.createDirectory(folder.resolve("sub"));
    note("a folder", JsonLines.of(folder.resolve("sub")));
    lines("empty", "", j -> j);
    lines("blank lines only", "\n  \n", j -> j);
    lines("a table", IRIS, j -> j);
    lines("one list of all", "[" + first.strip() + ",\n" + first.strip() + "]\n", j -> j.withLabel("kind"));
    lines("an object over many lines", "{\n  \"length\": 5.1\n}\n", j -> j);
    lines("a line that is cut off", first + "{\"length\": 4.9, \"kind\": \"vir", j -> j.withLabel("kind"));
    lines("a comma too many", first + "{\"length\": 4.9, \"kind\": \"virginica\",}\n", j -> j.withLabel("kind"));
    lines("two objects in a line", first.strip() + first, j -> j.withLabel("kind"));
    lines("a name twice", "{\"length\": 5.1, \"length\": 4.9}\n", j -> j);
    lines("a number alone", first + "5.1\n", j -> j.withLabel("kind"));
    lines("a list after objects", first + "[4.9, \"virginica\"]\n", j -> j.withLabel("kind"));
    lines("lists of unequal length", "[1, 2]\n[3]\n", j -> j);
    lines("objects inside", "{\"size\": {\"length\": 5.1}}\n", j -> j);
    lines("lists of unequal length inside", "{\"x\": [1, 2]}\n{\"x\": [1, 2, 3]}\n", j -> j);
    lines("no values", "{}\n", j -> j);
    lines("label misspelt", first, j -> j.withLabel("knid"));
    lines("no label in a line", first + "{\"length\": 4.9}\n", j -> j.withLabel("kind"));
    lines("null as label", first + "{\"length\": 4.9, \"kind\": null}\n", j -> j.withLabel("kind"));
    lines("text where a number is meant", first + "{\"length\": \"wide\", \"kind\": \"setosa\"}\n",
        j -> j.withLabel("kind"));
    lines("null where a number is meant", first + "{\"length\": null, \"kind\": \"setosa\"}\n",
        j -> j.withLabel("kind"));
    lines("beyond f32", first + "{\"length\": 1e40, \"kind\": \"setosa\"}\n", j -> j.withLabel("kind"));
    var latin = new byte[] {'[', '"', (byte) 0xe9, '"', ']'};
    note("not UTF-8", JsonLines.of(Files.write(folder.resolve("data.jsonl"), latin)));
    Golden.check("dev/ashlar/io/data/bad-jsonl.txt", messages);
  }

  private interface LinesChange {
    JsonLines of(JsonLines lines);
  }

  private void lines(String what, String content, LinesChange change) throws IOException {
    var path = folder.resolve("data.jsonl");
    Files.deleteIfExists(path);
    if (content != null) Files.writeString(path, content);
    note(what, change.of(JsonLines.of(path)));
  }

  @Test
  void text() throws IOException {
    text("no such file", null, Text.of(folder.resolve("t.txt"), Tokens.BYTES, 4));
    text("too short", "abcd", Text.of(folder.resolve("t.txt"), Tokens.BYTES, 4));
    var lines = new TextLines(folder.resolve("t.txt"), Tokens.CHARACTERS, 4, List.of());
    text("no lines", "\n \n", lines);
    text("no tab", "a\tx\nb x\n", lines);
    text("no class", "a\tx\n\tx\n", lines);
    text("unknown class of a line", "a\tx\nb\tx\n",
        new TextLines(folder.resolve("t.txt"), Tokens.BYTES, 4, List.of("a", "c")));
    Files.write(folder.resolve("t.txt"), new byte[] {'a', '\t', -1, -2});
    note("text that is not UTF-8", lines);
    Golden.check("dev/ashlar/io/data/bad-text.txt", messages);
  }

  private void text(String what, String content, DataSource source) throws IOException {
    Files.deleteIfExists(folder.resolve("t.txt"));
    if (content != null) Files.writeString(folder.resolve("t.txt"), content);
    note(what, source);
  }

  @Test
  void idx() throws IOException {
    var images = idx(0x803, 2, 2, 3);
    var labels = idx(0x801, 2);
    idx("no such file", null, labels, DType.F32);
    idx("empty", new byte[0], labels, DType.F32);
    idx("no IDX file", "hello, world".getBytes(StandardCharsets.UTF_8), labels, DType.F32);
    idx("cut in the extents", cut(images, 12 + 1), labels, DType.F32);
    idx("cut in the elements", cut(images, 1), labels, DType.F32);
    idx("bytes behind the end", idx(0x803, 2, 2, 2, -1), labels, DType.F32);
    var huge = images.clone();
    huge[4] = 0x7f;
    huge[8] = 0x7f;
    huge[12] = 0x7f;
    idx("absurd extents", huge, labels, DType.F32);
    var more = images.clone();
    more[4] = 0x7f;
    idx("false extent", more, labels, DType.F32);
    idx("negative extent", idx(0x803, -1, 2, 3), labels, DType.F32);
    idx("no elements", idx(0x803, 0, 2, 3), labels, DType.F32);
    idx("labels as images", labels, labels, DType.F32);
    idx("images as labels", images, images, DType.F32);
    idx("another number of labels", images, idx(0x801, 3), DType.F32);
    idx("fractions as u8", idx(0xD03, 2, 2, 3), labels, DType.U8);
    idx("fractions as labels", images, idx(0xD01, 2), DType.F32);
    idx("negative label", images, new byte[] {0, 0, 9, 1, 0, 0, 0, 2, 0, -1}, DType.F32);
    idx("cut gzip", cut(gzip(images), 9), labels, DType.F32);
    note("neither of two files",
        new Idx(folder.resolve("image"), Optional.of(folder.resolve("labls")), DType.F32, List.of()));
    Golden.check("dev/ashlar/io/data/bad-idx.txt", messages);
  }

  private static String many(String name, java.util.function.IntFunction<String> text) {
    var lines = new StringBuilder(name + ",x\n");
    for (int i = 0; i < 30; i++) lines.append(text.apply(i)).append(',').append(i).append('\n');
    return lines.toString();
  }

  private interface Change {
    Csv of(Csv csv);
  }

  private void csv(String what, String content, Change change) throws IOException {
    var path = folder.resolve("data.csv");
    Files.deleteIfExists(path);
    if (content == null) Files.writeString(folder.resolve("dta.csv"), "");
    else Files.writeString(path, content);
    note(what, change.of(Csv.of(path)));
  }

  private void raw(String what, byte[] content, Change change) throws IOException {
    note(what, change.of(Csv.of(Files.write(folder.resolve("data.csv"), content))));
  }

  private void idx(String what, byte[] images, byte[] labels, DType dtype) throws IOException {
    var first = folder.resolve("images");
    Files.deleteIfExists(first);
    if (images != null) Files.write(first, images);
    var second = Files.write(folder.resolve("labels"), labels);
    note(what, new Idx(first, Optional.of(second), dtype, List.of()));
  }

  private void note(String what, DataSource source) {
    var thrown = catchThrowable(() -> source.open().close());
    if (!(thrown instanceof FileException e)) throw new AssertionError(what + ": " + thrown, thrown);
    messages.put(what, e.getMessage().replace(folder.toString(), "DIR"));
  }

  /** An IDX file with bytes from 0 up; an extent of -1 at the end stands for bytes too many. */
  private static byte[] idx(int magic, int... dims) {
    var out = new ByteArrayOutputStream();
    var axes = magic & 0xff;
    write(out, magic);
    int elements = (magic >> 8) == 0xD ? 4 : 1;
    for (int i = 0; i < axes; i++) {
      write(out, dims[i]);
      elements *= Math.max(0, dims[i]);
    }
    for (int i = 0; i < elements + (dims.length - axes); i++) out.write(0);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.write(value >> shift);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var packed = new GZIPOutputStream(out)) {
      packed.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] cut(byte[] bytes, int from) {
    return Arrays.copyOf(bytes, bytes.length - from);
  }
}
