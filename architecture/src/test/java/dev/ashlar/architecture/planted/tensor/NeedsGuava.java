package dev.ashlar.architecture.planted.tensor;

import com.google.common.collect.ImmutableList;
import com.google.inject.Injector;

/** Planted: core with a heavy dependency, and Guice outside runtime. */
class NeedsGuava {
  ImmutableList<Injector> list = ImmutableList.of();
}
