package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.List;
import java.util.Optional;

/**
 * What can be written for a record or a named value.
 *
 * @param name its name in configurations
 * @param version of its components
 * @param doc one sentence, or empty
 * @param fields its components in order; the first is what a shorthand stands for
 */
@Stable
public record Description(String name, int version, String doc, List<Field> fields) {
  /** Copies the list. */
  public Description {
    fields = List.copyOf(fields);
  }

  /**
   * One component.
   *
   * @param name as it is written
   * @param type what may stand there, such as {@code whole number >= 1} or {@code activation}
   * @param defaultValue what it is when it is not given, in one line; empty if there is no default
   * @param required whether it must be given
   * @param doc one sentence, or empty
   * @param aliases earlier names, still read
   */
  public record Field(
      String name,
      String type,
      Optional<String> defaultValue,
      boolean required,
      String doc,
      List<String> aliases) {
    /** Copies the list. */
    public Field {
      aliases = List.copyOf(aliases);
    }
  }

  /** An implementation; one that is a constant has no fields. */
  static Description of(Implementation implementation, Kinds kinds) {
    var constant = implementation.constant();
    if (constant == null) {
      var record = of(kinds.record(implementation.type()), kinds);
      return new Description(implementation.name(), implementation.version(), record.doc, record.fields);
    }
    var doc = Types.doc(constant instanceof Enum<?> e ? Types.field(e) : implementation.type());
    return new Description(implementation.name(), implementation.version(), doc, List.of());
  }

  static Description of(RecordType type, Kinds kinds) {
    return new Description(
        Types.name(type.type()),
        Types.version(type.type()),
        Types.doc(type.type()),
        type.components().stream()
            .map(c -> new Field(
                c.name(), c.kind().typeName() + parts(c.kind(), kinds), c.defaultText(), c.isRequired(), c.doc(),
                c.aliases()))
            .toList());
  }

  /** What a type consists of that has no name of its own to ask for. */
  private static String parts(Kind kind, Kinds kinds) {
    return switch (kind) {
      case Kind.Maybe(var of) -> parts(of, kinds);
      case Kind.Many(var of) -> parts(of, kinds);
      case Kind.ByName(var of) -> parts(of, kinds);
      case Kind.Fields(var type) -> {
        var names = kinds.record(type).names();
        yield kinds.record(type).isTuple() ? ": " + names + ", or " + names.getFirst() + " alone"
            : ": {" + String.join(", ", names) + "}";
      }
      case Kind.OneOf(var type) when !kinds.isKindOfPlugin(type) ->
          ": " + Words.listed(kinds.implementations(type).stream().map(Implementation::name).toList());
      default -> "";
    };
  }
}
