package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.regex.Pattern;

/** Names with stars in them. */
@Stable
public final class Wildcards {

  private Wildcards() {}

  /** What matches a text as a whole, in which a star stands for any characters, or none. */
  public static Pattern pattern(String text) {
    return Pattern.compile("\\Q" + text.replace("*", "\\E.*\\Q") + "\\E");
  }
}
