package dev.ashlar.bench.cpu;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.CompiledKernel;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.backend.cpu.x86.HugePages;
import dev.ashlar.bench.emitters.Maker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Two arrays that are copied and read with nothing else to do: no kernel moves bytes faster. For one thread. */
public final class Streams {

  /** Vectors of a step, and of sums that do not wait for each other. */
  private static final int STEP = 4;
  private static final int UNIT = STEP * Type.LANES;

  private final MemorySegment from;
  private final MemorySegment to;
  private final CompiledKernel copy;
  private final CompiledKernel read;
  private final Arguments copied;
  private final Arguments summed;

  /**
   * With kernels of an emitter.
   *
   * @param bytes of each of both arrays, rounded to whole steps
   */
  public Streams(Maker maker, long bytes, Arena arena) {
    KernelCompiler compiler = maker.compiler();
    long count = Math.max(1, bytes / Float.BYTES / UNIT) * UNIT;
    from = HugePages.allocate("an array to copy", count * Float.BYTES, arena).fill((byte) 0);
    to = HugePages.allocate("a copy", count * Float.BYTES, arena).fill((byte) 0);
    Kernel copying = copying();
    Kernel reading = reading();
    copy = compiler.compile(copying);
    read = compiler.compile(reading);
    copied = new Arguments(copying, arena).set("from", from).set("to", to).set("count", count);
    summed = new Arguments(reading, arena).set("from", from).set("to", arena.allocate(UNIT * Float.BYTES, 64))
        .set("count", count);
  }

  /** Bytes of one array. */
  public long bytes() {
    return from.byteSize();
  }

  /** Copies all, vector by vector. */
  public void copy() {
    copy.run(copied);
  }

  /** Copies all as the JDK does. */
  public void copyByJdk() {
    to.copyFrom(from);
  }

  /** Reads all, for its sum. */
  public void read() {
    read.run(summed);
  }

  /** Reads both arrays as the JDK does, which finds no difference. */
  public void readByJdk() {
    if (from.mismatch(to) >= 0) {
      throw new AssertionError("zeros differ");
    }
  }

  private static Kernel copying() {
    var k = new KernelBuilder("copying");
    var from = k.buffer("from", Element.F32);
    var to = k.buffer("to", Element.F32);
    k.vectorLoop(k.constant(0), k.index("count"), i -> k.store(to, i, k.load(from, i)));
    return k.build();
  }

  private static Kernel reading() {
    var k = new KernelBuilder("reading");
    var from = k.buffer("from", Element.F32);
    var to = k.buffer("to", Element.F32);
    var count = k.index("count");
    var sums = new Local[STEP];
    for (int i = 0; i < STEP; i++) {
      sums[i] = k.variable(k.constant(0f));
    }
    k.loop(k.constant(0), count, UNIT, i -> {
      for (int j = 0; j < STEP; j++) {
        var place = k.index(Expr.IndexOp.ADD, i, k.constant((long) j * Type.LANES));
        k.assign(sums[j], new Expr.Binary(Expr.BinaryOp.ADD, sums[j], k.load(from, place)));
      }
    });
    for (int j = 0; j < STEP; j++) {
      k.store(to, k.constant((long) j * Type.LANES), sums[j]);
    }
    return k.build();
  }
}
