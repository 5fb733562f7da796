package dev.ashlar.backend.cpu;

import dev.ashlar.program.OperationException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that share out the pieces of one job at a time; the caller works too. Workers spin briefly
 * for the next job, then sleep. They are daemons, started at the first job and gone after {@link #close}. Those of an
 * application's executor are asked for help when there is a job, and given back when none follows soon: nobody waits
 * for one that does not come.
 */
final class Team implements AutoCloseable {

  /** A job: pieces that may run in any order and at the same time. */
  interface Job {
    /** Runs one piece. */
    void run(int piece);
  }

  private static final long SPIN_NANOS = 20_000;
  private static final VarHandle NEXT;
  private static final VarHandle DONE;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(Team.class, "next", long.class);
      DONE = MethodHandles.lookup().findVarHandle(Team.class, "done", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread[] workers;
  private final boolean[] sleeping;
  private final ReentrantLock busy = new ReentrantLock();
  private boolean started;

  private volatile @Nullable Job job;
  private volatile int pieces;
  /**
   * Number of the job in the upper half, of the next piece in the lower: a late worker cannot take a new
   * piece.
   */
  private volatile long next;
  private volatile int done;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private volatile boolean awake;
  /** Of the application; null if the workers are our own. */
  private final @Nullable Executor executor;
  /** Threads of the executor that work, or were asked to. */
  private final AtomicInteger helping = new AtomicInteger();

  Team(int threads) {
    this(threads, null);
  }

  /** @param executor whose threads help; null for threads of our own */
  Team(int threads, @Nullable Executor executor) {
    this.executor = executor;
    workers = new Thread[threads - 1];
    sleeping = new boolean[workers.length];
  }

  int threads() {
    return workers.length + 1;
  }

  /** Whether workers wait for the next job without sleeping: one comes soon, and so do many others. */
  void stayAwake(boolean whether) {
    awake = whether;
  }

  /** Runs all pieces and waits for them; alone, if another caller has the workers. */
  void run(Job work, int count) {
    if (workers.length == 0 || count == 1 || !busy.tryLock()) {
      for (int piece = 0; piece < count; piece++) {
        work.run(piece);
      }
      return;
    }
    try {
      if (busy.getHoldCount() > 1) {
        throw new IllegalStateException("a job within a job");
      }
      if (executor == null) {
        start();
      }
      share(work, count);
    } finally {
      busy.unlock();
    }
  }

  private void share(Job work, int count) {
    done = 0;
    failure = null;
    pieces = count;
    job = work;
    long number = (next >>> 32) + 1;
    next = number << 32;
    VarHandle.fullFence(); // the job is there before the flags are read
    if (executor != null) {
      askForHelp(executor, Math.min(workers.length, count - 1));
    } else {
      for (int i = 0; i < workers.length; i++) {
        if (sleeping[i]) {
          LockSupport.unpark(workers[i]);
        }
      }
    }
    work(number);
    while (done < count) {
      Thread.onSpinWait();
    }
    job = null;
    Throwable thrown = failure;
    if (thrown instanceof OperationException says) {
      throw says; // what and where
    }
    if (thrown != null) {
      throw new IllegalStateException("a piece of a parallel step failed", thrown);
    }
  }

  private void askForHelp(Executor from, int wanted) {
    while (helping.get() < wanted) {
      helping.incrementAndGet();
      try {
        from.execute(this::help);
      } catch (RejectedExecutionException e) {
        helping.decrementAndGet();
        return; // it is full, or shut down: the caller works alone
      }
    }
  }

  /** On a thread of the executor: works until no job has followed for a while. */
  private void help() {
    try {
      long number = next >>> 32;
      boolean goesOn = true;
      while (goesOn && !closed) {
        work(number);
        long until = System.nanoTime() + SPIN_NANOS;
        while (next >>> 32 == number && !closed && (awake || System.nanoTime() < until)) {
          Thread.onSpinWait();
        }
        goesOn = next >>> 32 != number;
        number = next >>> 32;
      }
    } finally {
      helping.decrementAndGet();
    }
  }

  /** Takes pieces of a job until there are no more. */
  private void work(long number) {
    while (true) {
      long taken = next;
      int piece = (int) taken;
      if (taken >>> 32 != number || piece >= pieces) {
        return;
      }
      Job current = job;
      if (!NEXT.compareAndSet(this, taken, taken + 1) || current == null) {
        continue;
      }
      try {
        current.run(piece);
      } catch (Throwable e) {
        failure = e;
      } finally {
        DONE.getAndAdd(this, 1);
      }
    }
  }

  private void start() {
    if (!started) {
      started = true;
      for (int i = 0; i < workers.length; i++) {
        int number = i;
        workers[i] = Thread.ofPlatform().daemon().name("ashlar-cpu-" + (i + 1))
            .unstarted(() -> serve(number));
        workers[i].start();
      }
    }
  }

  private void serve(int worker) {
    long seen = 0;
    while (!closed) {
      long number = next >>> 32;
      if (number != seen) {
        seen = number;
        work(number);
        continue;
      }
      long until = System.nanoTime() + SPIN_NANOS;
      while (next >>> 32 == seen && !closed && (awake || System.nanoTime() < until)) {
        Thread.onSpinWait();
      }
      if (next >>> 32 == seen && !closed) {
        sleep(worker, seen);
      }
    }
  }

  private void sleep(int worker, long seen) {
    sleeping[worker] = true;
    VarHandle.fullFence();
    // The job may have come between the look and the flag; a spurious wake-up does no harm either.
    if (next >>> 32 == seen && !closed) {
      LockSupport.park(this);
    }
    sleeping[worker] = false;
  }

  @Override
  public void close() {
    busy.lock();
    try {
      closed = true;
      if (started) {
        for (Thread worker : workers) {
          LockSupport.unpark(worker);
        }
      }
    } finally {
      busy.unlock();
    }
    if (started) {
      for (Thread worker : workers) {
        join(worker);
      }
    }
  }

  private static void join(Thread worker) {
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
