package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.ArrayList;
import java.util.List;

/**
 * A plain value that can be written for a record, or for a record in it.
 *
 * @param path keys that lead to it
 * @param form what it is
 * @param words that it may be, if it is one of some; else none
 */
@Stable
public record Setting(List<String> path, Form form, List<String> words) {

  /** What a plain value is. */
  public enum Form {
    /** True or false. */
    TRUTH,
    /** A whole number. */
    WHOLE,
    /** A number. */
    NUMBER,
    /** Text. */
    TEXT,
    /** One of some words. */
    WORD
  }

  /** Copies the lists. */
  public Setting {
    path = List.copyOf(path);
    words = List.copyOf(words);
  }

  /** Those of a record, in order; lists, maps and plug-ins are left out. */
  static List<Setting> of(Class<?> record, List<String> at, Kinds kinds) {
    var settings = new ArrayList<Setting>();
    for (var component : kinds.record(record).components()) {
      var path = new ArrayList<>(at);
      path.add(component.name());
      switch (component.kind() instanceof Kind.Maybe(var of) ? of : component.kind()) {
        case Kind.Truth _ -> settings.add(new Setting(path, Form.TRUTH, List.of()));
        case Kind.Whole _ -> settings.add(new Setting(path, Form.WHOLE, List.of()));
        case Kind.Fraction _ -> settings.add(new Setting(path, Form.NUMBER, List.of()));
        case Kind.Prose _ -> settings.add(new Setting(path, Form.TEXT, List.of()));
        case Kind.Choice choice -> settings.add(new Setting(path, Form.WORD, choice.names()));
        case Kind.Fields(var type) -> settings.addAll(of(type, path, kinds));
        default -> { }
      }
    }
    return settings;
  }
}
