package dev.ashlar.program;

import dev.ashlar.config.Name;

/**
 * A backend's configuration: a record that is bound by name like a layer, for example {@code {cpu:
 * {threads: 2}}}.
 */
@Name("backend")
public interface BackendFactory {

  /** Opens a backend with these settings; the caller closes it. */
  Backend open();
}
