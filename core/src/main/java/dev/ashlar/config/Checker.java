package dev.ashlar.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds out why a type could not be bound, before any configuration is there. */
final class Checker {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  private final Kinds kinds;
  private final Set<Class<?>> seen = new HashSet<>();
  private final List<String> reasons = new ArrayList<>();

  Checker(Kinds kinds) {
    this.kinds = kinds;
  }

  /** The reasons, each with the class and component that it concerns. */
  List<String> check(Class<?> type) {
    attempt(() -> check(kinds.of(type)));
    return List.copyOf(reasons);
  }

  /** Goes into records and sealed interfaces. Implementations of plug-ins are checked when they register. */
  private void check(Kind kind) {
    switch (kind) {
      case Kind.Whole _, Kind.Fraction _, Kind.Truth _, Kind.Prose _, Kind.File _, Kind.Raw _ -> {}
      case Kind.Choice choice -> checkNames(choice.type(), choice.constants().stream()
          .map(c -> new Called(Types.name(c), Types.aliases(Types.field(c)))).toList());
      case Kind.Maybe(var of) -> check(of);
      case Kind.Many(var of) -> check(of);
      case Kind.ByName(var of) -> check(of);
      case Kind.Labelled(var of) -> check(of);
      case Kind.Fields(var type) -> checkRecord(type);
      case Kind.OneOf(var type) -> checkNamed(type);
    }
  }

  private void checkNamed(Class<?> type) {
    if (!seen.add(type)) return;
    var implementations = kinds.implementations(type);
    checkShorthand(type, implementations);
    if (kinds.isKindOfPlugin(type)) return;
    checkNames(type, implementations.stream().map(i -> new Called(i.name(), i.aliases())).toList());
    if (implementations.stream().anyMatch(i -> i.isCalled(Reader.LABEL))) reserved(type, Reader.LABEL);
    for (var implementation : implementations) {
      if (implementation.constant() == null) checkRecord(implementation.type());
    }
  }

  private void checkShorthand(Class<?> type, List<Implementation> implementations) {
    var shorthand = type.getAnnotation(Shorthand.class);
    if (shorthand == null) return;
    for (var name : List.of(shorthand.number(), shorthand.list())) {
      if (!name.isEmpty() && Lookup.of(name, implementations) instanceof Lookup.Unknown) {
        reason(type, "its shorthand names '" + name + "', which is not known");
      }
    }
  }

  private void checkRecord(Class<?> type) {
    if (!seen.add(type)) return;
    attempt(() -> RecordType.constructor(type));
    RecordType.checkMigrate(type).forEach(reason -> reason(type, reason));
    if (Types.version(type) < 1) reason(type, "versions count from 1, not " + Types.version(type));
    if (type.isAnnotationPresent(Tuple.class) && type.getRecordComponents().length == 0) {
      reason(type, "a tuple needs components");
    }
    checkName(type, Types.name(type));
    if (Types.name(type).equals(Reader.LABEL)) reserved(type, Reader.LABEL);
    var components = new ArrayList<Component>();
    for (var java : type.getRecordComponents()) {
      attempt(() -> components.add(kinds.component(type, java)));
      checkRange(type, java);
    }
    checkNames(type, components.stream().map(c -> new Called(c.name(), c.aliases())).toList());
    for (var component : components) {
      attempt(() -> check(component.kind()));
      attempt(() -> checkDefault(type, component));
    }
  }

  private void checkDefault(Class<?> type, Component component) {
    if (component.defaultText().isEmpty()) return;
    var subject = "the default of component '" + component.name() + "': ";
    try {
      var reader = new Reader(kinds, Path.of(""), new Places());
      reader.read(component.defaultAt(Place.ROOT), component.kind());
      for (var p : reader.problems()) {
        reason(type, subject + "found " + p.found() + ", expected " + p.expected()
            + (p.help().isEmpty() ? "" : "; " + p.help()));
      }
    } catch (ConfigException e) {
      var p = e.problems().getFirst();
      reason(type, subject + "'" + component.defaultText().get() + "' cannot be read: found " + p.found()
          + ", expected " + p.expected());
    }
  }

  private void checkRange(Class<?> type, RecordComponent component) {
    var range = component.getAnnotation(Range.class);
    if (range == null) return;
    var bounds = Bounds.of(range);
    boolean numbers = Pattern.matches(
        ".*\\b(int|long|float|double|java\\.lang\\.(Integer|Long|Float|Double))\\b.*",
        component.getGenericType().getTypeName());
    if (!numbers) reason(type, "component '" + component.getName() + "': a range is for numbers");
    if (bounds.isNone() || bounds.isEmpty()) {
      reason(type, "component '" + component.getName() + "': the range"
          + (bounds.isNone() ? " has no bounds" : bounds + " is empty"));
    }
  }

  /** A name with its earlier ones. */
  private record Called(String name, List<String> aliases) {}

  private void checkNames(Class<?> type, List<Called> called) {
    var taken = new HashSet<String>();
    for (var each : called) {
      var all = new ArrayList<>(each.aliases());
      all.addFirst(each.name());
      for (var name : all) {
        checkName(type, name);
        if (!taken.add(name)) reason(type, "the name '" + name + "' is taken twice");
      }
    }
  }

  private void checkName(Class<?> type, String name) {
    if (!NAME.matcher(name).matches()) {
      reason(type, "the name '" + name + "' is not made of lower case letters, digits and '_'");
    }
    if (!(OneLine.scalar(name, Place.ROOT) instanceof Value.Text)) reserved(type, name);
  }

  private void reserved(Class<?> type, String name) {
    reason(type, "the name '" + name + "' is reserved");
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (UnboundTypeException e) {
      reasons.add(e.getMessage());
    }
  }

  private void reason(Class<?> type, String reason) {
    var message = new UnboundTypeException(type, reason, null).getMessage();
    if (!reasons.contains(message)) reasons.add(message);
  }
}
