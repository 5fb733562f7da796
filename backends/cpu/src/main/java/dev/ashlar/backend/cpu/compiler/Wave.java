package dev.ashlar.backend.cpu.compiler;

import java.util.List;

/**
 * Steps of one launch.
 *
 * @param steps if there is one slice, they do not depend on each other; else each is done slice by slice, and a
 *     slice of one depends on the same slice of those before alone
 * @param slices how many there are
 */
public record Wave(List<Step> steps, int slices) {

  /** Copies the list. */
  public Wave {
    steps = List.copyOf(steps);
  }
}
