package dev.ashlar.training;

import dev.ashlar.api.Stable;

/** A callback failed while it followed a run: names it and the step; the cause is what it threw. */
@Stable
public final class CallbackException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CallbackException(String callback, long step, Throwable cause) {
    super("callback '" + callback + "' failed " + (step == 0 ? "before the first step" : "after step " + step) + ": "
        + cause, cause);
  }
}
