package dev.ashlar.plugin;

import dev.ashlar.api.Stable;
import dev.ashlar.program.OperationKernel;
import java.lang.module.ModuleDescriptor;
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

  /**
   * Version of the plug-in, as shown and as recorded in model files: the {@code Implementation-Version} of its jar, or
   * else that of its module. A jar in which others are packed has the one of neither: override this for it to be known.
   */
  default String version() {
    String version = getClass().getPackage().getImplementationVersion();
    if (version != null) {
      return version;
    }
    ModuleDescriptor module = getClass().getModule().getDescriptor();
    return module == null ? "unversioned" : module.rawVersion().orElse("unversioned");
  }

  /** The {@link #API_VERSION} that it was built against; return that constant. */
  default int apiVersion() {
    return 1;
  }

  /**
   * The components: public records, or enums whose constants are components, that implement one of
   * the interfaces that can be named in a configuration: layers, activations, initializers, losses,
   * metrics, optimizers, gradient transforms, schedules, data sources, transforms, callbacks, model families, backends.
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
