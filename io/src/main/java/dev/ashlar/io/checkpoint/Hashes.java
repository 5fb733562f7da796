package dev.ashlar.io.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, as 64 hexadecimal digits. */
public final class Hashes {
  private static final int PIECE = 1 << 18;

  private Hashes() {}

  /** Of a file's content. */
  public static String sha256(Path file) throws IOException {
    var digest = digest();
    add(file, digest);
    return text(digest);
  }

  /** Of bytes. */
  public static String sha256(byte[] bytes) {
    var digest = digest();
    digest.update(bytes);
    return text(digest);
  }

  /** Adds a file's content to what is hashed. */
  public static void add(Path file, MessageDigest digest) throws IOException {
    var piece = ByteBuffer.allocate(PIECE);
    try (var in = FileChannel.open(file, StandardOpenOption.READ)) {
      while (in.read(piece.clear()) >= 0) digest.update(piece.flip());
    }
  }

  /** An empty one. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }

  /** What was hashed so far; the digest begins anew. */
  public static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
