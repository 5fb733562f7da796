package dev.ashlar.io.huggingface;

import dev.ashlar.config.Value;
import dev.ashlar.io.huggingface.Families.Difference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where two architectures differ, as the binder wrote them, and how that is told. */
final class Differences {

  /** How weights started is of no matter to a model that has them. */
  private static final String INITIALIZER = "initializer";

  /** {@code plug-in:name@version}, as the binder calls a component. */
  private static final String COMPONENT = "[^:@]+:([^:@]+)@[0-9]+";

  private static final String LIST = "a list of ";

  private Differences() {}

  /** All differences, in the order of the trees; one that counts more is there more than once. */
  static List<Difference> of(Value wanted, Value has) {
    List<Difference> all = new ArrayList<>();
    compare(wanted, has, all);
    return all;
  }

  /** The one to tell: other blocks before other settings, which may follow from them. */
  static Optional<Difference> first(List<Difference> all) {
    return all.stream().filter(each -> each.wanted().startsWith("'") || each.wanted().startsWith(LIST)).findFirst()
        .or(() -> all.stream().findFirst());
  }

  private static void compare(Value wanted, Value has, List<Difference> into) {
    if (wanted instanceof Value.Sequence a && has instanceof Value.Sequence b && a.items().size() == b.items().size()) {
      for (int i = 0; i < a.items().size(); i++) {
        compare(a.items().get(i), b.items().get(i), into);
      }
    } else if (wanted instanceof Value.Mapping a && has instanceof Value.Mapping b && a.keys().equals(b.keys())) {
      for (int i = 0; i < a.entries().size(); i++) {
        if (!a.entries().get(i).key().equals(INITIALIZER)) {
          compare(a.entries().get(i).value(), b.entries().get(i).value(), into);
        }
      }
    } else if (!wanted.equals(has)) {
      Difference difference = new Difference(path(wanted.place().path()), words(wanted), words(has));
      // What differs as a whole counts for all that is in it, so that a part of it is better than none.
      Set<Object> leaves = new LinkedHashSet<>();
      leaves(wanted, leaves);
      for (int i = 0; i < Math.max(1, leaves.size()); i++) {
        into.add(difference);
      }
    }
  }

  /** All values that are no lists or maps. */
  static void leaves(Value tree, Set<Object> into) {
    switch (tree) {
      case Value.Sequence list -> list.items().forEach(item -> leaves(item, into));
      case Value.Mapping map -> map.entries().forEach(entry -> leaves(entry.value(), into));
      case Value.Null _ -> { }
      default -> into.add(tree.plain());
    }
  }

  /** The names of all components that stand in lists or as blocks. */
  static void blocks(Value tree, Set<String> into) {
    switch (tree) {
      case Value.Sequence list -> list.items().forEach(item -> {
        block(item, into);
        blocks(item, into);
      });
      case Value.Mapping map -> map.entries().forEach(entry -> {
        if (entry.key().equals("block")) {
          block(entry.value(), into);
        }
        blocks(entry.value(), into);
      });
      default -> { }
    }
  }

  private static void block(Value value, Set<String> into) {
    if (value instanceof Value.Mapping map && map.entries().size() == 1) {
      into.add(map.entries().getFirst().key());
    }
  }

  // ---------------------------------------------------------------- in the words of a configuration

  /** {@code model[2].repeat.block}: a list is written without a name, and components without plug-in and version. */
  private static String path(String written) {
    return "model" + ("." + written).replaceAll("\\.[^.\\[\\]:@]+:sequential@[0-9]+\\.layers", "")
        .replaceAll("(?<=\\.)[^.\\[\\]:@]+:([^.\\[\\]:@]+)@[0-9]+", "$1").replaceAll("^\\.$", "");
  }

  /** What stands there, in short. */
  private static String words(Value value) {
    return switch (value) {
      case Value.Null _ -> "nothing";
      case Value.Sequence list -> LIST + (list.items().isEmpty() ? "nothing"
          : list.items().stream().map(Differences::words).collect(Collectors.joining(", ")));
      case Value.Mapping map when map.entries().size() == 1 -> {
        String name = map.entries().getFirst().key();
        boolean isList = name.matches(".*:sequential@[0-9]+");
        yield isList && map.entries().getFirst().value() instanceof Value.Mapping inner && inner.get("layers") != null
            ? words(inner.get("layers")) : "'" + name.replaceAll("^" + COMPONENT + "$", "$1") + "'";
      }
      case Value.Mapping map -> "a map of " + String.join(", ", map.keys());
      default -> value.toString();
    };
  }
}
