package dev.ashlar.runtime;

import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.program.OperationKernel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** A backend that opens while data are read and mistakes are looked for. Closing waits for it. */
record OpeningBackend(CompletableFuture<Backend> opening) implements AutoCloseable {

  static OpeningBackend start(BackendFactory factory, List<OperationKernel> kernels, Consumer<Backend> opened) {
    return new OpeningBackend(CompletableFuture.supplyAsync(() -> {
      Backend backend = factory.open(kernels);
      opened.accept(backend);
      return backend;
    }, task -> Thread.ofPlatform().daemon().name("ashlar-backend").start(task)));
  }

  /**
   * The backend, when it is open.
   *
   * @throws RuntimeException what opening it threw
   */
  Backend backend() {
    try {
      return opening.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void close() {
    opening.handle((backend, failure) -> {
      if (backend != null) {
        backend.close();
      }
      return null; // Who needed a backend that did not open was told why.
    }).join();
  }
}
