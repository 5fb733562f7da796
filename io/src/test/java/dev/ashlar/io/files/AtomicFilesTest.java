package dev.ashlar.io.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ashlar.config.FileException;
import dev.ashlar.io.Golden;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void writesAndReplacesAndMakesFolders() throws IOException {
    var path = folder.resolve("a/b/file.txt");
    AtomicFiles.write(path, "one");
    AtomicFiles.write(path, "zwölf");
    AtomicFiles.write(folder.resolve("a/b/stream"), file -> {
      try (var out = AtomicFiles.stream(file)) {
        out.write("three".getBytes(StandardCharsets.UTF_8));
      }
    });

    assertThat(path).hasContent("zwölf");
    assertThat(folder.resolve("a/b/stream")).hasContent("three");
    assertThat(path.getParent()).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void failureLeavesWhatWasThere() throws IOException {
    var path = folder.resolve("file");
    AtomicFiles.write(path, "good");

    assertThatThrownBy(() -> AtomicFiles.write(path, file -> {
      assertThat(path).hasContent("good");
      file.write(StandardCharsets.UTF_8.encode("half"));
      throw new IllegalStateException("the power went");
    })).hasMessage("the power went");
    assertThat(path).hasContent("good");
    try (var names = Files.list(folder)) {
      assertThat(names).containsExactly(path);
    }
  }

  @Test
  void linksAreFollowed() throws IOException {
    var target = Files.createDirectory(folder.resolve("elsewhere")).resolve("target");
    AtomicFiles.write(target, "old");
    var link = Files.createSymbolicLink(folder.resolve("link"), target);
    AtomicFiles.write(link, "new");

    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new");
  }

  @Test
  void linksToWhatIsNotThereMakeIt() throws IOException {
    Files.createDirectory(folder.resolve("elsewhere"));
    var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("elsewhere/target"));
    var second = Files.createSymbolicLink(folder.resolve("second"), link);
    AtomicFiles.write(second, "new");

    assertThat(second).isSymbolicLink();
    assertThat(link).isSymbolicLink();
    assertThat(folder.resolve("elsewhere/target")).hasContent("new");
  }

  @Test
  @Timeout(60)
  void aPipeIsWrittenThroughAndStays() throws Exception {
    var pipe = pipe();
    var link = Files.createSymbolicLink(folder.resolve("link"), pipe);
    for (var path : List.of(pipe, link)) {
      var read = CompletableFuture.supplyAsync(() -> contentOf(path));
      AtomicFiles.write(path, "through");
      assertThat(read.get()).isEqualTo("through");
    }
    assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther()).isTrue();
    assertThat(link).isSymbolicLink();
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  @Timeout(60)
  void aPipeWhoseReaderHasGoneFailsInOneLine() throws Exception {
    var pipe = pipe();
    var gone = CompletableFuture.runAsync(() -> {
      try {
        Files.newInputStream(pipe).close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    assertThatThrownBy(() -> AtomicFiles.write(pipe, stream -> {
      gone.join();
      stream.write(StandardCharsets.UTF_8.encode("to nobody"));
    })).isExactlyInstanceOf(IOException.class).hasMessage(pipe + " took no more: Broken pipe");
  }

  private Path pipe() throws Exception {
    var pipe = folder.resolve("pipe");
    try {
      assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    } catch (IOException e) {
      assumeThat(e).as("no mkfifo here").isNull();
    }
    return pipe;
  }

  private static String contentOf(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void foldersAppearWholeOrNotAtAll() throws IOException {
    var path = folder.resolve("runs/step-1");
    AtomicFiles.writeFolder(path, inside -> {
      assertThat(path).doesNotExist();
      Files.writeString(inside.resolve("a"), "a");
      Files.writeString(Files.createDirectory(inside.resolve("sub")).resolve("b"), "b");
    });
    assertThat(path.resolve("sub/b")).hasContent("b");

    var failed = folder.resolve("runs/step-2");
    assertThatThrownBy(() -> AtomicFiles.writeFolder(failed, inside -> {
      Files.writeString(inside.resolve("a"), "a");
      throw new IOException("No space left on device");
    })).isInstanceOf(FileException.class);
    try (var names = Files.list(folder.resolve("runs"))) {
      assertThat(names).containsExactly(path);
    }
  }

  @Test
  void linksInAFolderAreRemovedAndNotFollowed() throws IOException {
    AtomicFiles.write(folder.resolve("kept/file"), "kept");
    Files.createSymbolicLink(Files.createDirectory(folder.resolve("gone")).resolve("link"),
        folder.resolve("kept"));
    AtomicFiles.deleteTree(folder.resolve("gone"));
    AtomicFiles.deleteTree(folder.resolve("never there"));

    assertThat(folder.resolve("gone")).doesNotExist();
    assertThat(folder.resolve("kept/file")).hasContent("kept");
  }

  @Test
  void messages() throws IOException {
    var messages = new LinkedHashMap<String, String>();
    Files.createDirectory(folder.resolve("sub"));
    AtomicFiles.write(folder.resolve("file"), "");
    note(messages, "a folder is there", () -> AtomicFiles.write(folder.resolve("sub"), ""));
    note(messages, "a file where a folder should be", () ->
        AtomicFiles.write(folder.resolve("file/below/it"), ""));
    var round = Files.createSymbolicLink(folder.resolve("round"), Path.of("round"));
    note(messages, "a link to itself", () -> AtomicFiles.write(round, ""));
    note(messages, "a folder that exists", () -> AtomicFiles.writeFolder(folder.resolve("sub"), _ -> {}));
    var path = folder.resolve("model");
    // What no test can bring about on any machine is told to the translation directly.
    writing(messages, "disk full", new IOException("No space left on device"));
    writing(messages, "quota", new FileSystemException("x", null, "Disk quota exceeded"));
    writing(messages, "no permission to write", new AccessDeniedException(path.toString()));
    writing(messages, "read-only", new FileSystemException("x", null, "Read-only file system"));
    writing(messages, "a file of that name", new FileAlreadyExistsException(path.toString()));
    writing(messages, "a folder that takes no files", new NoSuchFileException(path.toString()));
    writing(messages, "nothing but a kind", new FileSystemLoopException(path.toString()));
    writing(messages, "anything else", new IOException("Input/output error"));
    var reading = Map.of("no permission to read", new AccessDeniedException(path.toString()),
        "missing, from a stream", new FileNotFoundException(path.toString()));
    reading.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(e ->
        messages.put(e.getKey(), told(FileProblems.reading(path, e.getValue()))));
    Golden.check("dev/ashlar/io/files/bad.txt", messages);
  }

  private interface Action {
    void run() throws IOException;
  }

  private void note(Map<String, String> messages, String what, Action action) {
    assertThatThrownBy(action::run).as(what).isInstanceOfSatisfying(FileException.class, e ->
        messages.put(what, told(e)));
  }

  private void writing(Map<String, String> messages, String what, IOException reason) {
    messages.put(what, told(FileProblems.writing(folder.resolve("model"), reason)));
  }

  private String told(FileException e) {
    return e.getMessage().replace(folder.toString(), "DIR");
  }

  @Test
  void quotedTextIsOneShortLine() {
    assertThat(FileProblems.shown("a \"b\" 'c'\n\t\u0007")).isEqualTo("'a \"b\" 'c'\\n\\t\\u0007'");
    assertThat(FileProblems.shown("x".repeat(60))).hasSize(62);
    assertThat(FileProblems.shown("😀".repeat(61))).isEqualTo("'" + "\\ud83d\\ude00".repeat(57) + "...'");
  }
}
