package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tree of values as configuration files and model files hold them. Each value knows its {@link Place}.
 * {@code toString} gives it in one line, in the grammar of {@link #parse}. Values that are written alike
 * are equal, wherever they stand. Whoever parses a stranger's file bounds its depth: walks over a tree
 * recurse.
 */
@Stable
public sealed interface Value {
  /** Where it stands. */
  Place place();

  /** The same tree as plain Java: null, Boolean, Long, Double, BigDecimal, String, List, Map in order. */
  @Nullable Object plain();

  /** No value. */
  record Null(Place place) implements Value {
    @Override
    public @Nullable Object plain() {
      return null;
    }

    @Override
    public String toString() {
      return "null";
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Null && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }
  }

  /** True or false. */
  record Bool(boolean value, Place place) implements Value {
    @Override
    public Object plain() {
      return value;
    }

    @Override
    public String toString() {
      return Boolean.toString(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Bool && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }
  }

  /** A finite number, exactly as written. */
  record Num(BigDecimal value, Place place) implements Value {
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal GREATEST = BigDecimal.valueOf(Long.MAX_VALUE);

    /** Whether it is a whole number within the range of {@code long}. Cheap for any exponent. */
    public boolean isLong() {
      return value.compareTo(LEAST) >= 0
          && value.compareTo(GREATEST) <= 0
          && (value.signum() == 0 || value.stripTrailingZeros().scale() <= 0);
    }

    @Override
    public Object plain() {
      if (isLong()) return value.longValueExact();
      double nearest = value.doubleValue();
      if (Double.isInfinite(nearest)) return value;
      return new BigDecimal(Double.toString(nearest)).compareTo(value) == 0 ? nearest : value;
    }

    @Override
    public String toString() {
      return Words.number(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Num && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }
  }

  /** Text. */
  record Text(String value, Place place) implements Value {
    @Override
    public Object plain() {
      return value;
    }

    @Override
    public String toString() {
      return OneLine.text(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Text && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }
  }

  /** A list. */
  record Sequence(List<Value> items, Place place) implements Value {
    /** Copies the list. */
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public Object plain() {
      var list = new ArrayList<@Nullable Object>();
      items.forEach(item -> list.add(item.plain()));
      return Collections.unmodifiableList(list);
    }

    @Override
    public String toString() {
      return items.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Sequence && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }
  }

  /** A map in the order of its file. A key that was written twice is there twice: the binder reports it. */
  record Mapping(List<Entry> entries, Place place) implements Value {
    /** Copies the list. */
    public Mapping {
      entries = List.copyOf(entries);
    }

    /** The value under a key, or null. */
    public @Nullable Value get(String key) {
      return entries.stream().filter(e -> e.key().equals(key)).map(Entry::value).findFirst().orElse(null);
    }

    /** The keys in order. */
    public List<String> keys() {
      return entries.stream().map(Entry::key).toList();
    }

    /** This map with the value under the key, in the place of the former one or at the end. */
    public Mapping with(String key, Value value) {
      var result = new ArrayList<Entry>();
      for (var e : entries) result.add(e.key().equals(key) ? new Entry(key, e.location(), value) : e);
      if (get(key) == null) result.add(new Entry(key, null, value));
      return new Mapping(result, place);
    }

    /** This map without a key. */
    public Mapping without(String key) {
      return new Mapping(entries.stream().filter(e -> !e.key().equals(key)).toList(), place);
    }

    /** This map with one key called otherwise, as {@code migrate} methods need. */
    public Mapping renamed(String from, String to) {
      return new Mapping(entries.stream()
          .map(e -> e.key().equals(from) ? new Entry(to, e.location(), e.value()) : e)
          .toList(), place);
    }

    @Override
    public Object plain() {
      var map = new LinkedHashMap<String, @Nullable Object>();
      entries.forEach(e -> map.put(e.key(), e.value().plain()));
      return Collections.unmodifiableMap(map);
    }

    @Override
    public String toString() {
      var joined = new StringBuilder("{");
      for (var e : entries) {
        if (joined.length() > 1) joined.append(", ");
        joined.append(OneLine.text(e.key())).append(": ").append(e.value());
      }
      return joined.append('}').toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Mapping && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
      return toString().hashCode();
    }
  }

  /** One key of a map with its value; the location is that of the key. */
  record Entry(String key, @Nullable Location location, Value value) {}

  /** The value of plain Java: null, Boolean, Number, String, List, Map with String keys, or a Value. */
  static Value of(@Nullable Object plain) {
    return fromPlain(plain).placed(Place.ROOT);
  }

  /**
   * The value of one line of text: {@code relu}, {@code 0.1}, {@code "a b"}, {@code [1, 2]},
   * {@code {cosine: {peak: 0.1}}}. It is a part of YAML's flow style.
   *
   * @param source how messages call the text, as if it were a file
   * @throws ConfigException if it cannot be read
   */
  static Value parse(String text, String source) {
    return new OneLine(text, source).parse().placed(Place.ROOT);
  }

  /**
   * The value of an unquoted word: null, true, false, a number, or else text. The rules are those of YAML
   * 1.2, and a reader of YAML should use them so that files and defaults agree.
   */
  static Value plainScalar(String word, Place place) {
    return OneLine.scalar(word, place);
  }

  /**
   * The same tree with the path of every value worked out from this place on. A value without a location of
   * its own takes that of the value around it.
   */
  default Value placed(Place at) {
    var here = at.located(place().location());
    return switch (this) {
      case Null _ -> new Null(here);
      case Bool b -> new Bool(b.value, here);
      case Num n -> new Num(n.value, here);
      case Text t -> new Text(t.value, here);
      case Sequence s -> {
        var items = new ArrayList<Value>();
        for (var item : s.items) items.add(item.placed(here.index(items.size())));
        yield new Sequence(items, here);
      }
      case Mapping m -> new Mapping(m.entries.stream()
          .map(e -> new Entry(e.key, e.location, e.value.placed(here.key(e.key).located(e.location))))
          .toList(), here);
    };
  }

  /** The same tree as if it came from no file. */
  default Value withoutLocations() {
    return of(plain());
  }

  /** Text in double quotes, with the escapes of JSON. */
  static String quoted(String text) {
    return OneLine.quoted(text);
  }

  private static Value fromPlain(@Nullable Object plain) {
    return switch (plain) {
      case null -> new Null(Place.ROOT);
      case Value value -> value;
      case Boolean b -> new Bool(b, Place.ROOT);
      case String s -> new Text(s, Place.ROOT);
      case Double d when !isPlainNumber(d) -> new Text(OneLine.special(d), Place.ROOT);
      case Float f when !isPlainNumber(f) -> new Text(OneLine.special(f), Place.ROOT);
      case BigInteger i -> new Num(new BigDecimal(i), Place.ROOT);
      case Number n -> new Num(new BigDecimal(n.toString()), Place.ROOT);
      case List<?> list -> new Sequence(list.stream().map(Value::fromPlain).toList(), Place.ROOT);
      case Map<?, ?> map -> new Mapping(map.entrySet().stream()
          .map(e -> new Entry((String) Objects.requireNonNull(e.getKey()), null, fromPlain(e.getValue())))
          .toList(), Place.ROOT);
      default -> throw new IllegalArgumentException("no value holds " + plain.getClass().getName());
    };
  }

  /** Infinities, NaN and the negative zero are no numbers of JSON, or not kept by them: they become text. */
  private static boolean isPlainNumber(double d) {
    return Double.isFinite(d) && !(d == 0 && 1 / d < 0);
  }
}
