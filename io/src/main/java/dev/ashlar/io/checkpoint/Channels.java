package dev.ashlar.io.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** What a file's bytes pass through. */
final class Channels {
  /** Bytes that are written, or read and compared, while they are in the processor's cache. */
  private static final int PIECE = 1 << 18;

  private Channels() {}

  static void writeAll(WritableByteChannel channel, byte[] bytes) throws IOException {
    var rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) channel.write(rest);
  }

  /** Writes on, in pieces that fit the processor's cache. */
  record InPieces(FileChannel to) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer given) throws IOException {
      int count = given.remaining();
      while (given.hasRemaining()) {
        int length = Math.min(PIECE, given.remaining());
        var piece = given.slice(given.position(), length);
        while (piece.hasRemaining()) to.write(piece);
        given.position(given.position() + length);
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return to.isOpen();
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }

  /** Hashes what is written to it, and keeps nothing. */
  static final class Hashed implements WritableByteChannel {
    private final MessageDigest digest = Hashes.digest();

    @Override
    public int write(ByteBuffer given) {
      int count = given.remaining();
      digest.update(given);
      return count;
    }

    String sha256() {
      return Hashes.text(digest);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** Takes what was written to a file and looks whether the file holds it. */
  static final class Compared implements WritableByteChannel {
    private final Path file;
    private final FileChannel from;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private long at;

    private Compared(Path file, FileChannel from) {
      this.file = file;
      this.from = from;
    }

    static Compared with(Path file) throws IOException {
      return new Compared(file, FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public int write(ByteBuffer given) throws IOException {
      int count = given.remaining();
      while (given.hasRemaining()) {
        int length = Math.min(PIECE, given.remaining());
        piece.clear().limit(length);
        while (piece.hasRemaining()) {
          if (from.read(piece) < 0) throw lost();
        }
        if (piece.flip().mismatch(given.slice(given.position(), length)) >= 0) throw lost();
        given.position(given.position() + length);
        at += length;
      }
      return count;
    }

    /** Nothing more comes. */
    void end() throws IOException {
      if (from.size() != at) throw lost();
    }

    private IOException lost() {
      return new IOException("other bytes came back from " + file.getFileName() + " than were written to it");
    }

    @Override
    public boolean isOpen() {
      return from.isOpen();
    }

    @Override
    public void close() throws IOException {
      from.close();
    }
  }
}
