package dev.ashlar.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is chosen by name. Every method returns null after it has added a problem.
 *
 * @param author the plug-in whose default is being read, empty for none; null if a user has written what is read. No
 *     jar that happens to be at hand may make a default mean something else, or nothing
 */
record NamedReader(RecordReader records, Kinds kinds, Problems problems, @Nullable String author) {
  /** Labels become parts of variables' names in files, so they are plain. */
  static final Pattern LABELS = Pattern.compile("[A-Za-z0-9_-]+");

  @Nullable Object labelled(Value value, Kind.OneOf kind) {
    if (!(value instanceof Value.Mapping mapping) || mapping.get(Reader.LABEL) == null) {
      var made = named(value, kind);
      return made == null ? null : new Named<>(Optional.empty(), made);
    }
    var label = mapping.get(Reader.LABEL);
    boolean good = problems.noDuplicates(mapping);
    if (!(label instanceof Value.Text text) || !LABELS.matcher(text.value()).matches()) {
      good = false;
      problems.add(label.place(), Words.found(label), "a label of letters A to Z, digits, '_' and '-'", "");
    }
    var made = named(mapping.without(Reader.LABEL), kind);
    return made != null && good && label instanceof Value.Text text
        ? new Named<>(Optional.of(text.value()), made)
        : null;
  }

  @Nullable Object named(Value value, Kind.OneOf kind) {
    return switch (value) {
      case Value.Text text when Scalars.isSpecial(text.value()) && !Types.shorthand(kind.type(), text).isEmpty() ->
          bare(value, kind);
      case Value.Text(var name, var place) ->
          choose(name, place, new Value.Mapping(List.of(), place.key(name)), kind, author);
      case Value.Mapping mapping when mapping.entries().size() == 1 -> {
        var entry = mapping.entries().getFirst();
        yield choose(entry.key(), value.place().located(entry.location()), entry.value(), kind, author);
      }
      case Value.Mapping mapping -> notOneName(mapping, kind);
      case Value.Num _, Value.Sequence _ -> bare(value, kind);
      case Value.Null _, Value.Bool _ -> noName(value, kind);
    };
  }

  private @Nullable Object bare(Value value, Kind.OneOf kind) {
    var name = Types.shorthand(kind.type(), value);
    if (name.isEmpty()) return noName(value, kind);
    return choose(
        name, value.place(), value instanceof Value.Sequence ? itself(name, value, kind) : value, kind, "");
  }

  /** A list that stands for a whole is that whole: its items are model[0], model[1], not model.layers[0]. */
  private Value itself(String name, Value list, Kind.OneOf kind) {
    return lookup(name, kind, "") instanceof Lookup.Found found
            && found.implementation().type().isRecord()
            && !kinds.record(found.implementation().type()).names().isEmpty()
        ? new Value.Mapping(List.of(new Value.Entry(
            kinds.record(found.implementation().type()).names().getFirst(), null, list)), list.place())
        : list;
  }

  private @Nullable Object notOneName(Value.Mapping mapping, Kind.OneOf kind) {
    if (!problems.noDuplicates(mapping)) return null;
    return mapping.entries().isEmpty()
        ? noName(mapping, kind)
        : problems.add(mapping.place(), Words.found(mapping), oneName(kind),
            Advice.forSeveralKeys(mapping, kind, kinds));
  }

  private @Nullable Object noName(Value value, Kind.OneOf kind) {
    return problems.add(value.place(), Words.found(value), oneName(kind), Advice.forWrongType(value, kind));
  }

  private String oneName(Kind.OneOf kind) {
    var known = Lookup.names(kinds.implementations(kind.type()));
    return kind.expected()
        + (known.isEmpty() ? ", but no plug-in brings any" : ": one of " + Words.listed(known));
  }

  private Lookup lookup(String reference, Kind.OneOf kind, @Nullable String writer) {
    var lookup = Lookup.of(reference, kinds.implementations(kind.type()));
    return writer != null && lookup instanceof Lookup.Ambiguous several ? several.of(writer) : lookup;
  }

  /** {@code writer} is the plug-in that chose the name, empty for Ashlar itself; null if a user did. */
  private @Nullable Object choose(
      String reference, Place place, Value tree, Kind.OneOf kind, @Nullable String writer) {
    return switch (lookup(reference, kind, writer)) {
      case Lookup.Found(var implementation, int version) -> {
        var constant = implementation.constant();
        if (version > implementation.version()) {
          yield problems.add(place, "version " + version + " of '" + implementation.name() + "'",
              "version " + implementation.version() + " or less",
              "a newer plug-in wrote it: update " + kinds.names().cited(implementation.plugin()));
        }
        yield constant == null
            ? made(implementation, version, tree)
            : constant(implementation.name(), constant, tree);
      }
      case Lookup.Ambiguous several -> problems.add(place,
          "'" + reference + "', which several plug-ins bring: " + several.candidates().stream()
              .map(c -> kinds.names().cited(c.plugin())).distinct().collect(Collectors.joining(", ")),
          "one of " + Words.listed(several.names()),
          "write the name with its plug-in, as '" + several.names().getFirst() + "'");
      case Lookup.Unknown unknown -> problems.add(place,
          "the unknown " + Types.noun(kind.type()) + " '" + Words.shortened(reference) + "'",
          unknown.known().isEmpty() ? oneName(kind) : "one of " + Words.listed(unknown.known()),
          kinds.isKindOfPlugin(kind.type()) ? help(unknown, reference, kind) : unknown.advice());
    };
  }

  /** What is near, then what keeps a plug-in away that may have brought the name. */
  private String help(Lookup.Unknown unknown, String reference, Kind.OneOf kind) {
    var plugin = unknown.plugin();
    var suffix = reference.substring(reference.lastIndexOf('.') + 1);
    if (!suffix.equals(reference) && Lookup.of(suffix, kinds.implementations(kind.type())) instanceof Lookup.Found) {
      return "if it is a file, write {" + suffix + ": " + Words.shortened(reference) + "}";
    }
    var refused = kinds.names().refused(plugin);
    if (!refused.isEmpty() || !unknown.advice().isEmpty()) {
      return Stream.concat(Stream.of(unknown.advice()), refused.stream())
          .filter(line -> !line.isEmpty())
          .collect(Collectors.joining("\n"));
    }
    var lacking = plugin.isEmpty()
        ? "if a plug-in brings it, "
        : "no plug-in '" + Words.shortened(plugin) + "' brings it: ";
    return lacking + kinds.names().remedy(plugin);
  }

  private @Nullable Object constant(String name, Object constant, Value tree) {
    boolean empty = tree instanceof Value.Null || tree instanceof Value.Mapping m && m.entries().isEmpty();
    return empty ? constant : problems.add(tree.place(), Words.found(tree),
        "nothing: " + name + " has no components", "write '" + name + "' alone");
  }

  private @Nullable Object made(Implementation implementation, int version, Value tree) {
    var present = tree;
    if (version > 0 && version < implementation.version()) {
      try {
        present = RecordType.migrated(implementation.type(), version, tree).placed(tree.place());
      } catch (IllegalArgumentException e) {
        return problems.add(tree.place(), Words.shown(tree), String.valueOf(e.getMessage()),
            "version " + version + " of '" + implementation.name() + "' could not be brought forward");
      }
    }
    try {
      return records.read(present, kinds.record(implementation.type()));
    } catch (UnboundTypeException e) {
      // What failed in its code keeps its stack trace, for its author.
      if (e.getCause() != null || !kinds.names().owner(implementation.type()).equals(implementation.plugin())) throw e;
      return problems.add(tree.place(),
          "'" + implementation.name() + "', which no configuration can say: " + e.getMessage(),
          "a component that can be made from a configuration",
          "its author has to change it: " + kinds.names().cited(implementation.plugin()));
    }
  }
}
