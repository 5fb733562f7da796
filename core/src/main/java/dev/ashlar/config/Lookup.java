package dev.ashlar.config;

import java.util.List;
import java.util.regex.Pattern;

/** What a name in a configuration stands for: {@code name}, {@code plugin:name} or {@code plugin:name@version}. */
sealed interface Lookup {
  /** One; the version is 0 if the name does not say it. */
  record Found(Implementation implementation, int version) implements Lookup {}

  /** Several plug-ins bring it; their qualified names. */
  record Ambiguous(List<String> names) implements Lookup {}

  /** None; advice with the nearest name, and what is known. */
  record Unknown(String nearest, List<String> known) implements Lookup {}

  Pattern REFERENCE = Pattern.compile("(?:([^:@]*):)?([^:@]+)(?:@([0-9]{1,9}))?");

  static Lookup of(String reference, List<Implementation> implementations) {
    var parts = REFERENCE.matcher(reference);
    if (!parts.matches()) return unknown(reference, implementations);
    var plugin = parts.group(1);
    var name = parts.group(2);
    int version = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
    var ofPlugin = implementations.stream().filter(i -> plugin == null || i.plugin().equals(plugin)).toList();
    // A present name goes before an earlier one.
    var called = ofPlugin.stream().filter(i -> i.name().equals(name)).toList();
    if (called.isEmpty()) called = ofPlugin.stream().filter(i -> i.isCalled(name)).toList();
    if (called.size() == 1) return new Found(called.getFirst(), version);
    if (called.size() > 1) return new Ambiguous(called.stream().map(Implementation::qualifiedName).toList());
    return unknown(name, ofPlugin.isEmpty() ? implementations : ofPlugin);
  }

  private static Unknown unknown(String name, List<Implementation> implementations) {
    var known = implementations.stream().map(Implementation::name).distinct().sorted().toList();
    return new Unknown(Nearest.advice(name, known), known);
  }
}
