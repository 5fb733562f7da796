package dev.ashlar.runtime;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Nearest;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables into the texts of a configuration: <code>${DATA_DIR}</code> is the variable's value, and
 * <code>${DATA_DIR:-data}</code> is {@code data} where it is not set or empty. <code>$${</code> stands for
 * <code>${</code> itself. What is put in is always text, and never read again: no variable can add a key, a number or
 * another variable. Keys are left alone.
 */
final class Environment {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
  private static final Pattern NAME = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);

  private final Map<String, String> variables;
  private final List<Problem> problems = new ArrayList<>();

  private Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * A tree with the variables' values in it.
   *
   * @throws ConfigException with all variables that are not set, and all references that cannot be read
   */
  static Value expand(Value tree, Map<String, String> variables) {
    Environment environment = new Environment(variables);
    Value expanded = environment.expanded(tree);
    if (!environment.problems.isEmpty()) {
      throw new ConfigException(environment.problems);
    }
    return expanded;
  }

  /**
   * Mistakes with other advice where a variable's text stands for a number or truth value: to remove quotes is none.
   *
   * @param written the tree before variables were put in
   */
  static ConfigException explained(ConfigException mistakes, Value written) {
    Set<Place> texts = new HashSet<>();
    mapped(written, text -> {
      texts.add(text.place());
      return text.value();
    });
    return new ConfigException(mistakes.problems().stream().map(problem -> texts.contains(problem.place())
        && problem.help().startsWith("remove the quotes") ? new Problem(problem.place(), problem.found(),
            problem.expected(), "environment variables give text alone; for this, say --set " + problem.place().path()
                + "=..") : problem).toList());
  }

  /** A tree that reads as this one where variables are put in. */
  static Value escaped(Value tree) {
    return mapped(tree, text -> text.value().replace("${", "$${"));
  }

  private Value expanded(Value tree) {
    return mapped(tree, this::expanded);
  }

  private interface Texts {
    String of(Value.Text text);
  }

  private static Value mapped(Value tree, Texts change) {
    return switch (tree) {
      case Value.Text text -> text.value().contains("${") ? new Value.Text(change.of(text), text.place()) : text;
      case Value.Sequence list ->
          new Value.Sequence(list.items().stream().map(item -> mapped(item, change)).toList(), list.place());
      case Value.Mapping map -> new Value.Mapping(map.entries().stream()
          .map(e -> new Value.Entry(e.key(), e.location(), mapped(e.value(), change))).toList(), map.place());
      case Value.Null _, Value.Bool _, Value.Num _ -> tree;
    };
  }

  private String expanded(Value.Text text) {
    return REFERENCE.matcher(text.value()).replaceAll(
        reference -> Matcher.quoteReplacement(replacement(reference, text.place())));
  }

  private String replacement(MatchResult reference, Place place) {
    if (reference.group().equals("$${")) {
      return "${";
    }
    Matcher parts = NAME.matcher(reference.group(1));
    if (reference.group(2).isEmpty() || !parts.matches()) {
      problems.add(new Problem(place, "'" + reference.group() + "', which names no environment variable",
          "${NAME}, or ${NAME:-what it is by default}", "if '${' is meant as it stands, write '$${'"));
      return "";
    }
    String value = variables.get(parts.group(1));
    String byDefault = parts.group(2);
    if (byDefault != null) {
      return value == null || value.isEmpty() ? byDefault : value;
    }
    if (value == null) {
      problems.add(unset(parts.group(1), place));
      return "";
    }
    return value;
  }

  private Problem unset(String name, Place place) {
    String near = Nearest.advice(name, List.copyOf(variables.keySet()));
    return new Problem(place, "the environment variable '" + name + "', which is not set",
        "a variable that is set",
        (near.isEmpty() ? "set it: export " + name + "=.., or" : near + " Else") + " give a default: ${" + name + ":-..}");
  }
}
