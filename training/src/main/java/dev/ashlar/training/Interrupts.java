package dev.ashlar.training;

import java.util.function.BooleanSupplier;

/** How long work notices that it is no longer wanted. For one thread. */
final class Interrupts {

  private final BooleanSupplier asked;
  private boolean noticed;

  /** @param asked says whether the work should stop; beside that, the thread may be interrupted */
  Interrupts(BooleanSupplier asked) {
    this.asked = asked;
  }

  /** Of work that only an interrupted thread stops. */
  static Interrupts ofThread() {
    return new Interrupts(() -> false);
  }

  /** Whether the work should stop; from then on always. */
  boolean isNoticed() {
    // The thread's own sign is taken down: files that are written now would be closed by it.
    noticed |= Thread.interrupted() | asked.getAsBoolean();
    return noticed;
  }

  void check() throws InterruptedException {
    if (isNoticed()) {
      throw new InterruptedException("interrupted between two batches");
    }
  }
}
