package dev.ashlar.config;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Works out the {@link Kind} of types in Java, and what a name may stand for. Lives as long as one call:
 * reading annotations is slow, and a model names few records many times.
 */
final class Kinds {
  private static final String SUPPORTED = "int, long, float, double, boolean, String, enums, Path, Optional,"
      + " List, Map with String keys, records, sealed interfaces of records, kinds of plug-ins, Named, Value";

  private final NameResolver names;
  private final Map<Class<?>, RecordType> records = new HashMap<>();
  private final Map<Class<?>, List<Implementation>> implementations = new HashMap<>();

  Kinds(NameResolver names) {
    this.names = names;
  }

  NameResolver names() {
    return names;
  }

  /** The class of the objects that stand for values of the type. */
  @SuppressWarnings("unchecked")
  static <T> Class<T> boxed(Class<T> type) {
    return (Class<T>) MethodType.methodType(type).wrap().returnType();
  }

  /** The kind of a class that stands by itself. */
  Kind of(Class<?> type) {
    return simple(type, Bounds.NONE);
  }

  RecordType record(Class<?> type) {
    var known = records.get(type);
    if (known == null) records.put(type, known = RecordType.of(type, this));
    return known;
  }

  Component component(Class<?> owner, RecordComponent c) {
    var bounds = Bounds.of(c.getAnnotation(Range.class));
    try {
      return new Component(
          Types.annotated(c).orElseGet(() -> Words.snake(c.getName())),
          Types.aliases(c),
          of(c.getGenericType(), bounds),
          Optional.ofNullable(c.getAnnotation(Default.class)).map(Default::value),
          Types.doc(c));
    } catch (UnboundTypeException e) {
      throw new UnboundTypeException(owner, "component '" + c.getName() + "': " + e.reason(), null);
    }
  }

  boolean isKindOfPlugin(Class<?> type) {
    return names.implementations(type).isPresent();
  }

  /** What may be named where this type is meant; in the order in which it was registered or declared. */
  List<Implementation> implementations(Class<?> type) {
    var known = implementations.get(type);
    if (known == null) {
      known = names.implementations(type).orElseGet(() -> permitted(type));
      implementations.put(type, known);
    }
    return known;
  }

  private static List<Implementation> permitted(Class<?> type) {
    var result = new LinkedHashSet<Implementation>();
    collectPermitted(type, result);
    return List.copyOf(result);
  }

  private static void collectPermitted(Class<?> type, LinkedHashSet<Implementation> result) {
    for (var permitted : type.getPermittedSubclasses()) {
      if (permitted.isSealed() && !permitted.isEnum()) {
        collectPermitted(permitted, result);
        continue;
      }
      var found = Implementation.of("", permitted);
      if (found.isEmpty()) {
        var reason = permitted.getTypeName() + " is neither a record nor an enum";
        throw new UnboundTypeException(type, reason, null);
      }
      result.addAll(found);
    }
  }

  private Kind of(Type type, Bounds bounds) {
    if (type instanceof Class<?> c) return simple(c, bounds);
    if (!(type instanceof ParameterizedType p)) throw unsupported(type);
    var arguments = p.getActualTypeArguments();
    if (p.getRawType() == Optional.class) return new Kind.Maybe(inner(type, arguments[0], bounds));
    if (p.getRawType() == List.class) return new Kind.Many(inner(type, arguments[0], bounds));
    if (p.getRawType() == Map.class && arguments[0] == String.class) {
      return new Kind.ByName(inner(type, arguments[1], bounds));
    }
    if (p.getRawType() == Named.class && of(arguments[0], bounds) instanceof Kind.OneOf named) {
      return new Kind.Labelled(named);
    }
    throw unsupported(type);
  }

  /** An optional inside of a list, a map or an optional would not know its null from theirs. */
  private Kind inner(Type outer, Type type, Bounds bounds) {
    var kind = of(type, bounds);
    if (kind instanceof Kind.Maybe) throw unsupported(outer);
    return kind;
  }

  private Kind simple(Class<?> type, Bounds bounds) {
    if (isKindOfPlugin(type)) return new Kind.OneOf(type);
    var simple = Kind.simple(type, bounds);
    if (simple.isPresent()) return simple.get();
    if (type.isSealed()) return new Kind.OneOf(type);
    throw type.isInterface() ? unknownInterface(type) : unsupported(type);
  }

  private static UnboundTypeException unknownInterface(Class<?> type) {
    return new UnboundTypeException(type, type.getTypeName()
        + " is no kind of plug-in, and not sealed; supported are " + SUPPORTED, null);
  }

  private static UnboundTypeException unsupported(Type type) {
    return new UnboundTypeException(
        type, "type " + type.getTypeName() + " is not supported; supported are " + SUPPORTED, null);
  }
}
