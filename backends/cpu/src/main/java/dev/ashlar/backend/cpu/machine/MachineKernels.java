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

/** Compiles kernels for one target and installs them where they can run. */
public final class MachineKernels implements KernelCompiler {

  private final ExecutableMemory memory;
  private final Target target;

  /**
   * Kernels for a target that the processor supports, in memory that the caller closes after the last
   * call.
   */
  public MachineKernels(ExecutableMemory memory, Target target) {
    this.memory = memory;
    this.target = target;
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
    var places = memory.install(kernels.stream().map(kernel -> bytes(kernel, target)).toList());
    return places.stream().map(this::compiled).toList();
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
