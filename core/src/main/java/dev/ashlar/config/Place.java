package dev.ashlar.config;

import dev.ashlar.api.Stable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in its tree, and in its file where it came from one.
 *
 * @param path such as {@code model[1].dropout.rate}; empty for the whole tree
 * @param location where it is written, if it is
 */
@Stable
public record Place(String path, @Nullable Location location) {
  /** The whole of a tree that came from no file. */
  public static final Place ROOT = new Place("", null);

  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_:@/+-]+");

  /** A place whose path is not known yet: {@link Value#placed} finds it when the tree is whole. */
  public static Place at(Location location) {
    return new Place("", location);
  }

  /** The place of the value under a key of this map. */
  public Place key(String key) {
    if (!PLAIN.matcher(key).matches()) return new Place(path + "[" + Value.quoted(key) + "]", location);
    return new Place(path.isEmpty() ? key : path + "." + key, location);
  }

  /** The place of an item of this list. */
  public Place index(int index) {
    return new Place(path + "[" + index + "]", location);
  }

  /** The same path at another location; at this one if that is null. */
  public Place located(@Nullable Location other) {
    return other == null ? this : new Place(path, other);
  }
}
