package dev.ashlar.training;

import dev.ashlar.api.Experimental;
import dev.ashlar.config.Implementation;

/**
 * The code of a part of a task failed for no reason that a user could mend: names the part; the cause is what it threw.
 */
@Experimental(since = "0.1")
public final class PartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Object part;

  PartException(Object part, Throwable cause) {
    super("a failure in " + named(part) + ": " + cause, cause);
    this.part = part;
  }

  private static String named(Object part) {
    return part instanceof Record || part instanceof Enum<?> ? Implementation.nameOf(part) : part.getClass().getName();
  }

  /** What failed, such as a transform. */
  public Object part() {
    return part;
  }
}
