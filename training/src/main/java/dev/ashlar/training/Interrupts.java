package dev.ashlar.training;

/** How long work notices that it is no longer wanted. */
final class Interrupts {

  private Interrupts() {}

  static void check() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted between two batches");
    }
  }
}
