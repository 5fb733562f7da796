package dev.ashlar.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A JSON Schema (draft 2020-12) of what the binder reads, for editors. It is never stricter than the binder;
 * what a schema cannot say (a name with its plug-in, what constructors check) it leaves open.
 */
final class JsonSchema {
  private final Kinds kinds;
  private final Map<String, Object> definitions = new LinkedHashMap<>();
  private final Map<String, Kind> owners = new LinkedHashMap<>();

  JsonSchema(Kinds kinds) {
    this.kinds = kinds;
  }

  Value of(Class<?> type) {
    var root = schema(kinds.of(type));
    var whole = new LinkedHashMap<String, Object>();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.put("title", Types.noun(type));
    whole.putAll(root);
    if (!definitions.isEmpty()) whole.put("$defs", definitions);
    return Value.of(whole);
  }

  private Map<String, Object> schema(Kind kind) {
    return switch (kind) {
      case Kind.Whole whole -> number("integer", whole.bounds());
      case Kind.Fraction fraction -> fraction(fraction.bounds());
      case Kind.Truth _ -> Map.of("type", "boolean");
      case Kind.Prose _ -> Map.of("type", "string");
      case Kind.File _ -> ordered("type", "string", "minLength", 1);
      case Kind.Choice choice -> Map.of("enum", choice.constants().stream()
          .flatMap(c -> Stream.concat(Stream.of(Types.name(c)), Types.aliases(Types.field(c)).stream()))
          .toList());
      case Kind.Maybe(var of) -> anyOf(List.of(schema(of), Map.of("type", "null")));
      case Kind.Many(var of) -> ordered("type", "array", "items", schema(of));
      case Kind.ByName(var of) -> ordered("type", "object", "additionalProperties", schema(of));
      case Kind.Fields(var type) -> defined(Types.name(type), type, kind);
      case Kind.OneOf(var type) -> defined(Types.name(type), type, kind);
      case Kind.Labelled(var one) -> defined("named_" + Types.name(one.type()), one.type(), kind);
      case Kind.Raw _ -> Map.of();
    };
  }

  /** A reference to a definition, which is made when it is first asked for: types may contain themselves. */
  private Map<String, Object> defined(String shortName, Class<?> type, Kind kind) {
    boolean free = kind.equals(owners.getOrDefault(shortName, kind));
    var name = free ? shortName : shortName + "_" + type.getTypeName();
    if (owners.putIfAbsent(name, kind) == null) {
      definitions.put(name, Map.of());
      definitions.put(name, switch (kind) {
        case Kind.OneOf one -> named(one.type(), false);
        case Kind.Labelled labelled -> named(labelled.of().type(), true);
        default -> record(kinds.record(type));
      });
    }
    return Map.of("$ref", "#/$defs/" + name);
  }

  private Map<String, Object> record(RecordType type) {
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    for (var component : type.components()) {
      var schema = described(schema(component.kind()), component.doc());
      component.defaultText().ifPresent(_ -> schema.put("default", component.defaultAt(Place.ROOT)));
      properties.put(component.name(), schema);
      for (var alias : component.aliases()) {
        var old = new LinkedHashMap<>(schema);
        old.put("deprecated", true);
        properties.put(alias, old);
      }
      // Under an alias it is given as well, which "required" cannot say.
      if (component.isRequired() && component.aliases().isEmpty()) required.add(component.name());
    }
    var object = ordered("type", "object", "properties", properties, "additionalProperties", false);
    if (!required.isEmpty()) object.put("required", required);
    var forms = new ArrayList<Map<String, Object>>();
    forms.add(object);
    if (type.components().stream().noneMatch(Component::isRequired)) forms.add(Map.of("type", "null"));
    if (type.isTuple()) forms.add(tuple(type));
    boolean firstSuffices = type.isTuple()
        || type.components().stream().skip(1).noneMatch(Component::isRequired);
    if (!type.components().isEmpty() && firstSuffices) {
      forms.add(ordered("not", Map.of("type", "object"), "allOf",
          List.of(schema(type.components().getFirst().kind()))));
    }
    return described(anyOf(forms), Types.doc(type.type()));
  }

  private Map<String, Object> tuple(RecordType type) {
    int size = type.components().size();
    return ordered("type", "array", "prefixItems",
        type.components().stream().map(c -> schema(c.kind())).toList(), "minItems", size, "maxItems", size);
  }

  private Map<String, Object> named(Class<?> type, boolean labelled) {
    var alone = new LinkedHashSet<String>();
    var properties = new LinkedHashMap<String, Object>();
    for (var implementation : kinds.implementations(type)) {
      if (isAlone(implementation)) {
        alone.add(implementation.name());
        alone.addAll(implementation.aliases());
      }
      var components = components(implementation);
      // Where several plug-ins bring a name, it must be qualified: its schema is left to the pattern below.
      properties.putIfAbsent(implementation.name(), components);
      for (var alias : implementation.aliases()) {
        var old = new LinkedHashMap<>(components);
        old.put("deprecated", true);
        properties.put(alias, old);
      }
    }
    if (labelled) {
      var pattern = "^" + NamedReader.LABELS.pattern() + "$";
      properties.put(Reader.LABEL,
          ordered("type", "string", "pattern", pattern, "description", "a label of its own"));
    }
    var forms = new ArrayList<Map<String, Object>>();
    if (!alone.isEmpty()) forms.add(Map.of("enum", List.copyOf(alone)));
    // A name with its plug-in or version, which files that were written by Ashlar carry.
    forms.add(ordered("type", "string", "pattern", "[:@]"));
    var object = ordered("type", "object",
        "properties", properties,
        "patternProperties", Map.of("[:@]", Map.of()),
        "additionalProperties", false,
        "minProperties", 1,
        "maxProperties", labelled ? 2 : 1);
    if (labelled) {
      object.put("if", Map.of("maxProperties", 1));
      object.put("then", Map.of("not", Map.of("required", List.of(Reader.LABEL))));
      object.put("else", Map.of("required", List.of(Reader.LABEL)));
    }
    forms.add(object);
    var shorthand = type.getAnnotation(Shorthand.class);
    if (shorthand != null) {
      addShorthand(forms, "number", shorthand.number(), type);
      addShorthand(forms, "array", shorthand.list(), type);
    }
    return described(anyOf(forms), Types.doc(type));
  }

  private void addShorthand(List<Map<String, Object>> forms, String json, String name, Class<?> type) {
    if (!name.isEmpty() && Lookup.of(name, kinds.implementations(type)) instanceof Lookup.Found found) {
      forms.add(ordered("type", json, "allOf", List.of(components(found.implementation()))));
    }
  }

  private boolean isAlone(Implementation implementation) {
    return implementation.constant() != null
        || kinds.record(implementation.type()).components().stream().noneMatch(Component::isRequired);
  }

  private Map<String, Object> components(Implementation implementation) {
    return implementation.constant() == null
        ? schema(new Kind.Fields(implementation.type()))
        : ordered("type", List.of("object", "null"), "maxProperties", 0);
  }

  private static Map<String, Object> fraction(Bounds bounds) {
    var special = Stream.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN)
        .filter(bounds::admits)
        .map(OneLine::special)
        .toList();
    var number = number("number", bounds);
    return special.isEmpty() ? number : anyOf(List.of(number, Map.of("enum", special)));
  }

  private static Map<String, Object> number(String type, Bounds bounds) {
    var schema = ordered("type", type);
    putFinite(schema, "minimum", bounds.atLeast());
    putFinite(schema, "exclusiveMinimum", bounds.above());
    putFinite(schema, "maximum", bounds.atMost());
    putFinite(schema, "exclusiveMaximum", bounds.below());
    return schema;
  }

  private static void putFinite(Map<String, Object> schema, String key, double bound) {
    if (Double.isFinite(bound)) schema.put(key, bound);
  }

  private static Map<String, Object> anyOf(List<Map<String, Object>> forms) {
    return forms.size() == 1 ? forms.getFirst() : ordered("anyOf", forms);
  }

  private static Map<String, Object> described(Map<String, Object> schema, String doc) {
    var result = new LinkedHashMap<>(schema);
    if (!doc.isEmpty()) result.put("description", doc);
    return result;
  }

  /** A map in the order of writing, so that the same types give the same text. */
  private static Map<String, Object> ordered(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
