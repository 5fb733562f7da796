package dev.ashlar.backend.cpu.kernel;

/** Small checks shared by the records. */
final class Check {

  private Check() {}

  static void type(Local local, Type expected, String what) {
    if (local.type() != expected) {
      throw new IllegalArgumentException(what + ": expected " + expected + ", found " + local);
    }
  }

  static void same(Local a, Local b, String what) {
    if (a.type() != b.type()) {
      throw new IllegalArgumentException(what + ": operands differ in type: " + a + ", " + b);
    }
  }

  static void oneOf(Local local, String what, Type... allowed) {
    for (var type : allowed) {
      if (local.type() == type) {
        return;
      }
    }
    throw new IllegalArgumentException(what + ": not defined for " + local);
  }
}
