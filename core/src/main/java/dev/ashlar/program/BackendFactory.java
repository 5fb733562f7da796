package dev.ashlar.program;

/**
 * A backend's configuration: a record that is bound by name like a layer, for example {@code {cpu:
 * {threads: 2}}}.
 */
public interface BackendFactory {

  /** Opens a backend with these settings; the caller closes it. */
  Backend open();
}
