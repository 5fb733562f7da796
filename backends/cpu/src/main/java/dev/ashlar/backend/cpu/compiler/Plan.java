package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.program.Computation;
import dev.ashlar.tensor.TensorType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A computation, ready to be given memory.
 *
 * @param computation what was compiled
 * @param arguments types by name
 * @param results types by name
 * @param variables types of the variables that are touched, by name
 * @param read names of variables that must have a value before
 * @param waves steps, launch by launch
 * @param slots all memory by name and kind
 * @param bytes size of the memory that arguments, results and temporaries share
 * @param temporaryBytes how much of that is neither argument nor result
 */
public record Plan(Computation computation, SequencedMap<String, TensorType> arguments,
    SequencedMap<String, TensorType> results, Map<String, TensorType> variables, Set<String> read,
    List<Wave> waves, Slots slots, long bytes, long temporaryBytes) {

  /** All steps in order. */
  public List<Step> steps() {
    return waves.stream().flatMap(wave -> wave.steps().stream()).toList();
  }

  /** Number of different kernels. */
  public long kernels() {
    return allKernels().distinct().count();
  }

  /** The kernels of all steps, and of those that are repeated. */
  public Stream<Kernel> allKernels() {
    return steps().stream().flatMap(step -> switch (step.work()) {
      case Step.Work.Kernel(var call) -> Stream.of(call.kernel());
      case Step.Work.Repeat(var loop) -> loop.body().allKernels();
      default -> Stream.empty();
    });
  }

  /** One line for each step: wave, operation, part of the model, arithmetic, memory; then sums. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < waves.size(); i++) {
      for (Step step : waves.get(i).steps()) {
        text.append(String.format(Locale.ROOT, "%4d  %-32s %-32s %10.3f MFLOP %10.3f MB%n", i, step.label(),
            step.origin(),
            step.flops() / 1e6, step.bytes() / 1e6));
      }
    }
    double flops = steps().stream().mapToDouble(Step::flops).sum();
    double moved = steps().stream().mapToDouble(Step::bytes).sum();
    return text + String.format(Locale.ROOT,
        "%d steps in %d waves, %d kernels beside products: %.3f GFLOP, %.3f GB read and written, "
            + "%.1f MB of memory, %.1f MB of it temporary%n",
        steps().size(), waves.size(), kernels(), flops / 1e9, moved / 1e9, bytes / 1e6, temporaryBytes / 1e6);
  }
}
