package dev.ashlar.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record that can be bound: its components, its constructor, its accessors. All reflection on records is
 * here.
 */
record RecordType(Class<?> type, List<Component> components) {
  static RecordType of(Class<?> type, Kinds kinds) {
    var components = new ArrayList<Component>();
    for (var c : type.getRecordComponents()) components.add(kinds.component(type, c));
    return new RecordType(type, List.copyOf(components));
  }

  boolean isTuple() {
    return type.isAnnotationPresent(Tuple.class);
  }

  @Nullable Component component(String called) {
    return components.stream().filter(c -> c.isCalled(called)).findFirst().orElse(null);
  }

  List<String> names() {
    return components.stream().map(Component::name).toList();
  }

  /**
   * Calls the canonical constructor with what stands at the place.
   *
   * @throws IllegalArgumentException as the constructor threw it
   * @throws UnboundTypeException if the record is out of reach, or its constructor failed otherwise
   */
  Object create(@Nullable Object[] arguments, Place place) {
    try {
      return constructor(type).newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) throw refused;
      if (e.getCause() instanceof Error error && !(error instanceof LinkageError)) throw error;
      throw new UnboundTypeException(type, "its constructor failed with " + e.getCause()
          + " at " + place, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new UnboundTypeException(type, "its constructor cannot be called", e);
    }
  }

  /** The values of the components, in order. */
  List<Object> read(Object made) {
    var values = new ArrayList<Object>();
    for (var component : type.getRecordComponents()) {
      try {
        var accessor = component.getAccessor();
        if (!accessor.trySetAccessible()) throw new UnboundTypeException(type, outOfReach(type), null);
        values.add(Objects.requireNonNull(accessor.invoke(made),
            () -> "component '" + component.getName() + "' of " + made + " is null"));
      } catch (ReflectiveOperationException e) {
        throw new UnboundTypeException(type, "component '" + component.getName() + "' cannot be read", e);
      }
    }
    return values;
  }

  /** The tree of an earlier version brought forward by the record's own {@code migrate}, if it has one. */
  static Value migrated(Class<?> type, int from, Value tree) {
    try {
      var migrate = type.getMethod("migrate", int.class, Value.class);
      if (!migrate.trySetAccessible()) throw new UnboundTypeException(type, outOfReach(type), null);
      if (!checkMigrate(type).isEmpty()) throw new UnboundTypeException(type, checkMigrate(type).getFirst(), null);
      if (migrate.invoke(null, from, tree) instanceof Value migrated) return migrated;
      throw new UnboundTypeException(type, "migrate returned null", null);
    } catch (NoSuchMethodException e) {
      return tree;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) throw refused;
      if (e.getCause() instanceof Error error && !(error instanceof LinkageError)) throw error;
      throw new UnboundTypeException(type, "migrate failed with " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new UnboundTypeException(type, "migrate cannot be called", e);
    }
  }

  /** Why methods called {@code migrate} would not be found or would fail; nothing if there are none. */
  static List<String> checkMigrate(Class<?> type) {
    var reasons = new ArrayList<String>();
    for (var method : type.getDeclaredMethods()) {
      if (!method.getName().equals("migrate")) continue;
      boolean right = Modifier.isStatic(method.getModifiers())
          && Modifier.isPublic(method.getModifiers())
          && method.getReturnType() == Value.class
          && Arrays.equals(method.getParameterTypes(), new Class<?>[] {int.class, Value.class});
      if (!right) reasons.add("'migrate' must be 'public static Value migrate(int from, Value tree)'");
    }
    return reasons;
  }

  static Constructor<?> constructor(Class<?> type) {
    try {
      var parameters = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType);
      var constructor = type.getDeclaredConstructor(parameters.toArray(Class<?>[]::new));
      if (!constructor.trySetAccessible()) throw new UnboundTypeException(type, outOfReach(type), null);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every record has its canonical constructor", e);
    }
  }

  static String outOfReach(Class<?> type) {
    var ashlar = RecordType.class.getModule();
    return "it is out of reach of Ashlar: make the record public and let module "
        + type.getModule().getName() + " export its package, or add 'opens " + type.getPackageName()
        + (ashlar.isNamed() ? " to " + ashlar.getName() : "") + ";' to its module-info.java";
  }
}
