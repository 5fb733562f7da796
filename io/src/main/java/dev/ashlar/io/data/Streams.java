package dev.ashlar.io.data;

import dev.ashlar.config.FileException;
import dev.ashlar.io.files.FileProblems;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files that may be gzipped, and text. */
final class Streams {
  private static final int BUFFER = 1 << 16;
  private static final char MARK = '\uFEFF';

  private Streams() {}

  /**
   * The text of a file in UTF-8, without the byte order mark that some programs put in front.
   *
   * @throws java.nio.charset.CharacterCodingException where it is not UTF-8, at once or while it is read
   */
  static BufferedReader reader(Path path) throws IOException {
    return reader(Files.newInputStream(path));
  }

  /** The same of a stream, which is closed where it cannot be read. */
  static BufferedReader reader(InputStream stream) throws IOException {
    InputStream in = stream;
    try {
      in = unpacked(stream);
      var decoder = StandardCharsets.UTF_8.newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
      var text = new BufferedReader(new InputStreamReader(in, decoder), BUFFER);
      text.mark(1);
      if (text.read() != MARK) text.reset();
      return text;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The bytes of a file, unpacked if it begins as gzip does, whatever it is called. */
  static InputStream open(Path path) throws IOException {
    return unpacked(Files.newInputStream(path));
  }

  private static InputStream unpacked(InputStream stream) throws IOException {
    var in = new BufferedInputStream(stream, BUFFER);
    try {
      in.mark(2);
      boolean packed = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return packed ? new GZIPInputStream(in, BUFFER) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** All text of a file in UTF-8, perhaps gzipped, without a byte order mark; lines end as in Unix. */
  static String text(Path path) throws FileException {
    try (var reader = reader(path)) {
      var text = reader.readAllAsString();
      return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n");
    } catch (IOException e) {
      throw unreadable(path, path.toString(), e);
    }
  }

  /** What is wrong with text that cannot be read, perhaps gzipped; {@code source} is what messages call it. */
  static FileException unreadable(Path path, String source, IOException e) {
    return switch (e) {
      case CharacterCodingException _ -> FileException.at(source, "bytes that are not UTF-8",
          "text in UTF-8", "save the file as UTF-8");
      case ZipException _ -> FileException.at(source, "damaged gzip data (" + e.getMessage() + ")",
          "a whole gzip file", "fetch or make the file again");
      case EOFException _ -> FileException.at(source, "gzip data that ends too early",
          "a whole gzip file", "fetch or make the file again");
      default -> FileProblems.reading(path, e);
    };
  }
}
