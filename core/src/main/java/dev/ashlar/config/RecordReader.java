package dev.ashlar.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads records: maps, shorthands, tuples. Every method returns null after it has added a problem. */
record RecordReader(Reader reader, Kinds kinds, Problems problems, Places places) {
  @Nullable Object read(Value value, RecordType type) {
    var components = type.components();
    var given = switch (value) {
      case Value.Mapping mapping -> sorted(mapping, type);
      case Value.Null _ -> new Given();
      case Value.Sequence s when type.isTuple() -> inOrder(s, type);
      default -> shorthand(value, type);
    };
    if (given == null) return null;
    var arguments = new @Nullable Object[components.size()];
    boolean whole = !given.misplaced;
    for (int i = 0; i < arguments.length; i++) {
      var component = components.get(i);
      var stands = given.values.get(component);
      if (stands != null) arguments[i] = reader.read(stands, component.kind());
      else if (!given.misspelt.contains(component.name())) arguments[i] = absent(component, type, value);
      whole &= arguments[i] != null;
    }
    return whole ? create(type, arguments, value) : null;
  }

  /** What a configuration gives for the components of a record. */
  private static final class Given {
    final Map<Component, Value> values = new HashMap<>();
    /** Components that an unknown name was probably meant for: they are not reported as missing too. */
    final Set<String> misspelt = new HashSet<>();
    /** Whether something was given that is no component, or twice. */
    boolean misplaced;
  }

  private @Nullable Object create(RecordType type, @Nullable Object[] arguments, Value value) {
    try {
      var made = type.create(arguments, value.place());
      places.add(made, value.place());
      return made;
    } catch (MisplacedException e) {
      e.mistakes().forEach(m -> problems.add(m.below(value), m.found(), m.expected(), m.help()));
      return null;
    } catch (IllegalArgumentException e) {
      var reason = e.getMessage() == null ? "what " + type.type().getName() + " accepts" : e.getMessage();
      return problems.add(value.place(), Words.shown(value), reason, "");
    }
  }

  private Given sorted(Value.Mapping mapping, RecordType type) {
    var given = new Given();
    var keys = new HashMap<Component, Value.Entry>();
    for (var entry : mapping.entries()) {
      var component = type.component(entry.key());
      var first = component == null ? null : keys.putIfAbsent(component, entry);
      if (component != null && first == null) {
        given.values.put(component, entry.value());
        continue;
      }
      given.misplaced = true;
      if (first == null) {
        given.misspelt.add(unknownComponent(mapping, entry, type));
      } else {
        var place = Problems.keyPlace(mapping, entry);
        var found = first.key().equals(entry.key())
            ? "'" + entry.key() + "' again" + Problems.firstAt(first)
            : "both '" + first.key() + "' and '" + entry.key() + "', which are the same";
        problems.add(place, found, "each component once", "remove one of the two");
      }
    }
    return given;
  }

  /** Returns the component that was probably meant, or nothing. */
  private String unknownComponent(Value.Mapping mapping, Value.Entry entry, RecordType type) {
    var expected = type.components().isEmpty()
        ? "nothing: " + Types.noun(type.type()) + " has no components"
        : "one of " + Words.listed(type.names());
    var nearest = Nearest.name(entry.key(), type.names());
    var help = Nearest.ask(nearest);
    if (help.isEmpty()) help = Advice.forUnknownComponent(entry.key(), type, kinds);
    boolean isFirst = nearest.isEmpty() && !help.isEmpty();
    if (help.isEmpty()) help = Advice.forInnerComponent(entry.key(), type, kinds);
    var found = "the unknown component '" + Words.shortened(entry.key()) + "'";
    problems.add(Problems.keyPlace(mapping, entry), found, expected, help);
    return isFirst ? type.names().getFirst() : nearest;
  }

  private @Nullable Given inOrder(Value.Sequence sequence, RecordType type) {
    var components = type.components();
    if (sequence.items().size() != components.size()) {
      problems.add(sequence.place(), Words.found(sequence),
          "a list of " + components.size() + ": " + Words.listed(type.names()), "");
      return null;
    }
    var given = new Given();
    for (int i = 0; i < components.size(); i++) given.values.put(components.get(i), sequence.items().get(i));
    return given;
  }

  private @Nullable Given shorthand(Value value, RecordType type) {
    var components = type.components();
    if (components.isEmpty()) {
      var noun = Types.noun(type.type());
      problems.add(value.place(), Words.found(value), "nothing: " + noun + " has no components", "");
      return null;
    }
    var first = components.getFirst();
    if (!mayStandFor(value, first.kind())) {
      var alone = type.isTuple() ? "or, for all of them, " : "or, for '" + first.name() + "' alone, ";
      var expected = "a map of " + Words.listed(type.names()) + "; " + alone + first.kind().expected();
      problems.add(value.place(), Words.found(value), expected, Advice.forWrongType(value, first.kind()));
      return null;
    }
    var given = new Given();
    if (type.isTuple()) components.forEach(component -> given.values.put(component, value));
    else given.values.put(first, value.placed(value.place().key(first.name())));
    return given;
  }

  /** Whether a value is of the right sort for a kind, so that whatever else is wrong concerns that kind. */
  private static boolean mayStandFor(Value value, Kind kind) {
    return switch (kind) {
      case Kind.Whole _ -> value instanceof Value.Num;
      case Kind.Fraction _ -> value instanceof Value.Num
          || value instanceof Value.Text t && Scalars.isSpecial(t.value());
      case Kind.Truth _ -> value instanceof Value.Bool;
      case Kind.Prose _, Kind.File _, Kind.Choice _ -> value instanceof Value.Text;
      case Kind.Maybe(var of) -> mayStandFor(value, of);
      case Kind.Many _ -> value instanceof Value.Sequence;
      case Kind.ByName _ -> false;
      case Kind.Fields _, Kind.OneOf _, Kind.Labelled _, Kind.Raw _ -> true;
    };
  }

  private @Nullable Object absent(Component component, RecordType type, Value around) {
    var place = around.place().key(component.name());
    if (component.defaultText().isPresent()) return reader.readDefault(component, type.type(), place);
    if (component.kind() instanceof Kind.Maybe) return Optional.empty();
    return problems.add(place, "nothing", component.expected(),
        "'" + component.name() + "' has no default: add it");
  }
}
