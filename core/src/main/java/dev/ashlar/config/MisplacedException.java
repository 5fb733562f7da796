package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a record's constructor throws where mistakes stand in certain places of its components: those of a map's
 * value or a list's item. A binding tells each with its place.
 */
@Stable
public final class MisplacedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<Mistake> mistakes;

  /**
   * One mistake.
   *
   * @param steps from the record to the value: names of components, keys of maps (text), positions in lists (whole
   *     numbers)
   * @param found what stands there
   * @param expected what is allowed there
   * @param help what to do; may be empty
   */
  public record Mistake(List<Object> steps, String found, String expected, String help) {
    /** Copies the list. */
    public Mistake {
      steps = List.copyOf(steps);
    }

    /** The place below a value; where nothing is written, the location of what is around it. */
    Place below(Value value) {
      var place = value.place();
      @Nullable Value at = value;
      for (var step : steps) {
        at = at == null ? null : inside(at, step);
        place = at != null ? at.place() : step instanceof Integer i ? place.index(i) : place.key(step.toString());
      }
      return place;
    }

    private static @Nullable Value inside(Value value, Object step) {
      return switch (value) {
        case Value.Mapping map -> map.get(step.toString());
        case Value.Sequence list when step instanceof Integer i && i < list.items().size() -> list.items().get(i);
        default -> null;
      };
    }
  }

  /** All mistakes at once. */
  public MisplacedException(List<Mistake> mistakes) {
    super(mistakes.stream()
        .map(m -> m.steps().stream().map(Object::toString).collect(Collectors.joining(".")) + ": found " + m.found()
            + ", expected " + m.expected() + (m.help().isEmpty() ? "" : "; " + m.help()))
        .collect(Collectors.joining("\n")));
    this.mistakes = List.copyOf(mistakes);
  }

  /** Each with its steps. */
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
