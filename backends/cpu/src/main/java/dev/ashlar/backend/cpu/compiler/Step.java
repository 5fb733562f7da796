package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A piece of work that runs as a whole before or after others.
 *
 * @param label for readers
 * @param origin part of the model that asked for it
 * @param work what is done
 * @param reads memory that it reads
 * @param writes memory that it writes
 * @param flops arithmetic operations, roughly
 * @param over for what it writes, what it may be written over: each element of that is read by this step for the last
 *     time when the one in its place is written
 */
public record Step(String label, String origin, Work work, List<Slot> reads, List<Slot> writes, double flops,
    Map<Slot, List<Slot>> over) {

  /** Copies the map. */
  public Step {
    over = Map.copyOf(over);
  }

  Step(String label, String origin, Work work, List<Slot> reads, List<Slot> writes, double flops) {
    this(label, origin, work, reads, writes, flops, Map.of());
  }

  /** What is done. */
  public sealed interface Work {
    /** A kernel. */
    record Kernel(Call call) implements Work {}

    /** Matrix products in f32, on kernels of their own. */
    record Multiply(Product product) implements Work {}

    /** A convolution as products of laid-out examples. */
    record Convolve(Unfolding unfolding) implements Work {}

    /** Bytes from one place to another of the same size. */
    record Copy(Slot from, Slot to) implements Work {}

    /** Nothing, but what it reads is there before anything that follows begins; gone once waves are made. */
    record Await() implements Work {}

    /** A custom operation. */
    record Custom(CustomCall call) implements Work {}

    /** A body, step by step. */
    record Repeat(Loop loop) implements Work {}

    /** Java code on host arrays, made anew for each workspace; what it allocates is its own business. */
    record Host(List<HostArray> operands, List<HostArray> results, Supplier<Evaluation> evaluation)
        implements Work {}
  }

  /** A host array over a slot. */
  public record HostArray(dev.ashlar.tensor.TensorType type, Slot slot) {}

  /** Java code for an operation. */
  @FunctionalInterface
  public interface Evaluation {
    /** Fills the results. */
    void run(List<NDArray> operands, List<NDArray> results);
  }

  /** What it writes in floating-point numbers. */
  public List<Slot> floats() {
    return writes.stream().filter(slot -> slot.dtype().filter(DType::isFloating).isPresent()).toList();
  }

  boolean touches(Slot slot) {
    return reads.contains(slot) || writes.contains(slot);
  }

  /** Bytes read and written. */
  public long bytes() {
    return reads.stream().mapToLong(Slot::bytes).sum() + writes.stream().mapToLong(Slot::bytes).sum();
  }
}
