package dev.ashlar.io.data;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

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
    var in = open(path);
    try {
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
    var in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
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
}
