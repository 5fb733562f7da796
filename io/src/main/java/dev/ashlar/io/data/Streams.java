package dev.ashlar.io.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens files that may be gzipped. */
final class Streams {
  private static final int BUFFER = 1 << 16;

  private Streams() {}

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
