package dev.ashlar.training;

import dev.ashlar.api.Stable;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run that this machine, or the container that it runs in, has too little memory for; told before it starts.
 */
@Stable
public final class MemoryShortage extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Remedy> remedies;
  private final long needed;
  private final long available;

  /**
   * Other settings, and what they need.
   *
   * @param settings as a configuration has them below {@code train}: {@code batch: 4, accumulate: 8}
   * @param bytes that training then takes
   * @param fits whether that is few enough
   */
  public record Remedy(String settings, long bytes, boolean fits) {}

  MemoryShortage(long needed, long available, List<Remedy> remedies) {
    super("training needs " + megabytes(needed) + ", and there are " + megabytes(available) + " in all; "
        + told(remedies));
    this.needed = needed;
    this.available = available;
    this.remedies = List.copyOf(remedies);
  }

  /** Bytes that training takes at most at a time. */
  public long needed() {
    return needed;
  }

  /** Bytes that there are. */
  public long available() {
    return available;
  }

  /** What would help, the least change first; worked out, not guessed. */
  public List<Remedy> remedies() {
    return remedies;
  }

  /** What would help, in words. */
  public String help() {
    return told(remedies);
  }

  private static String told(List<Remedy> remedies) {
    String each = remedies.stream()
        .map(remedy -> "'" + remedy.settings() + "' needs " + megabytes(remedy.bytes()))
        .collect(Collectors.joining(", "));
    return remedies.stream().anyMatch(Remedy::fits) ? each
        : (each.isEmpty() ? "" : each + "; ") + "none of these fits: make the model smaller, or its examples shorter";
  }

  /** Bytes in millions. */
  public static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MB", Math.ceilDiv(bytes, 1_000_000));
  }

  /**
   * Looks whether a run fits.
   *
   * @param plan its programs, which are compiled only where they might need too much
   * @param available bytes that there are
   * @throws MemoryShortage if it does not
   */
  static void check(UpdatePrograms.Plan plan, Task task, Examples examples, Settings settings, Backend backend,
      long available) {
    // All values at once, twice over for those that measure and for copies of what is best: more than any plan takes.
    double most = 2 * Stream.concat(Stream.of(plan.batch()), plan.apply().stream())
        .mapToDouble(MemoryShortage::allValues).sum();
    if (most <= available) {
      return;
    }
    long needed = TrainingMemory.of(task, examples, settings, backend).needed();
    if (needed > available) {
      throw new MemoryShortage(needed, available, remedies(task, examples, settings, backend, available));
    }
  }

  private static double allValues(Computation computation) {
    double variables = computation.variables().stream().mapToDouble(v -> Oversize.bytes(v.type())).sum();
    return variables + computation.graph().nodes().stream()
        .flatMap(node -> node.outputs().stream()).mapToDouble(output -> Oversize.bytes(output.type())).sum();
  }

  private static List<Remedy> remedies(
      Task task, Examples examples, Settings settings, Backend backend, long available) {
    List<Remedy> found = new ArrayList<>();
    Settings again = settings.withRemat(Settings.BLOCKS);
    boolean mayRemat = settings.remat().isEmpty() && repeats(task, examples);
    boolean helps = false;
    if (mayRemat) {
      Remedy remedy = remedy("remat: " + Settings.BLOCKS, task, examples, again, backend, available);
      found.add(remedy);
      helps = remedy.fits();
    }
    smaller("", task, examples, settings, backend, available).ifPresent(found::add);
    if (mayRemat && !helps) {
      smaller("remat: " + Settings.BLOCKS + ", ", task, examples, again, backend, available).ifPresent(found::add);
    }
    return found;
  }

  private static boolean repeats(Task task, Examples examples) {
    return Programs.rematerialized(Settings.BLOCKS, task, examples.train().columns()).isEmpty();
  }

  /** The largest batch, halved as often as needed, with as many more of them in an update. */
  private static Optional<Remedy> smaller(
      String prefix, Task task, Examples examples, Settings settings, Backend backend, long available) {
    Remedy last = null;
    int batch = settings.batchOf(examples.train());
    for (int parts = 2; batch / parts >= 1; parts *= 2) {
      int accumulate = settings.accumulate() * parts;
      Settings fewer = settings.withBatch(Math.ceilDiv(batch, parts)).withAccumulation(accumulate);
      last = remedy(prefix + "batch: " + fewer.batch() + ", accumulate: " + accumulate, task, examples, fewer, backend,
          available);
      if (last.fits()) {
        break;
      }
    }
    return Optional.ofNullable(last);
  }

  private static Remedy remedy(
      String text, Task task, Examples examples, Settings settings, Backend backend, long available) {
    long bytes = TrainingMemory.of(task, examples, settings, backend).needed();
    return new Remedy(text, bytes, bytes <= available);
  }
}
