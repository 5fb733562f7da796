package dev.ashlar.plugin;

import dev.ashlar.api.Stable;
import dev.ashlar.program.OperationKernel;
import java.util.List;

/**
 * What a jar adds to Ashlar, found by {@link java.util.ServiceLoader}: one for each jar, with a
 * public constructor without arguments. Every method has a default, so that later versions can ask
 * for more without breaking a plug-in.
 */
@Stable
public interface Plugin {

  /** The version of this interface and of those that components implement. */
  int API_VERSION = 1;

  /** Unique name, lower case: qualifies the names of components ({@code acme:glu}). */
  default String name() {
    return getClass().getPackageName();
  }

  /** Version of the plug-in, as shown and as recorded in model files. */
  default String version() {
    String version = getClass().getPackage().getImplementationVersion();
    return version != null ? version : "unversioned";
  }

  /** The {@link #API_VERSION} that it was built against; return that constant. */
  default int apiVersion() {
    return 1;
  }

  /**
   * The components: public records, or enums whose constants are components, that implement one of
   * the interfaces that can be named in a configuration: layers, activations, initializers, losses,
   * metrics, optimizers, gradient transforms, schedules, data sources, transforms, callbacks, backends.
   */
  default List<Class<?>> components() {
    return List.of();
  }

  /**
   * Kernels of custom operations, its own or those of others. There is one for an operation on a backend: a second one,
   * whoever brings it, is an error that names both plug-ins.
   */
  default List<OperationKernel> kernels() {
    return List.of();
  }
}
