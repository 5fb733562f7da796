package dev.ashlar.backend.cpu;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter;
import dev.ashlar.program.Backend;
import dev.ashlar.testkit.BackendContract;
import org.junit.jupiter.api.Nested;

/** The CPU backend keeps the contract of backends, however its kernels are made to run. */
class CpuBackendContractTest {

  /** Tests of one way, skipped with the reason where it cannot be had. */
  private abstract static class Contract extends BackendContract {
    private final Cpu settings;

    Contract(Cpu settings) {
      this.settings = settings;
    }

    @Override
    protected Backend open() {
      try {
        return settings.open();
      } catch (IllegalStateException refusal) {
        return abort(refusal.getMessage());
      }
    }

    /** There are no kernels in double precision. */
    @Override
    protected boolean mayLack(String name) {
      return name.contains("f64");
    }
  }

  @Nested class Machine extends Contract {
    Machine() {
      super(Cpu.defaults().withEmitter(Emission.MACHINE));
    }
  }

  @Nested class MachineAvx2 extends Contract {
    MachineAvx2() {
      super(Cpu.defaults().withEmitter(Emission.MACHINE_AVX2));
    }
  }

  @Nested class Bytecode extends Contract {
    Bytecode() {
      super(Cpu.defaults().withEmitter(Emission.BYTECODE));
    }

    @Override
    protected Backend open() {
      assumeTrue(BytecodeEmitter.preferredLanes() != BytecodeEmitter.Lanes.SCALAR,
          "without the Vector API or registers for it, this is BytecodePlain");
      return super.open();
    }

    /** It does once C2 is done, which may take long: VectorAllocationTest waits for it. */
    @Override
    protected boolean warmRunsAllocateNothing() {
      return false;
    }
  }

  @Nested class BytecodePlain extends Contract {
    BytecodePlain() {
      super(Cpu.defaults().withEmitter(Emission.BYTECODE_PLAIN));
    }
  }

  @Nested class Interpreted extends Contract {
    Interpreted() {
      super(Cpu.defaults().withEmitter(Emission.INTERPRETER));
    }

    @Override
    protected boolean warmRunsAllocateNothing() {
      return false;
    }
  }

  @Nested class Checked extends Contract {
    Checked() {
      super(Cpu.defaults().withChecked(true));
    }

    @Override
    protected boolean isChecked() {
      return true;
    }

    @Override
    protected boolean warmRunsAllocateNothing() {
      return false;
    }
  }
}
