package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records in a module of their own, compiled here: what such a module must allow, and what is said if it
 * does not.
 */
class StrangersModuleTest {
  @TempDir private static Path folder;

  private static ClassLoader loader;

  @BeforeAll
  static void compile() throws IOException {
    var classes = folder.resolve("classes");
    var sources = List.of(
        source("module-info.java", "module stranger { exports shown; opens opened; }"),
        source("shown/Open.java", "package shown; public record Open(int x) {}"),
        source("shown/Closed.java", "package shown; record Closed(int x) {}"),
        source("hidden/Hidden.java", "package hidden; public record Hidden(int x) {}"),
        source("opened/Opened.java", "package opened; record Opened(int x) {}"));
    var arguments = new ArrayList<>(List.of("-d", classes.toString()));
    sources.forEach(source -> arguments.add(source.toString()));
    int status = ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).isZero();
    var configuration = ModuleLayer.boot().configuration()
        .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("stranger"));
    loader = ModuleLayer.boot()
        .defineModulesWithOneLoader(configuration, StrangersModuleTest.class.getClassLoader())
        .findLoader("stranger");
  }

  @Test
  void aPublicRecordInAnExportedPackageIsBound() throws ReflectiveOperationException {
    assertBound("shown.Open");
  }

  @Test
  void anyRecordInAnOpenedPackageIsBound() throws ReflectiveOperationException {
    assertBound("opened.Opened");
  }

  @Test
  void aRecordOutOfReachSaysWhatToDo() throws ReflectiveOperationException {
    for (var name : List.of("shown.Closed", "hidden.Hidden")) {
      var type = loader.loadClass(name);
      var binder = new Binder(NameResolver.NONE, folder);
      assertThat(binder.check(type)).singleElement().asString()
          .startsWith(name + " cannot be bound: it is out of reach of Ashlar")
          .contains("module stranger")
          .contains("'opens " + type.getPackageName());
      assertThatThrownBy(() -> binder.bind(Value.parse("{x: 1}", "t"), type))
          .isInstanceOf(UnboundTypeException.class);
    }
  }

  private static void assertBound(String name) throws ReflectiveOperationException {
    var type = loader.loadClass(name);
    var binder = new Binder(NameResolver.NONE, folder);
    assertThat(type.getModule().isNamed()).isTrue();
    assertThat(binder.check(type)).isEmpty();
    var made = (Record) binder.bind(Value.parse("{x: 3}", "t"), type).orThrow();
    assertThat(binder.write(made)).hasToString("{x: 3}");
  }

  private static Path source(String name, String text) throws IOException {
    var file = folder.resolve("sources").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
