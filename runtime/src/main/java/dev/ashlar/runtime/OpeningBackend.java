package dev.ashlar.runtime;

import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.program.OperationKernel;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A backend that opens while data are read and mistakes are looked for. Closing waits for it. */
record OpeningBackend(FutureTask<Backend> task) implements AutoCloseable {

  static OpeningBackend start(BackendFactory factory, List<OperationKernel> kernels) {
    FutureTask<Backend> task = new FutureTask<>(() -> factory.open(kernels));
    Thread.ofPlatform().daemon().name("ashlar-backend").start(task);
    return new OpeningBackend(task);
  }

  /**
   * The backend, when it is open.
   *
   * @throws RuntimeException what opening it threw
   */
  Backend backend() throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() throws InterruptedException {
    try {
      task.get().close();
    } catch (ExecutionException | CancellationException e) {
      // Nothing was opened; who needed the backend was told why.
    }
  }
}
