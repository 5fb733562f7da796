package dev.ashlar.io.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The file system of the machine, made to fail: whatever changes something on the disk (a write, a sync, a rename, a new
 * folder or file, a removal) is counted, and the chosen one fails; or that and all behind it.
 */
final class FailingFiles extends FileSystemProvider {
  private final FileSystem plain = Path.of("").getFileSystem();
  private final Wrapped system = new Wrapped();
  private int failing = Integer.MAX_VALUE;
  private boolean isGone;
  private int done;
  private String failed = "";

  /** From now on the operation of this number, from 1, fails; or that and all behind it. */
  void fail(int number, boolean allBehind) {
    failing = number;
    isGone = allBehind;
    done = 0;
    failed = "";
  }

  /** From now on nothing fails. */
  void mend() {
    fail(Integer.MAX_VALUE, false);
  }

  /** The operation that failed first, in words; empty if none did. */
  String failed() {
    return failed;
  }

  private void change(String what, Path path) throws IOException {
    done++;
    if (done == failing || isGone && done > failing) {
      if (failed.isEmpty()) failed = what;
      throw new FileSystemException(path.toString(), null, "Input/output error");
    }
  }

  /** A path of this file system. */
  Path of(Path path) {
    return new Name(path);
  }

  private static Path plain(Path path) {
    return path instanceof Name name ? name.path : path;
  }

  // ---------------------------------------------------------------- what changes something

  @Override
  public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.CREATE_NEW) || options.contains(StandardOpenOption.CREATE)) {
      change("create", path);
    }
    return new Channel(FileChannel.open(plain(path), options, attributes), path);
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    change("mkdir", folder);
    Files.createDirectory(plain(folder), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    change("remove", path);
    Files.delete(plain(path));
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    change("rename", target);
    Files.move(plain(source), plain(target), options);
  }

  private final class Channel extends FileChannel {
    private final FileChannel to;
    private final Path path;

    Channel(FileChannel to, Path path) {
      this.to = to;
      this.path = path;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      change("write", path);
      return to.write(bytes);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      change("sync", path);
      to.force(metaData);
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return to.read(into);
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
      return to.read(into, offset, length);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return to.read(into, position);
    }

    @Override
    public long position() throws IOException {
      return to.position();
    }

    @Override
    public FileChannel position(long at) throws IOException {
      to.position(at);
      return this;
    }

    @Override
    public long size() throws IOException {
      return to.size();
    }

    @Override
    public FileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
      return to.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return to.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return to.lock(position, size, shared);
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return to.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      to.close();
    }
  }

  // ---------------------------------------------------------------- the rest passes through

  @Override
  public String getScheme() {
    return "failing";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
      throws IOException {
    List<Path> all = new ArrayList<>();
    try (var names = Files.newDirectoryStream(plain(folder))) {
      for (var path : names) {
        if (filter.accept(new Name(path))) all.add(new Name(path));
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return all.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return Files.isSameFile(plain(path), plain(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return Files.isHidden(plain(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return Files.getFileStore(plain(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    plain.provider().checkAccess(plain(path), modes);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
    return Files.getFileAttributeView(plain(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
      throws IOException {
    return Files.readAttributes(plain(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
    return Files.readAttributes(plain(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  private final class Wrapped extends FileSystem {
    @Override
    public FileSystemProvider provider() {
      return FailingFiles.this;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public String getSeparator() {
      return plain.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      return List.of();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      return plain.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
      return new Name(plain.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
      var matcher = plain.getPathMatcher(pattern);
      return path -> matcher.matches(plain(path));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
      throw new UnsupportedOperationException();
    }
  }

  private final class Name implements Path {
    private final Path path;

    Name(Path path) {
      this.path = path;
    }

    private @Nullable Path wrapped(@Nullable Path other) {
      return other == null ? null : new Name(other);
    }

    @Override
    public FileSystem getFileSystem() {
      return system;
    }

    @Override
    public boolean isAbsolute() {
      return path.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
      return wrapped(path.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
      return wrapped(path.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
      return wrapped(path.getParent());
    }

    @Override
    public int getNameCount() {
      return path.getNameCount();
    }

    @Override
    public Path getName(int index) {
      return new Name(path.getName(index));
    }

    @Override
    public Path subpath(int from, int to) {
      return new Name(path.subpath(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
      return path.startsWith(plain(other));
    }

    @Override
    public boolean endsWith(Path other) {
      return path.endsWith(plain(other));
    }

    @Override
    public Path normalize() {
      return new Name(path.normalize());
    }

    @Override
    public Path resolve(Path other) {
      return new Name(path.resolve(plain(other)));
    }

    @Override
    public Path relativize(Path other) {
      return new Name(path.relativize(plain(other)));
    }

    @Override
    public URI toUri() {
      return path.toUri();
    }

    @Override
    public Path toAbsolutePath() {
      return new Name(path.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
      return new Name(path.toRealPath(options));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
      return path.compareTo(plain(other));
    }

    @Override
    public Iterator<Path> iterator() {
      return StreamSupport.stream(path.spliterator(), false).map(part -> (Path) new Name(part)).iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Name name && path.equals(name.path);
    }

    @Override
    public int hashCode() {
      return path.hashCode();
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }
}
