package dev.ashlar.cli;

import dev.ashlar.runtime.report.RunServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** A run that is shown while this process trains it. */
final class Watching implements AutoCloseable {

  /** Shows nothing. */
  static final Watching NOBODY = new Watching(null, new CompletableFuture<>());

  private final @Nullable RunServer server;
  private final CompletableFuture<Path> folder;

  private Watching(@Nullable RunServer server, CompletableFuture<Path> folder) {
    this.server = server;
    this.folder = folder;
  }

  /**
   * Begins to listen, and says where, before there is a run.
   *
   * @throws IOException if the port cannot be had
   */
  static Watching start(int port, PrintWriter console, @Nullable CommandSpec spec) throws IOException {
    WatchCommand.checkPort(port, spec);
    CompletableFuture<Path> folder = new CompletableFuture<>();
    try {
      RunServer server = RunServer.start(folder::join, port);
      console.println("watch it at " + server.address());
      console.flush();
      return new Watching(server, folder);
    } catch (BindException e) {
      throw WatchCommand.taken(port, e);
    }
  }

  /** The run has a folder. */
  void begin(Path run) {
    folder.complete(run);
  }

  @Override
  public void close() {
    if (server == null) {
      return;
    }
    try {
      server.finish();
    } catch (InterruptedException e) {
      server.close();
      Thread.currentThread().interrupt();
    }
  }
}
