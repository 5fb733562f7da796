package dev.ashlar.runtime;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.name.Names;
import dev.ashlar.config.Implementation;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.training.Backends;
import java.util.Map;

/**
 * Ashlar for applications that live in a Guice container. Binds the {@link Registry}, {@link Runs}, a {@link
 * BackendFactory} to be opened with {@link Registry#kernels}, and for each kind of component a map from qualified name
 * to {@link Implementation}, annotated with the kind's simple name: {@code @Named("Layer") Map<String,
 * Implementation>}. An application puts other bindings in place of these with {@code Modules.override}. The command
 * line does without: a container takes longer to start than a small network to train.
 *
 * <p>Guice 7 writes classes through {@code sun.misc.Unsafe}, of which JDK 25 warns on standard error. With {@code
 * -Dguice_bytecode_gen_option=DISABLED} it uses reflection in their place, and nothing is said.
 */
public final class RuntimeModule extends AbstractModule {

  private final Registry plugins;

  /** With these plug-ins. */
  public RuntimeModule(Registry plugins) {
    this.plugins = plugins;
  }

  @Override
  protected void configure() {
    bind(Registry.class).toInstance(plugins);
    for (Class<?> kind : Registry.KINDS) {
      MapBinder<String, Implementation> components = MapBinder.newMapBinder(
          binder(), new TypeLiteral<String>() {}, new TypeLiteral<Implementation>() {}, Names.named(kind.getSimpleName()));
      for (Map.Entry<String, Implementation> component : byName(kind).entrySet()) {
        components.addBinding(component.getKey()).toInstance(component.getValue());
      }
    }
  }

  private Map<String, Implementation> byName(Class<?> kind) {
    Map<String, Implementation> byName = new java.util.LinkedHashMap<>();
    plugins.implementations(kind).orElseThrow().forEach(i -> byName.put(i.qualifiedName(), i));
    return byName;
  }

  @Provides
  @Singleton
  Runs runs(Registry registry) {
    return new Runs(registry);
  }

  @Provides
  @Singleton
  BackendFactory backend(Registry registry) {
    return Backends.standard(registry);
  }
}
