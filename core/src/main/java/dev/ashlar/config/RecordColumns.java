package dev.ashlar.config;

import dev.ashlar.api.Experimental;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The components of a record as columns of a table: an application's rows. A column has the name of the component, or
 * what its {@link Name} says, which may be any text.
 */
@Experimental(since = "0.1")
public final class RecordColumns {
  private final Class<? extends Record> type;
  private final List<String> names;
  private final List<String> snake;
  private final Method[] accessors;

  private RecordColumns(Class<? extends Record> type) {
    this.type = type;
    var components = type.getRecordComponents();
    this.names = Arrays.stream(components).map(component -> {
      var name = component.getAnnotation(Name.class);
      return name == null ? component.getName() : name.value();
    }).toList();
    this.snake = names.stream().map(Words::snake).toList();
    this.accessors = Arrays.stream(components).map(component -> {
      var accessor = component.getAccessor();
      if (!accessor.trySetAccessible()) throw new UnboundTypeException(type, RecordType.outOfReach(type), null);
      return accessor;
    }).toArray(Method[]::new);
  }

  /**
   * The columns of a kind of record.
   *
   * @throws UnboundTypeException if the record is out of reach, in a module that does not open its package
   */
  public static RecordColumns of(Class<? extends Record> type) {
    return new RecordColumns(type);
  }

  /** The names, in the order of the components. */
  public List<String> names() {
    return names;
  }

  /** The same as they would be in lower case with underscores. */
  public List<String> namesWithUnderscores() {
    return snake;
  }

  /**
   * The values of a record of this kind, in the order of the components.
   *
   * @throws UnboundTypeException if an accessor throws
   */
  public @Nullable Object[] values(Record row) {
    var values = new @Nullable Object[accessors.length];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = accessors[i].invoke(row);
      } catch (ReflectiveOperationException e) {
        throw new UnboundTypeException(type, "component '" + names.get(i) + "' cannot be read", e);
      }
    }
    return values;
  }
}
