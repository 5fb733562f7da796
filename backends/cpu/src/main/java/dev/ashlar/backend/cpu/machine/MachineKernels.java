package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles kernels for one target and installs them where they can run. */
public final class MachineKernels implements KernelCompiler {

  private final ExecutableMemory memory;
  private final Target target;
  private final @Nullable CodeFolder kept;

  /**
   * Kernels for a target that the processor supports, in memory that the caller closes after the last
   * call.
   */
  public MachineKernels(ExecutableMemory memory, Target target) {
    this(memory, target, null);
  }

  /**
   * As {@link #MachineKernels(ExecutableMemory, Target)}.
   *
   * @param kept code for this target from earlier processes, and for later ones
   */
  public MachineKernels(ExecutableMemory memory, Target target, @Nullable CodeFolder kept) {
    this.memory = memory;
    this.target = target;
    this.kept = kept;
  }

  /** What code is made for. */
  public Target target() {
    return target;
  }

  /** The bytes of a kernel, for whoever wants to look at them. */
  public static byte[] bytes(Kernel kernel, Target target) {
    return Compiler.compile(kernel, target);
  }

  @Override
  public Compiled compile(Kernel kernel) {
    return compile(List.of(kernel)).getFirst();
  }

  /** Compiles and installs kernels; together they share pages. */
  public List<Compiled> compile(List<Kernel> kernels) {
    var places = memory.install(kernels.stream().map(this::bytes).toList());
    return places.stream().map(this::compiled).toList();
  }

  private byte[] bytes(Kernel kernel) {
    return kept == null ? bytes(kernel, target) : kept.get(kernel, () -> bytes(kernel, target));
  }

  private Compiled compiled(MemorySegment place) {
    return new Compiled(memory.function(place, FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG)),
        place.address());
  }

  /**
   * A kernel that can be called. Calling checks nothing.
   *
   * @param function takes the address of the argument block
   * @param address of the code
   */
  public record Compiled(MethodHandle function, long address) implements CompiledKernel {

    @Override
    public void run(Arguments arguments) {
      try {
        function.invokeExact(arguments.block().address());
      } catch (Throwable e) {
        throw new AssertionError("machine code throws nothing", e);
      }
    }
  }
}
