package dev.ashlar.runtime;

import dev.ashlar.config.Implementation;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.plugin.Registry;
import dev.ashlar.training.Misfit;

/**
 * The code of a part failed: a layer, a loss, a metric or an optimizer threw what says nothing of what it was given.
 * The message is meant for the user, the stack trace of the cause for the part's author.
 */
public final class PartFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private PartFailedException(Problem problem, Throwable cause) {
    super(problem.toString(), cause);
  }

  static PartFailedException of(Misfit misfit, Place place) {
    return of(misfit.parts().getFirst(), place, "that it works on " + misfit.given()
        + ", or says what it takes instead with an IllegalArgumentException", misfit.reason());
  }

  static PartFailedException of(Object part, Place place, String expected, Throwable reason) {
    String name = part instanceof Record || part instanceof Enum<?> ? Implementation.nameOf(part) + ", " : "";
    String found = "a failure in " + name + part.getClass().getName()
        + " (" + Registry.origin(part.getClass()) + "): " + reason;
    return new PartFailedException(new Problem(place, found, expected, reason instanceof LinkageError e
        ? Registry.reason(e) : "its author needs the stack trace; no configuration causes this alone"), reason);
  }
}
