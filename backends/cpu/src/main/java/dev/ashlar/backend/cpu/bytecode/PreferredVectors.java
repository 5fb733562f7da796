package dev.ashlar.backend.cpu.bytecode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Asks the Vector API, by name, for the width that suits the machine. */
final class PreferredVectors {
  private static final String PACKAGE = "jdk.incubator.vector.";

  private PreferredVectors() {}

  /** 128, 256, 512 or more; 0 if the module is not there. */
  static int bits() {
    var module = ModuleLayer.boot().findModule("jdk.incubator.vector");
    if (module.isEmpty()) {
      return 0;
    }
    PreferredVectors.class.getModule().addReads(module.get());
    try {
      var shape = Class.forName(module.get(), PACKAGE + "VectorShape");
      var lookup = MethodHandles.publicLookup();
      Object preferred = lookup.findStatic(shape, "preferredShape", MethodType.methodType(shape)).invoke();
      var size = lookup.findVirtual(shape, "vectorBitSize", MethodType.methodType(int.class));
      return (int) size.invoke(preferred);
    } catch (Throwable e) {
      throw new IllegalStateException("the Vector API does not answer", e);
    }
  }
}
