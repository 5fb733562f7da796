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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  /** In a JVM of its own, whose standard error is read. */
  @Test
  void aContainerNeedNotTouchUnsafe() throws Exception {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Dguice_bytecode_gen_option=DISABLED", "-cp",
        System.getProperty("java.class.path"), Container.class.getName()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines().filter(line -> !line.startsWith("SLF4J"))).containsExactly("Runs");
  }

  /** A program that puts Ashlar into a container. */
  static final class Container {
    /** Asks for what {@link RuntimeModule} binds. */
    public static void main(String[] arguments) {
      System.out.println(Guice.createInjector(new RuntimeModule(Registry.discover())).getInstance(Runs.class)
          .getClass().getSimpleName());
    }
  }
}
