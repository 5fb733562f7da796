package dev.ashlar.backend.cpu;

import dev.ashlar.backend.cpu.CpuWorkspace.Task;
import dev.ashlar.backend.cpu.compiler.Call;
import dev.ashlar.backend.cpu.compiler.Loop;
import dev.ashlar.backend.cpu.compiler.Plan;
import dev.ashlar.backend.cpu.compiler.Product;
import dev.ashlar.backend.cpu.compiler.Slot;
import dev.ashlar.backend.cpu.compiler.Step;
import dev.ashlar.backend.cpu.compiler.Unfolding;
import dev.ashlar.backend.cpu.compiler.Wave;
import dev.ashlar.backend.cpu.gemm.Routines;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.program.Profiler;
import dev.ashlar.tensor.NDArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the waves of a plan into what is run: tasks with their arguments, over memory at given places. */
final class Launcher {

  /** Work that is shared out only above this, and in pieces of at least half of it. */
  static final long PARALLEL_NANOS = 50_000;
  /** The same within a loop, where the other threads are awake. */
  private static final long LOOP_NANOS = 8_000;
  /** Pieces of a chain for each thread, so that one who is late holds nobody up for long. */
  private static final int SHARES = 4;

  private final CpuBackend backend;
  private final Plan plan;
  private final Places places;
  private final Arena arena;
  private final Scratch scratch;
  private final long parallelNanos;

  Launcher(CpuBackend backend, Plan plan, Places places, Arena arena, Scratch scratch, long parallelNanos) {
    this.backend = backend;
    this.plan = plan;
    this.places = places;
    this.arena = arena;
    this.scratch = scratch;
    this.parallelNanos = parallelNanos;
  }

  List<Launchable> launches() {
    return plan.waves().stream().flatMap(this::launchable).flatMap(this::launches).toList();
  }

  /** Slices that are fewer than threads would leave some without work: then steps are shared out one by one. */
  private Stream<Wave> launchable(Wave wave) {
    return wave.slices() > 1 && wave.slices() < backend.team().threads()
        ? wave.steps().stream().map(step -> new Wave(List.of(step), 1)) : Stream.of(wave);
  }

  /** Loops by themselves, for they share out their own steps. */
  private Stream<Launchable> launches(Wave wave) {
    List<Step> others = wave.steps().stream().filter(step -> !(step.work() instanceof Step.Work.Repeat)).toList();
    Stream<Launchable> loops = wave.steps().stream().flatMap(step ->
        step.work() instanceof Step.Work.Repeat(var loop) ? Stream.of(loop(loop)) : Stream.empty());
    return Stream.concat(others.isEmpty() ? Stream.empty() : Stream.of(launch(new Wave(others, wave.slices()))), loops);
  }

  private Launchable loop(Loop loop) {
    LoopPlaces inner = new LoopPlaces(loop, places, backend::constant);
    return new LoopLaunch(inner,
        new Launcher(backend, loop.body(), inner, arena, scratch, LOOP_NANOS).launches());
  }

  private Launch launch(Wave wave) {
    List<Step> steps = wave.steps();
    double nanos = steps.stream().mapToDouble(this::nanos).sum();
    boolean parallel = nanos >= parallelNanos && backend.team().threads() > 1;
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
            ProductTask.of(product, backend.executables(), from, to, places, working)::run;
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
    Arguments bound = bind(call, 0, 0);
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
      case Step.Work.Multiply(var product) -> ProductTask.of(product, backend.executables(), threads, places,
          i -> scratch.at(place + i));
      case Step.Work.Convolve(var unfolding) -> convolution(unfolding, threads, place);
      case Step.Work.Await() -> List.of();
      case Step.Work.Copy(var from, var to) -> List.of(copy(from, to));
      case Step.Work.Custom(var call) ->
          staged(call.operands(), call.results(), (in, out) -> CustomTask.of(call, in, out, arena::allocate));
      case Step.Work.Host(var operands, var outputs, var code) ->
          staged(operands, outputs, (in, out) -> List.of(new Tasks.Host(in, out, code.get())));
      case Step.Work.Repeat _ -> throw new IllegalStateException("a loop is launched by itself");
    };
  }

  private Task copy(Slot from, Slot to) {
    Tasks.Copy task = new Tasks.Copy();
    places.bind(List.of(from, to), () -> task.bind(places.at(from), places.at(to)));
    return task;
  }

  /**
   * Tasks of what is told once where its arrays lie. In place of those that move it gets arrays of its own, which are
   * copied before and after.
   */
  private List<? extends Task> staged(List<Step.HostArray> operands, List<Step.HostArray> results,
      BiFunction<List<NDArray>, List<NDArray>, List<? extends Task>> tasks) {
    List<Task> before = new ArrayList<>();
    List<Task> after = new ArrayList<>();
    List<? extends Task> work = tasks.apply(
        operands.stream().map(array -> array(array, own -> before.add(copy(array.slot(), own, true)))).toList(),
        results.stream().map(array -> array(array, own -> after.add(copy(array.slot(), own, false)))).toList());
    if (before.isEmpty() && after.isEmpty()) {
      return work;
    }
    return List.of(new Tasks.Sequence(Stream.of(before, work, after).flatMap(List::stream).toArray(Task[]::new)));
  }

  /** An array where it lies, or one of its own if that moves. */
  private NDArray array(Step.HostArray array, Consumer<MemorySegment> moves) {
    if (!places.isMoving(array.slot())) {
      return NDArray.wrap(array.type(), places.at(array.slot()));
    }
    MemorySegment own = arena.allocate(array.slot().bytes(), 64);
    moves.accept(own);
    return NDArray.wrap(array.type(), own);
  }

  private Task copy(Slot slot, MemorySegment own, boolean to) {
    Tasks.Copy task = new Tasks.Copy();
    places.bind(List.of(slot), () -> task.bind(to ? places.at(slot) : own, to ? own : places.at(slot)));
    return task;
  }

  private List<? extends Task> convolution(Unfolding unfolding, int threads, int place) {
    if (backend.executables().multiplier() instanceof Routines routines && unfolding.spec().isSupported()) {
      Product product = unfolding.product();
      return routines.convolution(unfolding.spec(), threads, i -> scratch.at(place + i), arena).stream()
          .map(slice -> {
            places.bind(List.of(unfolding.x(), product.a().slot(), product.c().slot()), () -> slice.bind(
                places.at(unfolding.x()), places.at(product.a().slot()), places.at(product.c().slot())));
            return (Task) slice::run;
          }).toList();
    }
    return UnfoldingTask.of(unfolding, backend.executables(), threads, this::bind, places,
        i -> scratch.at(place + i));
  }

  /** The same tasks; with a profiler, it is told their times. */
  private List<? extends Task> timed(Step step, List<? extends Task> tasks) {
    return tasks.stream().map(task -> {
      Profiler.Timer timer = timer(step, tasks.size());
      return timer == null ? task : new Tasks.Timed(task, timer);
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
          slot.dtype().orElseThrow(), () -> places.at(slot))));
    }
    return inspections;
  }

  private double nanos(Step step) {
    return switch (step.work()) {
      case Step.Work.Kernel(var call) -> call.nanos();
      case Step.Work.Multiply(var product) -> product.nanos();
      case Step.Work.Convolve(var unfolding) -> unfolding.product().nanos();
      case Step.Work.Copy(var from, var _) -> from.bytes() * 0.05;
      case Step.Work.Custom(var call) -> call.pieces() > 1 ? parallelNanos : 0; // its author knows
      case Step.Work.Host _, Step.Work.Await _, Step.Work.Repeat _ -> 0;
    };
  }

  private List<Task> tasks(Call call, boolean parallel) {
    CompiledKernel code = backend.executables().compile(call.kernel());
    long units = (call.extent() + call.grain() - 1) / call.grain();
    long wanted = parallel ? Math.min(2L * backend.team().threads(), 1 + call.nanos() / (parallelNanos / 2))
        : 1;
    long pieces = Math.clamp(wanted, 1, Math.max(1, units));
    List<Task> tasks = new ArrayList<>();
    for (long i = 0; i < pieces; i++) {
      long from = units * i / pieces * call.grain();
      long to = Math.min(call.extent(), units * (i + 1) / pieces * call.grain());
      tasks.add(new Tasks.Run(code, bind(call, from, to)));
    }
    return tasks;
  }

  private Arguments bind(Call call, long from, long to) {
    return bind(call, from, to, Slot.NONE, MemorySegment.NULL);
  }

  private Arguments bind(Call call, long from, long to, Slot own, MemorySegment memory) {
    Arguments bound = new Arguments(call.kernel(), arena);
    for (int i = 0; i < call.arguments().size(); i++) {
      switch (call.arguments().get(i)) {
        case Call.Argument.Buffer(var slot, var _) -> {
          int place = i;
          if (slot == own) {
            bound.set(i, memory);
            continue;
          }
          places.bind(List.of(slot), () -> bound.set(place, places.at(slot)));
        }
        case Call.Argument.Index(var value) -> bound.set(i, value);
        case Call.Argument.F32(var value) -> bound.set(i, value);
        case Call.Argument.I32(var value) -> bound.set(i, value);
        case Call.Argument.From() -> bound.set(i, from);
        case Call.Argument.To() -> bound.set(i, to);
      }
    }
    return bound;
  }
}
