package dev.ashlar.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One binding of a tree. Every method that reads returns null after it has added a problem. */
final class Reader {
  /** The key of a label beside a name. */
  static final String LABEL = "as";

  private final Path base;
  private final Kinds kinds;
  private final Problems problems;
  private final Scalars scalars;
  private final RecordReader records;
  private final NamedReader named;
  /** Defaults being read now: a default that needs itself has no end. */
  private final Set<Component> defaulting;

  Reader(Kinds kinds, Path base, Places places) {
    this(kinds, base, new HashSet<>(), new Problems(false), places, null);
  }

  private Reader(Kinds kinds, Path base, Set<Component> defaulting, Problems problems, Places places,
      @Nullable String author) {
    this.base = base;
    this.kinds = kinds;
    this.defaulting = defaulting;
    this.problems = problems;
    this.scalars = new Scalars(base, problems);
    this.records = new RecordReader(this, kinds, problems, places);
    this.named = new NamedReader(records, kinds, problems, author);
  }

  List<Problem> problems() {
    return problems.sorted();
  }

  @Nullable Object read(Value value, Kind kind) {
    return switch (kind) {
      case Kind.Whole whole -> scalars.whole(value, whole);
      case Kind.Fraction fraction -> scalars.fraction(value, fraction);
      case Kind.Truth truth -> scalars.truth(value, truth);
      case Kind.Prose prose -> scalars.prose(value, prose);
      case Kind.File file -> scalars.path(value, file);
      case Kind.Choice choice -> scalars.choice(value, choice);
      case Kind.Maybe(var of) -> value instanceof Value.Null ? Optional.empty() : optional(read(value, of));
      case Kind.Many many -> list(value, many);
      case Kind.ByName map -> map(value, map);
      case Kind.Fields(var type) -> records.read(value, kinds.record(type));
      case Kind.OneOf one -> named.named(value, one);
      case Kind.Labelled(var one) -> named.labelled(value, one);
      case Kind.Raw _ -> value;
    };
  }

  /**
   * The default of a component of a record. Its problems are those of the place: a plug-in that it names may be
   * missing.
   */
  @Nullable Object readDefault(Component component, Class<?> record, Place place) {
    var ofDefault = new Problems(true);
    try {
      if (!defaulting.add(component)) {
        return ofDefault.add(place, "nothing but itself", component.expected(), "");
      }
      var made = new Reader(kinds, base, defaulting, ofDefault, new Places(), kinds.names().owner(record))
          .read(component.defaultAt(place), component.kind());
      defaulting.remove(component);
      return made;
    } finally {
      problems.addAll(ofDefault);
    }
  }

  private static @Nullable Object optional(@Nullable Object value) {
    return value == null ? null : Optional.of(value);
  }

  private @Nullable Object list(Value value, Kind.Many kind) {
    if (!(value instanceof Value.Sequence sequence)) return problems.wrongType(value, kind);
    var result = new ArrayList<Object>();
    var labels = new HashMap<String, Place>();
    boolean whole = true;
    for (var item : sequence.items()) {
      var made = read(item, kind.of());
      if (made == null) whole = false;
      else result.add(made);
      if (made instanceof Named<?> named && named.label().isPresent()) {
        whole &= labelIsNew(named.label().get(), item.place(), labels);
      }
    }
    return whole ? List.copyOf(result) : null;
  }

  private boolean labelIsNew(String label, Place place, Map<String, Place> labels) {
    var first = labels.putIfAbsent(label, place);
    if (first == null) return true;
    problems.add(place.key(LABEL), "the label '" + label + "' again, first at " + first.path(),
        "each label once in a list", "");
    return false;
  }

  private @Nullable Object map(Value value, Kind.ByName kind) {
    if (!(value instanceof Value.Mapping mapping)) return problems.wrongType(value, kind);
    var result = new LinkedHashMap<String, Object>();
    boolean whole = problems.noDuplicates(mapping);
    for (var entry : mapping.entries()) {
      var made = read(entry.value(), kind.of());
      if (made == null) whole = false;
      else result.put(entry.key(), made);
    }
    return whole ? Collections.unmodifiableMap(result) : null;
  }
}
