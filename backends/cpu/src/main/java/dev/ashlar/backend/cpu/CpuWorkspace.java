package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.compiler.Call;
import dev.ashlar.backend.cpu.compiler.Plan;
import dev.ashlar.backend.cpu.compiler.Product;
import dev.ashlar.backend.cpu.compiler.Slot;
import dev.ashlar.backend.cpu.compiler.Step;
import dev.ashlar.backend.cpu.compiler.Unfolding;
import dev.ashlar.backend.cpu.compiler.Wave;
import dev.ashlar.backend.cpu.gemm.Routines;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.x86.HugePages;
import dev.ashlar.program.Lookups;
import dev.ashlar.program.Profiler;
import dev.ashlar.program.Variable;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A plan with its memory: waves of prepared tasks. */
final class CpuWorkspace implements Workspace {

  /** Work that is shared out only above this, and in pieces of at least half of it. */
  private static final long PARALLEL_NANOS = 50_000;
  /** Pieces of a chain for each thread, so that one who is late holds nobody up for long. */
  private static final int SHARES = 4;

  private final CpuBackend backend;
  private final Plan plan;
  private final CpuStore store;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final Map<String, NDArray> arguments = new HashMap<>();
  private final Map<String, NDArray> results = new HashMap<>();
  private final Launch[] launches;
  private final Lock lock;
  private final Scratch scratch;
  /** In the checked mode alone. */
  private final @Nullable Lookups lookups;
  private boolean closed;

  /** Tasks that may run at the same time. */
  private record Launch(Task[] tasks, boolean parallel, List<Inspection> inspections) implements Team.Job {

    void run(Team team) {
      if (parallel) {
        team.run(this, tasks.length);
      } else {
        for (Task task : tasks) {
          task.run();
        }
      }
      for (int i = 0; i < inspections.size(); i++) {
        inspections.get(i).check();
      }
    }

    @Override
    public void run(int piece) {
      tasks[piece].run();
    }
  }

  /** A piece of a step. */
  interface Task {
    /** Does it. */
    void run();
  }

  private record KernelTask(CompiledKernel code, Arguments arguments) implements Task {
    @Override
    public void run() {
      code.run(arguments);
    }
  }

  private record CopyTask(MemorySegment from, MemorySegment to) implements Task {
    @Override
    public void run() {
      MemorySegment.copy(from, 0, to, 0, to.byteSize());
    }
  }

  private record HostTask(List<NDArray> operands, List<NDArray> results,
      Step.Evaluation code) implements Task {
    @Override
    public void run() {
      code.run(operands, results);
    }
  }

  private record TimedTask(Task task, Profiler.Timer timer) implements Task {
    @Override
    public void run() {
      long start = System.nanoTime();
      task.run();
      timer.add(start, System.nanoTime());
    }
  }

  CpuWorkspace(CpuBackend backend, Plan plan, CpuStore store) {
    this.backend = backend;
    this.plan = plan;
    this.store = store;
    plan.variables().forEach(store::findOrCreate);
    lock = store.lock(plan.computation().variables().stream()
        .filter(Variable::isUpdated).map(Variable::name).toList());
    memory = HugePages.allocate("values of program '" + plan.computation().name() + "'",
        Math.max(64, plan.bytes()), arena);
    plan.arguments().forEach((name, type) -> arguments.put(name,
        array(type, plan.slots().arguments().get(name))));
    plan.results().forEach((name, type) -> results.put(name, array(type, plan.slots().results().get(name))));
    scratch = new Scratch(arena);
    lookups = backend.isChecked() ? Lookups.of(plan.computation().graph()) : null;
    try {
      emitKernels();
      launches = plan.waves().stream().flatMap(this::launchable).map(this::launch).toArray(Launch[]::new);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Kernels are made to run by all threads: most of the time before a first step would go by with that. */
  private void emitKernels() {
    List<Kernel> kernels = plan.steps().stream().map(Step::work)
        .flatMap(work -> work instanceof Step.Work.Kernel(var call) ? Stream.of(call.kernel()) : Stream.empty())
        .distinct().toList();
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

  /** Slices that are fewer than threads would leave some without work: then steps are shared out one by one. */
  private Stream<Wave> launchable(Wave wave) {
    return wave.slices() > 1 && wave.slices() < backend.team().threads()
        ? wave.steps().stream().map(step -> new Wave(List.of(step), 1)) : Stream.of(wave);
  }

  private Launch launch(Wave wave) {
    List<Step> steps = wave.steps();
    double nanos = steps.stream().mapToDouble(CpuWorkspace::nanos).sum();
    boolean parallel = nanos >= PARALLEL_NANOS && backend.team().threads() > 1;
    List<Task> tasks = new ArrayList<>();
    if (wave.slices() > 1) {
      int shares = parallel ? Math.min(wave.slices(), SHARES * backend.team().threads()) : 1;
      for (int i = 0; i < shares; i++) {
        tasks.add(chain(wave, wave.slices() * i / shares, wave.slices() * (i + 1) / shares, scratch.at(i)));
      }
    } else {
      for (Step step : steps) {
        tasks.addAll(timed(step, tasks(step, parallel, tasks.size())));
      }
    }
    return new Launch(tasks.toArray(Task[]::new), parallel, backend.isChecked() ? inspections(steps)
        : List.of());
  }

  private Task chain(Wave wave, int from, int to, SegmentAllocator working) {
    List<ChainTask.Link> links = new ArrayList<>();
    for (Step step : wave.steps()) {
      ChainTask.Link link = switch (step.work()) {
        case Step.Work.Multiply(var product) ->
            ProductTask.of(product, backend.executables(), from, to, this::segment, working)::run;
        case Step.Work.Kernel(var call) -> link(call, from, wave.slices());
        default -> throw new IllegalStateException(step.label() + " has no slices");
      };
      Profiler.Timer timer = timer(step, wave.slices());
      links.add(timer == null ? link : ChainTask.timed(link, timer));
    }
    return new ChainTask(to - from, links);
  }

  private ChainTask.Link link(Call call, int first, int slices) {
    CompiledKernel code = backend.executables().compile(call.kernel());
    Arguments bound = bind(call, 0, 0, this::segment);
    int from = call.arguments().indexOf(new Call.Argument.From());
    int to = call.arguments().indexOf(new Call.Argument.To());
    long units = call.extent() / slices;
    return slice -> {
      bound.set(from, (first + slice) * units);
      bound.set(to, (first + slice + 1) * units);
      code.run(bound);
    };
  }

  /**
   * The pieces of a step.
   *
   * @param place number of the first in its wave
   */
  private List<? extends Task> tasks(Step step, boolean parallel, int place) {
    int threads = parallel ? backend.team().threads() : 1;
    return switch (step.work()) {
      case Step.Work.Kernel(var call) -> tasks(call, parallel);
      case Step.Work.Multiply(var product) -> ProductTask.of(product, backend.executables(), threads, this::segment,
          i -> scratch.at(place + i));
      case Step.Work.Convolve(var unfolding) -> convolution(unfolding, threads, place);
      case Step.Work.Await() -> List.of();
      case Step.Work.Copy(var from, var to) -> List.of(new CopyTask(segment(from), segment(to)));
      case Step.Work.Custom(var call) ->
          CustomTask.of(call, arrays(call.operands()), arrays(call.results()), arena::allocate);
      case Step.Work.Host(var operands, var outputs, var code) ->
          List.of(new HostTask(arrays(operands), arrays(outputs), code.get()));
    };
  }

  private List<? extends Task> convolution(Unfolding unfolding, int threads, int place) {
    if (backend.executables().multiplier() instanceof Routines routines && unfolding.spec().isSupported()) {
      Product product = unfolding.product();
      return routines.convolution(unfolding.spec(), threads, i -> scratch.at(place + i), arena).stream()
          .map(slice -> {
            slice.bind(segment(unfolding.x()), segment(product.a().slot()), segment(product.c().slot()));
            return (Task) slice::run;
          }).toList();
    }
    return UnfoldingTask.of(unfolding, backend.executables(), threads, this::bind, this::segment,
        i -> scratch.at(place + i));
  }

  /** The same tasks; with a profiler, it is told their times. */
  private List<? extends Task> timed(Step step, List<? extends Task> tasks) {
    return tasks.stream().map(task -> {
      Profiler.Timer timer = timer(step, tasks.size());
      return timer == null ? task : new TimedTask(task, timer);
    }).toList();
  }

  /** For one of the pieces of a step; null without a profiler. */
  private Profiler.@Nullable Timer timer(Step step, int pieces) {
    Profiler profiler = backend.profiler();
    return profiler == null ? null : profiler.timer(new Profiler.Work(plan.computation().name(), step.label(),
        step.origin(), step.flops() / pieces, (double) step.bytes() / pieces));
  }

  private List<Inspection> inspections(List<Step> steps) {
    List<Inspection> inspections = new ArrayList<>();
    for (Step step : steps) {
      step.floats().forEach(slot -> inspections.add(
          new Inspection(plan.computation().name(), step.label(), step.origin(),
          slot.dtype().orElseThrow(), segment(slot))));
    }
    return inspections;
  }

  private static double nanos(Step step) {
    return switch (step.work()) {
      case Step.Work.Kernel(var call) -> call.nanos();
      case Step.Work.Multiply(var product) -> product.nanos();
      case Step.Work.Convolve(var unfolding) -> unfolding.product().nanos();
      case Step.Work.Copy(var from, var _) -> from.bytes() * 0.05;
      case Step.Work.Custom(var call) -> call.pieces() > 1 ? PARALLEL_NANOS : 0; // its author knows
      case Step.Work.Host _, Step.Work.Await _ -> 0;
    };
  }

  private List<NDArray> arrays(List<Step.HostArray> all) {
    return all.stream().map(a -> array(a.type(), a.slot())).toList();
  }

  private List<Task> tasks(Call call, boolean parallel) {
    CompiledKernel code = backend.executables().compile(call.kernel());
    long units = (call.extent() + call.grain() - 1) / call.grain();
    long wanted = parallel ? Math.min(2L * backend.team().threads(), 1 + call.nanos() / (PARALLEL_NANOS / 2))
        : 1;
    long pieces = Math.clamp(wanted, 1, Math.max(1, units));
    List<Task> tasks = new ArrayList<>();
    for (long i = 0; i < pieces; i++) {
      long from = units * i / pieces * call.grain();
      long to = Math.min(call.extent(), units * (i + 1) / pieces * call.grain());
      tasks.add(new KernelTask(code, bind(call, from, to, this::segment)));
    }
    return tasks;
  }

  /** Makes the arguments of a call. */
  interface Binder {
    /** For a piece of the work. */
    Arguments bind(Call call, long from, long to, Function<Slot, MemorySegment> memory);
  }

  private Arguments bind(Call call, long from, long to, Function<Slot, MemorySegment> at) {
    Arguments bound = new Arguments(call.kernel(), arena);
    for (int i = 0; i < call.arguments().size(); i++) {
      switch (call.arguments().get(i)) {
        case Call.Argument.Buffer(var slot, var _) -> bound.set(i, at.apply(slot));
        case Call.Argument.Index(var value) -> bound.set(i, value);
        case Call.Argument.F32(var value) -> bound.set(i, value);
        case Call.Argument.I32(var value) -> bound.set(i, value);
        case Call.Argument.From() -> bound.set(i, from);
        case Call.Argument.To() -> bound.set(i, to);
      }
    }
    return bound;
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
        for (Launch launch : launches) {
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
