package dev.ashlar.testkit;

import dev.ashlar.config.Binder;
import dev.ashlar.config.BindResult;
import dev.ashlar.config.Doc;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Value;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;

/** Whether a component of a plug-in can be configured: named, written, read back equal, and documented. */
record ConfigurationCheck(NameResolver names) {

  void check(Object component, Class<?> kind) {
    Binder binder = new Binder(names, Path.of(""));
    Value written;
    try {
      written = binder.write(component, kind);
    } catch (IllegalArgumentException e) {
      throw new AssertionError(e.getMessage()
          + ": list it in components() of the plug-in, which META-INF/services"
          + " names, or override names()", e);
    }
    switch (binder.bind(written, kind)) {
      case BindResult.Refused<?> refused ->
          throw new AssertionError("written as " + written + ", it cannot be read back: "
              + refused.problems());
      case BindResult.Bound<?> bound -> {
        if (!bound.value().equals(component)) {
          throw new AssertionError("written as " + written + ", it is read back as " + bound.value()
              + ", not "
              + component + ": a record that changes what it is given cannot be saved");
        }
      }
    }
    if (component instanceof Record) {
      documented(component.getClass());
    }
  }

  private static void documented(Class<?> type) {
    for (RecordComponent c : type.getRecordComponents()) {
      if (!c.isAnnotationPresent(Doc.class)) {
        throw new AssertionError("component '" + c.getName() + "' of " + type.getName()
            + " has no @Doc: say in a few words what it is");
      }
    }
  }
}
