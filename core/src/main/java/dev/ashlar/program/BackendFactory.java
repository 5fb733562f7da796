package dev.ashlar.program;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Name;
import java.util.List;

/**
 * A backend's configuration: a record that is bound by name like a layer, for example {@code {cpu:
 * {threads: 2}}}.
 */
@Stable
@Name("backend")
public interface BackendFactory {

  /** Opens a backend with these settings; the caller closes it. Custom operations run their own code. */
  Backend open();

  /**
   * Opens a backend that runs custom operations by these kernels: those of the plug-ins ({@code Registry.kernels}) or
   * an application's own. It takes those that name it and leaves the others; as long as a backend does not say
   * otherwise, it leaves all.
   *
   * @throws IllegalArgumentException if two are for the same operation on this backend: names both
   */
  default Backend open(List<OperationKernel> kernels) {
    return open();
  }
}
