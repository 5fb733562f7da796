package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.google.inject.name.Names;
import com.google.inject.util.Modules;
import dev.ashlar.config.Implementation;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.BackendFactory;
import dev.ashlar.reference.ReferenceSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuntimeModuleTest {

  private final RuntimeModule module = new RuntimeModule(Registry.discover());

  @Test
  void bindsWhatIsThere() {
    var injector = Guice.createInjector(module);
    assertThat(injector.getInstance(Runs.class).plugins()).isSameAs(injector.getInstance(Registry.class));
    var layers = injector.getInstance(
        Key.get(new TypeLiteral<Map<String, Implementation>>() {}, Names.named("Layer")));
    assertThat(layers).containsKey("layers:dense");
  }

  @Test
  void anApplicationPutsItsOwnInPlace() {
    var own = new ReferenceSettings(true);
    var injector = Guice.createInjector(Modules.override(module).with(new AbstractModule() {
      @Override
      protected void configure() {
        bind(BackendFactory.class).toInstance(own);
      }
    }));
    assertThat(injector.getInstance(BackendFactory.class)).isSameAs(own);
  }
}
