package dev.ashlar.runtime;

import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Says in the words of someone who writes YAML what its parser found. */
final class YamlMistakes {

  private YamlMistakes() {}

  /** What the parser found, with a remedy where the mistake is a common one. */
  static Problem told(MarkedYamlEngineException e, Place place, String file) {
    String found = String.valueOf(e.getProblem()).strip();
    String context = Optional.ofNullable(e.getContext()).orElse("").strip();
    String begun = e.getContextMark().map(YamlMistakes::line).map(line -> "line " + line).orElse("an earlier line");
    if (found.contains("TAB")) {
      return new Problem(place, "a tab", "spaces: YAML does not allow tabs for indentation",
          "replace each tab by two spaces");
    }
    if (found.startsWith("mapping values are not allowed")) {
      return new Problem(place, "a ':' where no value can follow", "'name: value' on a line of its own",
          "look here and at the line before: the indentation, a space after each ':', text with ': ' in quotes");
    }
    if (found.startsWith("expected <block end>")) {
      return new Problem(place, "a line that is not part of the list or map begun at " + begun,
          "the items of a list or map in one column, each with its '-' or 'name:'",
          "indent it like the lines around it, or close what is open before it");
    }
    if (found.startsWith("expected ',' or")) {
      String bracket = found.contains("']'") ? "]" : "}";
      if (e.getProblemMark().filter(YamlMistakes::isVariable).isPresent()) {
        return new Problem(place, "'${' between brackets, outside of quotes", "text in quotes: \"${NAME}\"",
            "write quotes around the whole text, such as \"${DATA_DIR}/table.csv\"");
      }
      if (e.getContextMark().isPresent() && e.getProblemMark().isPresent()
          && line(e.getContextMark().get()) < line(e.getProblemMark().get())) {
        String opening = bracket.equals("]") ? "[" : "{";
        return new Problem(place.located(Yaml.location(file, e.getContextMark().get())),
            "a '" + opening + "' that is not closed where line " + line(e.getProblemMark().get()) + " goes on",
            "'" + bracket + "' after its last item, and ',' between its items", "close it with '" + bracket
            + "', or put a ',' before line " + line(e.getProblemMark().get()) + " goes on");
      }
      return new Problem(place, "something else than ',' or '" + bracket + "'",
          "',' or '" + bracket + "' after an item of what " + begun + " opens",
          "close the bracket of " + begun + " with '" + bracket + "', or put ',' between the items");
    }
    if (context.contains("quoted scalar")) {
      return new Problem(place, "the end of the file inside of quotes",
          "the quote that closes the text begun at " + begun, "close the quote of " + begun);
    }
    if (found.startsWith("could not find expected ':'")) {
      return new Problem(place, "a name without a value", "'name: value'",
          "write a space after the colon of " + begun + ", and close what is open before it");
    }
    return new Problem(place, found,
        "YAML that can be read" + (context.isEmpty() ? "" : " (the problem arose " + context + ", begun at " + begun + ")"),
        "");
  }

  /** Whether a brace stands behind a dollar sign. */
  private static boolean isVariable(Mark mark) {
    int[] text = mark.getBuffer();
    int at = mark.getPointer();
    return at > 0 && at < text.length && text[at] == '{' && text[at - 1] == '$';
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
