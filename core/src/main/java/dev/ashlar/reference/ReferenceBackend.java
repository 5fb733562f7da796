package dev.ashlar.reference;

import dev.ashlar.api.Experimental;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.VariableStore;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Runs every operation by its {@linkplain Reference reference evaluation}, one after the other: slow and
 * right.
 */
@Experimental(since = "0.1")
public final class ReferenceBackend implements Backend {

  private final boolean checked;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private volatile boolean closed;

  /** A backend that computes whatever comes. */
  public ReferenceBackend() {
    this(false);
  }

  /**
   * @param checked whether a run stops, with a {@link dev.ashlar.program.LookupException}, at an argument that names no
   *     row where it is looked up, and, with a {@link dev.ashlar.program.NotANumberException}, at the first
   *     operation that gives a NaN; variables then keep their values
   */
  public ReferenceBackend(boolean checked) {
    this.checked = checked;
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String describe() {
    return "reference: one operation after the other in double precision, for tests"
        + (checked ? "; stops at the first NaN" : "");
  }

  @Override
  public List<String> missing(Computation computation) {
    return List.of();
  }

  @Override
  public Program compile(Computation computation) {
    return new ReferenceProgram(this, computation, checked);
  }

  @Override
  public VariableStore newStore() {
    return new HostStore();
  }

  @Override
  public void close() {
    open.writeLock().lock();
    closed = true;
    open.writeLock().unlock();
  }

  /** Runs while the backend stays open. */
  void whileOpen(Runnable work) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the reference backend is closed");
      }
      work.run();
    } finally {
      open.readLock().unlock();
    }
  }
}
