package dev.ashlar.backend.cpu.machine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.backend.cpu.kernel.EmitterContract;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.x86.ExecutableMemory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The same kernel by the interpreter, AVX-512 and AVX2: the same bits. */
class MachineEmitterTest {

  private static ExecutableMemory.Opened opened = new ExecutableMemory.Opened.Refused("not opened");

  @BeforeAll static void open() {
    opened = ExecutableMemory.open();
  }

  @AfterAll static void close() {
    if (opened instanceof ExecutableMemory.Opened.Ready ready) {
      ready.memory().close();
    }
  }

  private static KernelCompiler machine(Target target) {
    assumeTrue(opened instanceof ExecutableMemory.Opened.Ready, opened::toString);
    var ready = (ExecutableMemory.Opened.Ready) opened;
    boolean able = target == Target.AVX512 ? ready.features().hasAvx512() : ready.features().hasAvx2();
    assumeTrue(able, "this processor has no " + target);
    return new MachineKernels(ready.memory(), target);
  }

  @Nested class Avx512 extends EmitterContract {
    @Override protected KernelCompiler emitter() {
      return machine(Target.AVX512);
    }
  }

  @Nested class Avx2 extends EmitterContract {
    @Override protected KernelCompiler emitter() {
      return machine(Target.AVX2);
    }
  }
}
