package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Value;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.reference.ReferenceSettings;
import java.nio.file.Path;
import java.util.List;

/** Chooses what programs run on where nobody says. */
@Stable
public final class Backends {

  /** Name of the backend that is taken if it is there. */
  public static final String PREFERRED = "cpu";

  private Backends() {}

  /** The fastest backend that the plug-ins bring, with its own defaults; the reference backend if they bring none. */
  public static BackendFactory standard(NameResolver plugins) {
    List<Implementation> known = plugins.implementations(BackendFactory.class).orElse(List.of());
    return known.stream().anyMatch(i -> i.name().equals(PREFERRED))
        ? new Binder(plugins, Path.of("")).bind(Value.of(PREFERRED), BackendFactory.class).orThrow()
        : new ReferenceSettings(false);
  }

  /**
   * Opens the {@linkplain #standard standard} backend with the kernels of the plug-ins; the caller closes it.
   *
   * @throws dev.ashlar.config.ConfigException if two of them bring a kernel for the same
   */
  public static Backend open(Registry plugins) {
    return standard(plugins).open(plugins.kernels());
  }
}
