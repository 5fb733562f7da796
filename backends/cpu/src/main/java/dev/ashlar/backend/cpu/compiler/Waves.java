package dev.ashlar.backend.cpu.compiler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts steps that do not depend on each other into waves, keeping their order: one launch for each wave. What may be
 * written over a large array waits until others have read that.
 */
final class Waves {

  private Waves() {}

  static List<List<Step>> of(List<Step> steps) {
    List<List<Step>> waves = new ArrayList<>();
    List<Step> wave = new ArrayList<>();
    Set<Slot> read = new HashSet<>();
    Set<Slot> written = new HashSet<>();
    for (Step step : steps) {
      boolean conflicts = step.reads().stream().anyMatch(written::contains)
          || step.writes().stream().anyMatch(s -> written.contains(s) || read.contains(s))
          || step.over().values().stream().flatMap(List::stream)
              .anyMatch(s -> s.bytes() >= Costs.LARGE && read.contains(s));
      if (conflicts) {
        waves.add(wave);
        wave = new ArrayList<>();
        read.clear();
        written.clear();
      }
      if (step.work() instanceof Step.Work.Await) {
        continue;
      }
      wave.add(step);
      read.addAll(step.reads());
      written.addAll(step.writes());
    }
    if (!wave.isEmpty()) {
      waves.add(wave);
    }
    return waves;
  }
}
