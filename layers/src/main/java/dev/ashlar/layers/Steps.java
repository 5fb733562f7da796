package dev.ashlar.layers;

import dev.ashlar.config.Doc;

/** What a recurrent layer gives. */
public enum Steps {
  /** The outputs of all steps, [batch, time, width]. */
  @Doc("all: [batch, time, width]")
  ALL,
  /** The output after the last step, [batch, width]: backward, that of the first element. */
  @Doc("the last: [batch, width]")
  LAST
}
