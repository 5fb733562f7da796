package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.Call;
import dev.ashlar.backend.cpu.compiler.Plan;
import dev.ashlar.backend.cpu.compiler.Slot;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.x86.HugePages;
import dev.ashlar.program.Lookups;
import dev.ashlar.program.Variable;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** A plan with its memory: waves of prepared tasks. */
final class CpuWorkspace implements Workspace {

  private final CpuBackend backend;
  private final Plan plan;
  private final CpuStore store;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final Map<String, NDArray> arguments = new HashMap<>();
  private final Map<String, NDArray> results = new HashMap<>();
  private final Scratch scratch = new Scratch(arena);
  private final Lock lock;
  private final List<String> updated;
  /** For the places where the variables are. */
  private Launchable[] launches = {};
  private List<String> adopted = List.of();
  private MemorySegment[] lent = {};
  private long moves;
  /** In the checked mode alone. */
  private final @Nullable Lookups lookups;
  private boolean closed;

  /** A piece of a step. */
  interface Task {
    /** Does it. */
    void run();
  }

  /** Makes the arguments of a call. */
  interface Binder {
    /** For a piece of the work; one of its slots lies in memory of the task. */
    Arguments bind(Call call, long from, long to, Slot own, MemorySegment memory);
  }

  CpuWorkspace(CpuBackend backend, Plan plan, CpuStore store) {
    this.backend = backend;
    this.plan = plan;
    this.store = store;
    plan.variables().forEach(store::findOrCreate);
    updated = plan.computation().variables().stream()
        .filter(Variable::isUpdated).map(Variable::name).toList();
    lock = store.lock(updated);
    store.own(updated);
    memory = HugePages.allocate("values of program '" + plan.computation().name() + "'",
        Math.max(64, plan.bytes()), arena);
    plan.arguments().forEach((name, type) -> arguments.put(name,
        array(type, plan.slots().arguments().get(name))));
    plan.results().forEach((name, type) -> results.put(name, array(type, plan.slots().results().get(name))));
    lookups = backend.isChecked() ? Lookups.of(plan.computation().graph()) : null;
    try {
      emitKernels();
      launch();
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Binds the steps to the places where the variables are now. */
  private void launch() {
    moves = store.moves();
    adopted = plan.variables().keySet().stream().filter(store::isAdopted).toList();
    lent = adopted.stream().map(name -> store.findOrCreate(name, plan.variables().get(name)).data())
        .toArray(MemorySegment[]::new);
    launches = new Launcher(backend, plan, places(), arena, scratch, Launcher.PARALLEL_NANOS)
        .launches().toArray(Launchable[]::new);
  }

  /** Before a run: variables may lie elsewhere than they did, and memory of others may be gone. */
  private void lookAgain() {
    if (store.moves() != moves) {
      store.ownWhileLocked(updated);
      launch();
    }
    for (int i = 0; i < lent.length; i++) {
      if (!lent[i].scope().isAlive()) {
        throw new IllegalStateException("program '" + plan.computation().name() + "' reads the variable '"
            + adopted.get(i) + "' where it was adopted, in memory whose arena has been closed");
      }
    }
  }

  /** Kernels are made to run by all threads: most of the time before a first step would go by with that. */
  private void emitKernels() {
    List<Kernel> kernels = plan.allKernels().distinct().toList();
    if (!kernels.isEmpty()) {
      backend.team().run(piece -> backend.executables().compile(kernels.get(piece)), kernels.size());
    }
  }

  private NDArray array(TensorType type, Slot slot) {
    return NDArray.wrap(type, segment(slot));
  }

  private MemorySegment segment(Slot slot) {
    return switch (slot.kind()) {
      case VARIABLE -> store.findOrCreate(slot.name(), plan.variables().get(slot.name())).data();
      case CONSTANT -> backend.constant(slot);
      case ARGUMENT, RESULT, TEMPORARY -> memory.asSlice(slot.offset(), slot.bytes());
    };
  }

  /** Nothing moves. */
  private Places places() {
    return new Places() {
      @Override
      public MemorySegment at(Slot slot) {
        return segment(slot);
      }

      @Override
      public void bind(List<Slot> slots, Runnable binding) {
        binding.run();
      }

      @Override
      public boolean isMoving(Slot slot) {
        return false;
      }
    };
  }

  @Override
  public NDArray argument(String name) {
    return named(arguments, name, "argument");
  }

  @Override
  public NDArray result(String name) {
    return named(results, name, "result");
  }

  private NDArray named(Map<String, NDArray> arrays, String name, String what) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException("program '" + plan.computation()
          .name() + "' has no " + what + " '" + name
          + "', only " + new java.util.TreeSet<>(arrays.keySet()));
    }
    return array;
  }

  @Override
  public synchronized void run() {
    if (closed) {
      throw new IllegalStateException("the workspace of '" + plan.computation().name() + "' is closed");
    }
    if (lookups != null) {
      lookups.check(this);
    }
    backend.begin();
    try {
      lock.lock();
      try {
        lookAgain();
        for (Launchable launch : launches) {
          launch.run(backend.team());
        }
      } finally {
        lock.unlock();
      }
    } finally {
      backend.end();
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }
}
