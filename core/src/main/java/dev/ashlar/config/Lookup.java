package dev.ashlar.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a name in a configuration stands for: {@code name}, {@code plugin:name} or {@code
 * plugin:name@version}.
 */
sealed interface Lookup {
  /** One; the version is 0 if the name does not say it. */
  record Found(Implementation implementation, int version) implements Lookup {}

  /** Several plug-ins bring it, in the order in which these are registered; version 0 if the name does not say it. */
  record Ambiguous(List<Implementation> candidates, int version) implements Lookup {
    List<String> names() {
      return qualified(candidates);
    }

    /** What is meant where no user has written the name: that of the plug-in that did, else the first. */
    Found of(String plugin) {
      return new Found(candidates.stream().filter(c -> c.plugin().equals(plugin)).findFirst()
          .orElse(candidates.getFirst()), version);
    }
  }

  /** None; the plug-in that the name says, or empty; what is known, and advice unless a plug-in is lacking. */
  record Unknown(String plugin, List<String> known, String advice) implements Lookup {}

  Pattern REFERENCE = Pattern.compile("(?:([^:@]*):)?([^:@]+)(?:@([0-9]{1,9}))?");

  static Lookup of(String reference, List<Implementation> implementations) {
    var parts = REFERENCE.matcher(reference);
    if (!parts.matches()) return unknown(reference, implementations);
    var plugin = parts.group(1);
    var name = parts.group(2);
    int version = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
    var ofPlugin = implementations.stream().filter(i -> plugin == null || i.plugin().equals(plugin)).toList();
    var called = called(name, ofPlugin);
    if (called.size() == 1) return new Found(called.getFirst(), version);
    if (called.size() > 1) return new Ambiguous(called, version);
    if (plugin == null) return unknown(name, implementations);
    var elsewhere = qualified(called(name, implementations));
    if (ofPlugin.isEmpty()) {
      return new Unknown(plugin, elsewhere.isEmpty() ? names(implementations) : elsewhere, "");
    }
    var near = elsewhere.isEmpty() ? Nearest.name(reference, qualified(ofPlugin)) : elsewhere.getFirst();
    return new Unknown(plugin, qualified(ofPlugin),
        near.isEmpty() ? "plug-in '" + plugin + "' is there, but has none of this name" : Nearest.ask(near));
  }

  /** The different names, sorted. */
  static List<String> names(List<Implementation> implementations) {
    return implementations.stream().map(Implementation::name).distinct().sorted().toList();
  }

  /** A present name goes before an earlier one. */
  private static List<Implementation> called(String name, List<Implementation> implementations) {
    var present = implementations.stream().filter(i -> i.name().equals(name)).toList();
    return present.isEmpty() ? implementations.stream().filter(i -> i.isCalled(name)).toList() : present;
  }

  private static List<String> qualified(List<Implementation> implementations) {
    return implementations.stream().map(Implementation::qualifiedName).sorted().toList();
  }

  private static Unknown unknown(String name, List<Implementation> implementations) {
    var known = names(implementations);
    return new Unknown("", known, Nearest.advice(name, known));
  }
}
