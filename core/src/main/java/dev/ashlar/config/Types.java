package dev.ashlar.config;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What annotations and names in Java say of a type. */
final class Types {
  private Types() {}

  static String name(Class<?> type) {
    return annotated(type).orElseGet(() -> Words.snake(type.getSimpleName()));
  }

  static String name(Enum<?> constant) {
    return annotated(field(constant)).orElseGet(() -> constant.name().toLowerCase(Locale.ROOT));
  }

  static Optional<String> annotated(AnnotatedElement element) {
    return Optional.ofNullable(element.getAnnotation(Name.class)).map(Name::value);
  }

  /** What messages call an interface or record: {@code data source}. */
  static String noun(Class<?> type) {
    return name(type).replace('_', ' ');
  }

  static List<String> aliases(AnnotatedElement element) {
    var alias = element.getAnnotation(Alias.class);
    return alias == null ? List.of() : List.of(alias.value());
  }

  static String doc(AnnotatedElement element) {
    var doc = element.getAnnotation(Doc.class);
    return doc == null ? "" : doc.value();
  }

  /** The implementation that a bare number or list stands for where a kind is meant; empty for none. */
  static String shorthand(Class<?> kind, Value bare) {
    var shorthand = kind.getAnnotation(Shorthand.class);
    if (shorthand == null) return "";
    return switch (bare) {
      case Value.Num _ -> shorthand.number();
      case Value.Text(var text, _) when Scalars.isSpecial(text) -> shorthand.number();
      case Value.Sequence _ -> shorthand.list();
      default -> "";
    };
  }

  static int version(Class<?> type) {
    var version = type.getAnnotation(Version.class);
    return version == null ? 1 : version.value();
  }

  static Field field(Enum<?> constant) {
    try {
      return constant.getDeclaringClass().getField(constant.name());
    } catch (NoSuchFieldException e) {
      throw new AssertionError("every enum constant is a public field", e);
    }
  }
}
