package dev.ashlar.config;

import java.nio.file.InvalidPathException;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One binding of a tree. Every method that reads returns null after it has added a problem. */
final class Reader {
  static final String LABEL = "as";

  private static final Pattern LABELS = Pattern.compile("[\\p{L}\\p{N}_-]+");

  private final Kinds kinds;
  private final Path base;
  private final List<Problem> problems;
  /** Defaults being read now: a default that needs itself has no end. */
  private final Set<Component> defaulting;

  Reader(Kinds kinds, Path base) {
    this(kinds, base, new HashSet<>());
  }

  private Reader(Kinds kinds, Path base, Set<Component> defaulting) {
    this.kinds = kinds;
    this.base = base;
    this.defaulting = defaulting;
    this.problems = new ArrayList<>();
  }

  List<Problem> problems() {
    return Problem.sorted(problems);
  }

  @Nullable Object read(Value value, Kind kind) {
    return switch (kind) {
      case Kind.Whole whole -> whole(value, whole);
      case Kind.Fraction fraction -> fraction(value, fraction);
      case Kind.Truth truth -> value instanceof Value.Bool b ? (Object) b.value() : wrongType(value, truth);
      case Kind.Prose prose -> value instanceof Value.Text t ? t.value() : wrongType(value, prose);
      case Kind.File file -> path(value, file);
      case Kind.Choice choice -> choice(value, choice);
      case Kind.Maybe(var of) -> value instanceof Value.Null ? Optional.empty() : optional(read(value, of));
      case Kind.Many many -> list(value, many);
      case Kind.ByName map -> map(value, map);
      case Kind.Fields(var type) -> fields(value, kinds.record(type));
      case Kind.OneOf one -> named(value, one, Optional.empty());
      case Kind.Labelled(var one) -> labelled(value, one);
      case Kind.Raw _ -> value;
    };
  }

  private static @Nullable Object optional(@Nullable Object value) {
    return value == null ? null : Optional.of(value);
  }

  // Scalars

  private @Nullable Object whole(Value value, Kind.Whole kind) {
    if (!(value instanceof Value.Num number)) return wrongType(value, kind);
    boolean fits = number.isLong()
        && number.value().longValueExact() >= kind.least()
        && number.value().longValueExact() <= kind.greatest();
    if (!number.isLong() && Advice.hasFraction(number.value()) || fits && !kind.bounds().admits(number.value())) {
      return wrongType(value, kind);
    }
    if (!fits) {
      var limits = " from " + kind.least() + " to " + kind.greatest();
      return problem(value.place(), Words.found(value), kind.expected() + limits, "");
    }
    long exact = number.value().longValueExact();
    return kind.type() == int.class ? (Object) (int) exact : (Object) exact;
  }

  private @Nullable Object fraction(Value value, Kind.Fraction kind) {
    double number;
    if (value instanceof Value.Num n) {
      boolean single = kind.type() == float.class;
      number = single ? n.value().floatValue() : n.value().doubleValue();
      if (Double.isInfinite(number)) {
        var limit = Words.number(single ? Float.MAX_VALUE : Double.MAX_VALUE);
        return problem(value.place(), Words.found(value), kind.expected() + " of magnitude <= " + limit, "");
      }
      if (!kind.bounds().admits(n.value())) return wrongType(value, kind);
    } else if (value instanceof Value.Text t) {
      switch (t.value()) {
        case "inf", ".inf" -> number = Double.POSITIVE_INFINITY;
        case "-inf", "-.inf" -> number = Double.NEGATIVE_INFINITY;
        case "nan", ".nan" -> number = Double.NaN;
        case "-0.0" -> number = -0.0;
        default -> {
          return wrongType(value, kind);
        }
      }
      if (!kind.bounds().admits(number)) return wrongType(value, kind);
    } else {
      return wrongType(value, kind);
    }
    return kind.type() == float.class ? (Object) (float) number : (Object) number;
  }

  private @Nullable Object path(Value value, Kind kind) {
    if (!(value instanceof Value.Text text) || text.value().isEmpty()) return wrongType(value, kind);
    try {
      return base.resolve(text.value());
    } catch (InvalidPathException e) {
      return problem(value.place(), Words.found(value), "a path (" + e.getReason() + ")", "");
    }
  }

  private @Nullable Object choice(Value value, Kind.Choice kind) {
    if (!(value instanceof Value.Text text)) return wrongType(value, kind);
    for (var constant : kind.constants()) {
      if (Types.name(constant).equals(text.value())
          || Types.aliases(Types.field(constant)).contains(text.value())) {
        return constant;
      }
    }
    return problem(value.place(), Words.found(value), kind.expected(),
        Nearest.advice(text.value(), kind.names()));
  }

  // Collections

  private @Nullable Object list(Value value, Kind.Many kind) {
    if (!(value instanceof Value.Sequence sequence)) return wrongType(value, kind);
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
    problem(place.key(LABEL), "the label '" + label + "' again, first at " + first.path(),
        "each label once in a list", "");
    return false;
  }

  private @Nullable Object map(Value value, Kind.ByName kind) {
    if (!(value instanceof Value.Mapping mapping)) return wrongType(value, kind);
    var result = new LinkedHashMap<String, Object>();
    boolean whole = noDuplicates(mapping);
    for (var entry : mapping.entries()) {
      var made = read(entry.value(), kind.of());
      if (made == null) whole = false;
      else result.put(entry.key(), made);
    }
    return whole ? Collections.unmodifiableMap(result) : null;
  }

  private boolean noDuplicates(Value.Mapping mapping) {
    var seen = new HashMap<String, Value.Entry>();
    boolean good = true;
    for (var entry : mapping.entries()) {
      var first = seen.putIfAbsent(entry.key(), entry);
      if (first == null) continue;
      good = false;
      problem(keyPlace(mapping, entry), "'" + entry.key() + "' again" + firstAt(first), "each name once in a map",
          "remove one of the two");
    }
    return good;
  }

  private static String firstAt(Value.Entry first) {
    return first.location() == null ? "" : ", first at line " + first.location().line();
  }

  private static Place keyPlace(Value.Mapping mapping, Value.Entry entry) {
    return mapping.place().key(entry.key()).located(entry.location());
  }

  // Records

  private @Nullable Object fields(Value value, RecordType type) {
    var components = type.components();
    var given = switch (value) {
      case Value.Mapping mapping -> sorted(mapping, type);
      case Value.Null _ -> new HashMap<Component, Value>();
      case Value.Sequence s when type.isTuple() -> inOrder(s, type);
      default -> shorthand(value, type);
    };
    if (given == null) return null;
    var arguments = new @Nullable Object[components.size()];
    boolean whole = !given.containsKey(UNREADABLE);
    for (int i = 0; i < arguments.length; i++) {
      var component = components.get(i);
      var stands = given.get(component);
      arguments[i] = stands != null ? read(stands, component.kind()) : absent(component, value);
      whole &= arguments[i] != null;
    }
    return whole ? create(type, arguments, value) : null;
  }

  /** Stands in the map of what was given where something was given that is no component. */
  private static final Component UNREADABLE =
      new Component("", List.of(), new Kind.Raw(), Optional.empty(), "");

  private @Nullable Object create(RecordType type, @Nullable Object[] arguments, Value value) {
    try {
      return type.create(arguments, value.place());
    } catch (IllegalArgumentException e) {
      var reason = e.getMessage() == null ? "what " + type.type().getName() + " accepts" : e.getMessage();
      return problem(value.place(), Words.shown(value), reason, "");
    }
  }

  private Map<Component, Value> sorted(Value.Mapping mapping, RecordType type) {
    var given = new HashMap<Component, Value>();
    var keys = new HashMap<Component, Value.Entry>();
    for (var entry : mapping.entries()) {
      var component = type.components().stream().filter(c -> c.isCalled(entry.key())).findFirst().orElse(null);
      if (component == null) {
        given.put(UNREADABLE, entry.value());
        unknownComponent(mapping, entry, type);
        continue;
      }
      var first = keys.putIfAbsent(component, entry);
      if (first == null) {
        given.put(component, entry.value());
      } else {
        given.put(UNREADABLE, entry.value());
        var found = first.key().equals(entry.key())
            ? "'" + entry.key() + "' again" + firstAt(first)
            : "both '" + first.key() + "' and '" + entry.key() + "', which are the same";
        problem(keyPlace(mapping, entry), found, "each component once", "remove one of the two");
      }
    }
    return given;
  }

  private void unknownComponent(Value.Mapping mapping, Value.Entry entry, RecordType type) {
    var noun = Types.noun(type.type());
    var expected = type.components().isEmpty()
        ? "nothing: " + noun + " has no components"
        : "one of " + Words.listed(type.names());
    problem(keyPlace(mapping, entry), "the unknown component '" + Words.shortened(entry.key()) + "'", expected,
        Nearest.advice(entry.key(), type.names()));
  }

  private @Nullable Map<Component, Value> inOrder(Value.Sequence sequence, RecordType type) {
    var components = type.components();
    if (sequence.items().size() != components.size()) {
      problem(sequence.place(), Words.found(sequence),
          "a list of " + components.size() + ": " + Words.listed(type.names()), "");
      return null;
    }
    var given = new HashMap<Component, Value>();
    for (int i = 0; i < components.size(); i++) given.put(components.get(i), sequence.items().get(i));
    return given;
  }

  private @Nullable Map<Component, Value> shorthand(Value value, RecordType type) {
    var components = type.components();
    var noun = Types.noun(type.type());
    if (components.isEmpty()) {
      problem(value.place(), Words.found(value), "nothing: " + noun + " has no components", "");
      return null;
    }
    var first = components.getFirst();
    if (!mayStandFor(value, first.kind())) {
      var expected = "a map of " + Words.listed(type.names()) + "; or, for '" + first.name() + "' alone, "
          + first.kind().expected();
      problem(value.place(), Words.found(value), expected, Advice.forWrongType(value, first.kind()));
      return null;
    }
    var given = new HashMap<Component, Value>();
    for (var component : type.isTuple() ? components : List.of(first)) given.put(component, value);
    return given;
  }

  /** Whether a scalar or list is of the right sort for a kind, so that what else is wrong concerns that kind. */
  private static boolean mayStandFor(Value value, Kind kind) {
    return switch (kind) {
      case Kind.Whole _ -> value instanceof Value.Num;
      case Kind.Fraction _ -> value instanceof Value.Num
          || value instanceof Value.Text t && Pattern.matches("[-+]?[.]?(inf|nan)|-0.0", t.value());
      case Kind.Truth _ -> value instanceof Value.Bool;
      case Kind.Prose _, Kind.File _, Kind.Choice _ -> value instanceof Value.Text;
      case Kind.Maybe(var of) -> mayStandFor(value, of);
      case Kind.Many _ -> value instanceof Value.Sequence;
      case Kind.ByName _ -> false;
      case Kind.Fields _, Kind.OneOf _, Kind.Labelled _, Kind.Raw _ -> true;
    };
  }

  private @Nullable Object absent(Component component, Value around) {
    var place = around.place().key(component.name());
    if (component.defaultText().isPresent()) return defaulted(component, place);
    if (component.kind() instanceof Kind.Maybe) return Optional.empty();
    return problem(place, "nothing", component.expected(),
        "'" + component.name() + "' has no default: add it");
  }

  /** A default that cannot be read is told as a problem of its component: a plug-in that it names may be missing. */
  private @Nullable Object defaulted(Component component, Place place) {
    if (!defaulting.add(component)) {
      return problem(place, "a default that contains itself", component.expected(), "give the value");
    }
    var reader = new Reader(kinds, base, defaulting);
    try {
      var made = reader.read(component.defaultAt(place), component.kind());
      for (var p : reader.problems) {
        problem(p.place(), p.found() + ", the default", p.expected(), "give the value; its default cannot be used");
      }
      return made;
    } finally {
      defaulting.remove(component);
    }
  }

  // Named values

  private @Nullable Object labelled(Value value, Kind.OneOf kind) {
    if (!(value instanceof Value.Mapping mapping) || mapping.get(LABEL) == null) {
      var made = named(value, kind, Optional.empty());
      return made == null ? null : new Named<>(Optional.empty(), made);
    }
    var label = mapping.get(LABEL);
    boolean good = noDuplicates(mapping);
    if (!(label instanceof Value.Text text) || !LABELS.matcher(text.value()).matches()) {
      good = false;
      problem(label.place(), Words.found(label), "a label of letters, digits, '_' and '-'", "");
    }
    var made = named(mapping.without(LABEL), kind, Optional.of(label));
    return made != null && good && label instanceof Value.Text text
        ? new Named<>(Optional.of(text.value()), made)
        : null;
  }

  private @Nullable Object named(Value value, Kind.OneOf kind, Optional<Value> label) {
    return switch (value) {
      case Value.Text text ->
          choose(text.value(), text.place(), new Value.Mapping(List.of(), text.place()), kind);
      case Value.Mapping mapping when mapping.entries().size() == 1 -> {
        var entry = mapping.entries().getFirst();
        yield choose(entry.key(), value.place().located(entry.location()), entry.value(), kind);
      }
      case Value.Mapping mapping -> notOneName(mapping, kind);
      case Value.Num _, Value.Sequence _ -> bare(value, kind);
      case Value.Null _, Value.Bool _ -> wrongType(value, kind);
    };
  }

  private @Nullable Object bare(Value value, Kind.OneOf kind) {
    var shorthand = kind.type().getAnnotation(Shorthand.class);
    var name = shorthand == null ? "" : value instanceof Value.Num ? shorthand.number() : shorthand.list();
    return name.isEmpty() ? wrongType(value, kind) : choose(name, value.place(), value, kind);
  }

  private @Nullable Object notOneName(Value.Mapping mapping, Kind.OneOf kind) {
    var noun = Types.noun(kind.type());
    var expected = "one name of " + Words.article(noun) + ": " + Words.listed(namesOf(kind));
    if (mapping.entries().isEmpty()) return problem(mapping.place(), "an empty map", expected, "");
    return problem(mapping.place(), Words.found(mapping), expected, Advice.forSeveralKeys(mapping, kind, kinds));
  }

  private List<String> namesOf(Kind.OneOf kind) {
    return kinds.implementations(kind.type()).stream().map(Implementation::name).distinct().sorted().toList();
  }

  private @Nullable Object choose(String reference, Place place, Value tree, Kind.OneOf kind) {
    var lookup = Lookup.of(reference, kinds.implementations(kind.type()));
    return switch (lookup) {
      case Lookup.Found(var implementation, int version) -> {
        var constant = implementation.constant();
        if (version > implementation.version()) {
          yield problem(place, "version " + version + " of '" + implementation.name() + "'",
              "version " + implementation.version() + " or less", "a newer plug-in wrote it: update this one");
        }
        yield constant != null ? constant(implementation, constant, tree) : made(implementation, version, tree);
      }
      case Lookup.Ambiguous(var names) -> problem(place, "'" + reference + "', which several plug-ins bring",
          "one of " + Words.listed(names), "write the name with its plug-in");
      case Lookup.Unknown(var nearest, var known) -> {
        var noun = Types.noun(kind.type());
        var expected = known.isEmpty()
            ? Words.article(noun) + ", but no plug-in brings any"
            : "one of " + Words.listed(known);
        yield problem(place, "the unknown " + noun + " '" + Words.shortened(reference) + "'", expected, nearest);
      }
    };
  }

  private @Nullable Object constant(Implementation implementation, Object constant, Value tree) {
    boolean empty = tree instanceof Value.Null || tree instanceof Value.Mapping m && m.entries().isEmpty();
    return empty ? constant : problem(tree.place(), Words.found(tree),
        "nothing: " + implementation.name() + " has no components", "write '" + implementation.name() + "' alone");
  }

  private @Nullable Object made(Implementation implementation, int version, Value tree) {
    var present = tree;
    if (version > 0 && version < implementation.version()) {
      try {
        present = RecordType.migrated(implementation.type(), version, tree).placed(tree.place());
      } catch (IllegalArgumentException e) {
        return problem(tree.place(), Words.shown(tree), String.valueOf(e.getMessage()),
            "version " + version + " of '" + implementation.name() + "' could not be brought forward");
      }
    }
    return fields(present, kinds.record(implementation.type()));
  }

  // Problems

  private @Nullable Object wrongType(Value value, Kind kind) {
    return problem(value.place(), Words.found(value), kind.expected(), Advice.forWrongType(value, kind));
  }

  private @Nullable Object problem(Place place, String found, String expected, String help) {
    problems.add(new Problem(place, found, expected, help));
    return null;
  }
}
