package dev.ashlar.io.tables;

import dev.ashlar.config.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names as messages list them: those that are numbered alike in short, {@code p0 .. p63, label}. */
final class NumberedNames {
  private static final int LISTED = 12;
  private static final int SHORTENED = 3;
  private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9]{1,9})");

  private NumberedNames() {}

  /** All names if they are few; the first of them otherwise. */
  static String listed(List<String> names) {
    var parts = new ArrayList<String>();
    int told = 0;
    for (int from = 0; from < names.size() && parts.size() < LISTED; ) {
      int to = endOfRun(names, from);
      boolean isRun = to - from >= SHORTENED;
      parts.add(isRun ? names.get(from) + " .. " + names.get(to - 1) : names.get(from));
      from = isRun ? to : from + 1;
      told = from;
    }
    return String.join(", ", parts) + (told < names.size() ? " and " + (names.size() - told) + " more" : "");
  }

  /** The name that was probably meant: a near one, else the only one that is not numbered like others. */
  static String advice(String typed, List<String> names) {
    var near = Nearest.advice(typed, names);
    if (!near.isEmpty()) return near;
    var alone = new ArrayList<String>();
    for (int from = 0; from < names.size(); ) {
      int to = endOfRun(names, from);
      if (to - from < SHORTENED) alone.addAll(names.subList(from, to));
      from = to;
    }
    return alone.size() == 1 && names.size() > 1 ? "did you mean '" + alone.getFirst() + "'?" : "";
  }

  /** Behind the names that count up from this one with the same letters before. */
  private static int endOfRun(List<String> names, int from) {
    int to = from + 1;
    while (to < names.size() && follows(names.get(to - 1), names.get(to))) to++;
    return to;
  }

  private static boolean follows(String one, String next) {
    Matcher first = NUMBERED.matcher(one);
    Matcher second = NUMBERED.matcher(next);
    return first.matches() && second.matches() && first.group(1).equals(second.group(1))
        && Integer.parseInt(first.group(2)) < Integer.parseInt(second.group(2));
  }
}
