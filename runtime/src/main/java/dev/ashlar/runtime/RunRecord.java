package dev.ashlar.runtime;

import dev.ashlar.config.Value;
import dev.ashlar.io.files.AtomicFiles;
import dev.ashlar.io.json.Json;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.training.Checkpoint;
import dev.ashlar.training.Checkpoints;
import dev.ashlar.training.Model;
import dev.ashlar.training.TrainingListener;
import dev.ashlar.training.TrainingStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into its folder what a run is made from: its configuration before all else, then what it is made with, on a
 * thread of its own since data may be large; and at the end its last model, if that is not the one that is kept.
 */
final class RunRecord implements TrainingListener {

  private static final Logger LOG = LoggerFactory.getLogger(RunRecord.class);

  private final RunFolder folder;
  private final Configuration configuration;
  private final Registry plugins;
  private final Backend backend;
  private final RunRequest request;
  private @Nullable CompletableFuture<Origin> writing;
  private boolean isResumed;

  RunRecord(RunFolder folder, Configuration configuration, Registry plugins, Backend backend, RunRequest request) {
    this.folder = folder;
    this.configuration = configuration;
    this.plugins = plugins;
    this.backend = backend;
    this.request = request;
  }

  /** Whether the run has come to its first step. */
  boolean isStarted() {
    return writing != null;
  }

  Checkpoints checkpoints(Optional<Checkpoint> from) {
    return new Checkpoints(folder.checkpoints(), plugins, () -> written().written(), from, request.stopping());
  }

  @Override
  public void resumed(long step) {
    isResumed = true;
  }

  @Override
  public void started(TrainingStart start) {
    Value.Mapping whole;
    try {
      if (folder.ifTaken() == RunFolder.IfTaken.OVERWRITE && !isResumed) {
        folder.clear();
      }
      // Before anything else: a run that is killed now can go on, or begin anew.
      whole = configuration.whole(folder.path(), plugins);
      AtomicFiles.write(folder.configuration(), Configuration.yaml(whole));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writing = CompletableFuture.supplyAsync(() -> describe(whole),
        task -> Thread.ofPlatform().daemon().name("ashlar-record").start(task));
  }

  private Origin describe(Value.Mapping whole) {
    try {
      List<DataFile> data = DataFile.of(configuration.config().data());
      AtomicFiles.write(folder.environment(), Json.writeIndented(Value.of(environment(data))));
      return Origin.of(whole, backend.name(), plugins, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> environment(List<DataFile> data) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ashlar", Origin.version());
    fields.put("java", System.getProperty("java.vendor.version", "") + " " + Runtime.version());
    fields.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
        + System.getProperty("os.arch"));
    fields.putAll(request.machine());
    fields.put("threads", Runtime.getRuntime().availableProcessors());
    fields.put("backend", backend.describe());
    fields.put("jvm_flags", ManagementFactory.getRuntimeMXBean().getInputArguments());
    fields.put("plugins", plugins.entries().stream().map(entry -> {
      Map<String, Object> plugin = new LinkedHashMap<>();
      plugin.put("name", entry.name());
      plugin.put("version", entry.version());
      plugin.put("origin", entry.origin());
      return plugin;
    }).toList());
    List<Object> files = new ArrayList<>();
    data.forEach(file -> {
      Map<String, Object> described = new LinkedHashMap<>();
      described.put("path", file.path());
      described.put("sha256", file.sha256());
      described.put("bytes", file.bytes());
      files.add(described);
    });
    fields.put("data", files);
    fields.put("command", request.command());
    return fields;
  }

  /**
   * Waits until all is written.
   *
   * @throws UncheckedIOException if it could not be
   */
  Origin written() {
    if (writing == null) {
      throw new IllegalStateException("the run has not begun");
    }
    try {
      return writing.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Waits for what is being written, however it goes: nobody must write to the folder of a run that is over. */
  void settle() {
    if (writing != null) {
      writing.handle((origin, failure) -> origin).join();
    }
  }

  @Override
  public void replaced(Model model) {
    try {
      model.save(folder.path().resolve(RunFolder.LAST), plugins);
    } catch (IOException e) {
      LOG.warn("the last model could not be written; the one that is kept will be: {}", e.getMessage());
    }
  }
}
