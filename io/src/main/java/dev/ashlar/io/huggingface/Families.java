package dev.ashlar.io.huggingface;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Implementation;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Place;
import dev.ashlar.config.Setting;
import dev.ashlar.config.Value;
import dev.ashlar.model.Block;
import dev.ashlar.model.ModelFamily;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the family and the settings that describe an architecture: the way back from {@link ModelFamily#architecture},
 * so that no family has to write it. Each setting in turn takes the value, of those that stand in the architecture, with
 * which the family's own comes nearest, until nothing changes. Only what makes the very same architecture is an answer.
 */
public final class Families {

  /** Rounds over all settings; one that needs another first gets its turn. */
  private static final int ROUNDS = 4;

  /** With more differences than this, after each setting had its turn, it is another kind of model. */
  private static final int CLOSE = 12;

  /**
   * A family, with settings.
   *
   * @param name its {@code model_type}
   * @param family with its settings
   * @param difference where its architecture differs from the one that was asked for; empty if nowhere
   */
  public record Match(String name, ModelFamily family, Optional<Difference> difference) {}

  /**
   * A place where two trees differ, and what stands there, in the words of a configuration.
   *
   * @param path such as {@code model[2].repeat.block}
   */
  public record Difference(String path, String wanted, String has) {}

  private final Binder binder;
  private final Value wanted;
  /** Blocks of the architecture, by their names. */
  private final Set<String> wantedBlocks = new HashSet<>();
  /** Blocks that the family at hand had with one setting or another. */
  private final Set<String> seenBlocks = new HashSet<>();
  /** Differences of settings that were looked at. */
  private final Map<Value, Integer> known = new HashMap<>();

  private Families(NameResolver names, Value wanted) {
    this.binder = new Binder(names, Path.of(""));
    this.wanted = wanted;
    Differences.blocks(wanted, wantedBlocks);
  }

  /**
   * The family that comes nearest to an architecture.
   *
   * @param architecture as the binder wrote it
   * @param names knows the families
   * @return empty if there are no families
   */
  public static Optional<Match> nearest(Value architecture, NameResolver names) {
    Families search = new Families(names, architecture.placed(Place.ROOT));
    Optional<Match> best = Optional.empty();
    int least = Integer.MAX_VALUE;
    for (Implementation family : names.implementations(ModelFamily.class).orElse(List.of())) {
      Map<String, Object> settings = search.fitted(family);
      Optional<ModelFamily> bound = search.bound(family.name(), settings);
      Optional<List<Difference>> differences = bound.flatMap(search::differences);
      int distance = differences.isEmpty() ? Integer.MAX_VALUE : search.distance(differences.get());
      if (distance < least) {
        least = distance;
        best = Optional.of(new Match(family.name(), bound.get(), Differences.first(differences.get())));
      }
      if (least == 0) {
        break;
      }
    }
    return best;
  }

  /** A block that the family lacks counts for more than any settings. */
  private int distance(List<Difference> differences) {
    long missing = wantedBlocks.stream().filter(block -> !seenBlocks.contains(block)).count();
    return (int) Math.min(Integer.MAX_VALUE - 1, differences.size() + (missing << 16));
  }

  /** All settings of a family, as config.json has them; without those that are absent. */
  public static Value.Mapping written(ModelFamily family, NameResolver names) {
    Value.Mapping named = (Value.Mapping) new Binder(names, Path.of("")).write(family, ModelFamily.class);
    return present((Value.Mapping) named.entries().getFirst().value());
  }

  private static Value.Mapping present(Value.Mapping map) {
    return new Value.Mapping(map.entries().stream()
        .filter(e -> !(e.value() instanceof Value.Null))
        .map(e -> e.value() instanceof Value.Mapping inner ? new Value.Entry(e.key(), null, present(inner)) : e)
        .toList(), map.place());
  }

  // ---------------------------------------------------------------- the search

  private Map<String, Object> fitted(Implementation family) {
    seenBlocks.clear();
    Map<String, Object> settings = new LinkedHashMap<>();
    Set<Object> leaves = new LinkedHashSet<>();
    Differences.leaves(wanted, leaves);
    List<Choice> choices = binder.settings(family).stream().map(setting -> Choice.of(setting, leaves)).toList();
    int least = mismatches(family.name(), settings);
    for (Choice choice : choices.stream().filter(Choice::isSwitch).toList()) {
      for (Object value : choice.values) {
        put(settings, choice.path, Optional.of(value));
        mismatches(family.name(), settings);
        put(settings, choice.path, Optional.empty());
      }
    }
    if (!seenBlocks.containsAll(wantedBlocks)) { // no setting brings such a block
      return settings;
    }
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      int before = least;
      for (Choice choice : choices) {
        least = improved(family, settings, choice, least);
      }
      if (least == before && least <= CLOSE) {
        least = improvedByTwo(family, settings, choices, least);
      }
      if (least == before || least > CLOSE) { // no gain, or of another kind altogether
        break;
      }
    }
    return settings;
  }

  /** Gives a setting the value with which least differs, or leaves it; how much differs then. */
  private int improved(Implementation family, Map<String, Object> settings, Choice choice, int before) {
    int least = before;
    Optional<Object> kept = get(settings, choice.path);
    for (Object value : choice.values) {
      put(settings, choice.path, Optional.of(value));
      int now = mismatches(family.name(), settings);
      if (now < least) {
        least = now;
        kept = Optional.of(value);
      }
    }
    put(settings, choice.path, kept);
    return least;
  }

  /** The same where a switch needs another setting with it, as a kind of scaling its factor. */
  private int improvedByTwo(
      Implementation family, Map<String, Object> settings, List<Choice> choices, int before) {
    for (Choice one : choices.stream().filter(Choice::isSwitch).toList()) {
      Optional<Object> was = get(settings, one.path);
      for (Object value : one.values) {
        put(settings, one.path, Optional.of(value));
        for (Choice other : choices) {
          boolean isBeside = other != one && other.path.size() == one.path.size()
              && other.path.getFirst().equals(one.path.getFirst()) == (one.path.size() > 1);
          int now = isBeside ? improved(family, settings, other, before) : before;
          if (now < before) {
            return now;
          }
        }
      }
      put(settings, one.path, was);
    }
    return before;
  }

  /** Values that one setting may have. */
  private record Choice(List<String> path, List<Object> values, boolean isSwitch) {

    static Choice of(Setting setting, Set<Object> leaves) {
      List<Object> values = switch (setting.form()) {
        case TRUTH -> List.of(false, true);
        case WORD -> List.copyOf(setting.words());
        case WHOLE -> leaves.stream().filter(Long.class::isInstance).toList();
        case NUMBER -> leaves.stream().filter(Number.class::isInstance).toList();
        case TEXT -> Trees.ACTIVATIONS;
      };
      boolean isSwitch = setting.form() == Setting.Form.TRUTH || setting.form() == Setting.Form.WORD;
      return new Choice(setting.path(), values, isSwitch);
    }
  }

  private static Optional<Object> get(Map<String, Object> settings, List<String> path) {
    Object at = settings.get(path.getFirst());
    return path.size() == 1 || at == null ? Optional.ofNullable(at)
        : Optional.ofNullable(((Map<?, ?>) at).get(path.get(1)));
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> settings, List<String> path, Optional<Object> value) {
    Map<String, Object> map = path.size() == 1 ? settings
        : (Map<String, Object>) settings.computeIfAbsent(path.getFirst(), _ -> new LinkedHashMap<>());
    value.ifPresentOrElse(v -> map.put(path.getLast(), v), () -> map.remove(path.getLast()));
    if (map != settings && map.isEmpty()) {
      settings.remove(path.getFirst());
    }
  }

  // ---------------------------------------------------------------- comparing

  private Optional<ModelFamily> bound(String name, Map<String, Object> settings) {
    return binder.bind(Value.of(Map.of(name, settings)), ModelFamily.class) instanceof BindResult.Bound<ModelFamily> ok
        ? Optional.of(ok.value()) : Optional.empty();
  }

  private int mismatches(String name, Map<String, Object> settings) {
    Value key = Value.of(Map.of(name, settings));
    Integer before = known.get(key);
    if (before == null) {
      before = bound(name, settings).flatMap(this::differences).map(List::size).orElse(Integer.MAX_VALUE);
      known.put(key, before);
    }
    return before;
  }

  /** Empty if the settings make no architecture at all. */
  private Optional<List<Difference>> differences(ModelFamily family) {
    if (!(binder.bind(family.architecture(), Block.class) instanceof BindResult.Bound<Block> model)) {
      return Optional.empty();
    }
    Value has = binder.write(model.value(), Block.class).placed(Place.ROOT);
    Differences.blocks(has, seenBlocks);
    return Optional.of(Differences.of(wanted, has));
  }
}
