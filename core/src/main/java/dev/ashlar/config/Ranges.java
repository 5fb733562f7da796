package dev.ashlar.config;

import dev.ashlar.api.Experimental;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the numbers of what was made in Java by {@link Range}, as those of a configuration are when they are bound. */
@Experimental(since = "0.1")
public final class Ranges {

  private Ranges() {}

  /**
   * Looks at all numbers that a component is made of, its own and those of components in it. What cannot be read from
   * here, in a module that does not open it, is passed over, and so is what is no record.
   *
   * @throws IllegalArgumentException if one is out of its range: names its path, what it is and what is expected
   */
  public static void check(Object component) {
    if (component instanceof Record record) check(record, Implementation.nameOf(record));
  }

  private static void check(Record record, String path) {
    for (var part : record.getClass().getRecordComponents()) {
      var accessor = part.getAccessor();
      if (!accessor.trySetAccessible()) continue;
      Object value;
      try {
        value = accessor.invoke(record);
      } catch (ReflectiveOperationException e) {
        continue; // an accessor that throws tells nothing of a range
      }
      var name = Types.annotated(part).orElseGet(() -> Words.snake(part.getName()));
      check(value, path + "." + name, part.getAnnotation(Range.class));
    }
  }

  private static void check(@Nullable Object value, String path, @Nullable Range range) {
    switch (value) {
      case null -> { }
      case Named<?> named -> check(named.value(), path, range);
      case Record record -> check(record, path);
      case Optional<?> optional -> optional.ifPresent(inner -> check(inner, path, range));
      case Collection<?> all -> {
        int i = 0;
        for (var item : all) check(item, path + "[" + i++ + "]", range);
      }
      case Map<?, ?> map -> map.forEach((key, item) -> check(item, path + "." + key, range));
      case Number number when range != null -> {
        var bounds = number instanceof Float ? Bounds.of(range).rounded() : Bounds.of(range);
        if (!bounds.admits(number.doubleValue())) {
          throw new IllegalArgumentException(path + ": " + number + "; expected: a number" + Bounds.of(range));
        }
      }
      default -> { }
    }
  }
}
