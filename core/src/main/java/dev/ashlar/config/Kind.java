package dev.ashlar.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What may stand in a place, worked out from a type in Java. Reading, writing, describing and the JSON
 * Schema are each one switch over it. Records and named values hold their class alone, because types may
 * contain themselves.
 */
sealed interface Kind {
  /** What messages say is expected. */
  String expected();

  /** The same as the name of a type, without an article. */
  default String typeName() {
    return expected().replaceFirst("^an? ", "");
  }

  /** {@code int} or {@code long}. */
  record Whole(Class<?> type, Bounds bounds) implements Kind {
    long least() {
      return type == int.class ? Integer.MIN_VALUE : Long.MIN_VALUE;
    }

    long greatest() {
      return type == int.class ? Integer.MAX_VALUE : Long.MAX_VALUE;
    }

    @Override
    public String expected() {
      return "a whole number" + bounds;
    }
  }

  /** {@code float} or {@code double}. */
  record Fraction(Class<?> type, Bounds bounds) implements Kind {
    @Override
    public String expected() {
      return "a number" + bounds;
    }
  }

  /** {@code boolean}. */
  record Truth() implements Kind {
    @Override
    public String expected() {
      return "true or false";
    }
  }

  /** {@code String}. */
  record Prose() implements Kind {
    @Override
    public String expected() {
      return "text";
    }
  }

  /** A path relative to the configuration's folder. */
  record File() implements Kind {
    @Override
    public String expected() {
      return "a path";
    }
  }

  /** An enum. */
  record Choice(Class<?> type) implements Kind {
    List<Enum<?>> constants() {
      return Arrays.stream(type.getEnumConstants()).<Enum<?>>map(c -> (Enum<?>) c).toList();
    }

    List<String> names() {
      return constants().stream().map(Types::name).toList();
    }

    @Override
    public String expected() {
      return "one of " + Words.listed(names());
    }
  }

  /** {@code Optional}. */
  record Maybe(Kind of) implements Kind {
    @Override
    public String expected() {
      return of.expected() + " or null";
    }

    @Override
    public String typeName() {
      return of.typeName() + " or null";
    }
  }

  /** {@code List}. */
  record Many(Kind of) implements Kind {
    @Override
    public String expected() {
      return "a list, each " + of.expected();
    }

    @Override
    public String typeName() {
      return "list of " + of.typeName();
    }
  }

  /** {@code Map} from text. */
  record ByName(Kind of) implements Kind {
    @Override
    public String expected() {
      return "a map from names, each to " + of.expected();
    }

    @Override
    public String typeName() {
      return "map to " + of.typeName();
    }
  }

  /** A record. */
  record Fields(Class<?> type) implements Kind {
    @Override
    public String expected() {
      return "a map of " + Types.noun(type);
    }

    @Override
    public String typeName() {
      return Types.noun(type);
    }
  }

  /** One of a kind of plug-in or of a sealed interface. */
  record OneOf(Class<?> type) implements Kind {
    @Override
    public String expected() {
      return Words.article(Types.noun(type));
    }
  }

  /** One with a label. */
  record Labelled(OneOf of) implements Kind {
    @Override
    public String expected() {
      return of.expected();
    }

    @Override
    public String typeName() {
      return of.typeName();
    }
  }

  /** The value as it is. */
  record Raw() implements Kind {
    @Override
    public String expected() {
      return "any value";
    }
  }

  /** The kinds that need no more than their class. */
  static Optional<Kind> simple(Class<?> type, Bounds bounds) {
    var plain = UNBOXED.getOrDefault(type, type);
    if (plain == int.class || plain == long.class) return Optional.of(new Whole(plain, bounds));
    if (plain == float.class || plain == double.class) return Optional.of(new Fraction(plain, bounds));
    if (plain == boolean.class) return Optional.of(new Truth());
    if (type == String.class) return Optional.of(new Prose());
    if (type == Path.class) return Optional.of(new File());
    if (type == Value.class) return Optional.of(new Raw());
    if (type.isEnum()) return Optional.of(new Choice(type));
    if (type.isRecord()) return Optional.of(new Fields(type));
    return Optional.empty();
  }

  /** Boxes as they stand between angle brackets. */
  Map<Class<?>, Class<?>> UNBOXED = Map.of(
      Integer.class, int.class, Long.class, long.class, Float.class, float.class,
      Double.class, double.class, Boolean.class, boolean.class);
}
