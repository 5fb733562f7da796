package dev.ashlar.backend.cpu.bytecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.backend.cpu.bytecode.BytecodeEmitter.Lanes;
import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.EmitterContract;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Interpreter;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.KernelCompiler;
import dev.ashlar.backend.cpu.kernel.Local;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every width of lanes, by address and with bounds checked. */
class BytecodeEmitterTest {

  @Nested class Vectors512 extends EmitterContract {
    @Override protected KernelCompiler emitter() {
      return BytecodeEmitter.create(Lanes.VECTOR_512, false);
    }
  }

  @Nested class Vectors256 extends EmitterContract {
    @Override protected KernelCompiler emitter() {
      return BytecodeEmitter.create(Lanes.VECTOR_256, false);
    }
  }

  @Nested class Vectors128 extends EmitterContract {
    @Override protected KernelCompiler emitter() {
      return BytecodeEmitter.create(Lanes.VECTOR_128, false);
    }
  }

  @Nested class VectorsChecked extends EmitterContract {
    @Override protected KernelCompiler emitter() {
      return BytecodeEmitter.create(Lanes.VECTOR_512, true);
    }
  }

  @Nested class PlainNumbers extends EmitterContract {
    @Override protected KernelCompiler emitter() {
      return BytecodeEmitter.create(Lanes.SCALAR, false);
    }

    /** As streams in several blocks, and group by group where the output overlaps the input. */
    @ParameterizedTest
    @CsvSource({"5000, 0", "5000, 1", "5000, -1", "1040, 1024", "33, 40", "2048, -2048", "3000, 17"})
    void aStreamKeepsTheOrderOfLoadsAndStores(int n, int shift) {
      compareRunningSum(this, 0, n, shift);
    }
  }

  @Nested class Slices256 extends Slices {
    @Override protected KernelCompiler emitter() {
      return BytecodeEmitter.create(Lanes.VECTOR_256, false);
    }
  }

  @Nested class Slices128 extends Slices {
    @Override protected KernelCompiler emitter() {
      return BytecodeEmitter.create(Lanes.VECTOR_128, true);
    }
  }

  /** A loop too large for one method: in slices of its lanes, block by block, where nothing overlaps. */
  abstract static class Slices extends EmitterContract {
    @ParameterizedTest
    @CsvSource({"5000, 0", "5000, 1", "5000, -8", "1040, 1024", "33, 40", "2048, -2048", "3000, 17"})
    void slicesKeepTheOrderOfLoadsAndStores(int n, int shift) {
      compareRunningSum(this, 300, n, shift);
    }
  }

  private static void compareRunningSum(EmitterContract contract, int steps, int n, int shift) {
    contract.compare(runningSum(steps), 16384,
        arguments -> arguments.set("n", n).set("shift", 4096L + shift).set("s", 0.5f), new Random(n));
  }

  @Nested class PlainNumbersChecked extends EmitterContract {
    @Override protected KernelCompiler emitter() {
      return BytecodeEmitter.create(Lanes.SCALAR, true);
    }
  }

  /**
   * x[shift + i] = x[4096 + i] * s + ids[i] as a number, with running sums and a lane's worth of offsets.
   *
   * @param steps more arithmetic
   */
  private static Kernel runningSum(int steps) {
    var k = new KernelBuilder("running_sum");
    var x = k.buffer("x", Element.F32);
    var ids = k.buffer("ids", Element.I32);
    var y = k.buffer("y", Element.BF16);
    var n = k.index("n");
    var shift = k.index("shift");
    var s = k.f32("s");
    var lanes = k.load(x, k.constant(100));
    var sum = k.variable(k.constant(1f));
    var positive = k.variable(k.intConstant(0));
    k.vectorLoop(k.constant(0), n, i -> {
      var number = k.unary(Expr.UnaryOp.TO_F32, k.add(k.load(ids, i), k.let(new Expr.Iota(i))));
      var v = k.fma(k.load(x, k.add(i, k.constant(4096))), s, k.add(number, lanes));
      for (int step = 0; step < steps; step++) {
        v = k.add(k.mul(v, s), number);
      }
      k.store(x, k.add(i, shift), v);
      k.assign(sum, new Expr.Binary(Expr.BinaryOp.MAX, sum, v));
      k.assign(positive, k.add(positive, k.select(k.compare(Expr.CompareOp.GT, v, sum), k.intConstant(1),
          k.intConstant(2))));
      k.store(y, i, sum);
    });
    k.store(x, k.constant(0), sum);
    k.store(ids, k.constant(0), positive);
    return k.build();
  }

  @ParameterizedTest
  @EnumSource(Lanes.class)
  void checkedCodeStopsAtTheBound(Lanes lanes) {
    var k = new KernelBuilder("beyond");
    var x = k.buffer("x", Element.F32);
    var scratch = k.scratch("scratch", Element.F32, 16);
    var at = k.index("at");
    k.store(scratch, k.constant(0), k.load(x, at));
    k.store(x, k.constant(0), k.load(scratch, k.sub(at, k.constant(16))));
    var kernel = k.build();
    var compiled = BytecodeEmitter.create(lanes, true).compile(kernel);
    try (var arena = Arena.ofConfined()) {
      var whole = arena.allocate(256, 64);
      var arguments = new Arguments(kernel, arena).set("x", whole.asSlice(0, 128));
      compiled.run(arguments.set("at", 16));
      assertThatThrownBy(() -> compiled.run(arguments.set("at", 17)))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> compiled.run(arguments.set("at", -1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Lanes.class)
  void scratchHasABoundToo(Lanes lanes) {
    var k = new KernelBuilder("beyond_scratch");
    var x = k.buffer("x", Element.F32);
    var first = k.scratch("first", Element.F32, 16);
    k.scratch("second", Element.F32, 64);
    k.store(first, k.index("at"), k.load(x, k.constant(0)));
    var kernel = k.build();
    var compiled = BytecodeEmitter.create(lanes, true).compile(kernel);
    try (var arena = Arena.ofConfined()) {
      var arguments = new Arguments(kernel, arena).set("x", arena.allocate(64, 64));
      compiled.run(arguments.set("at", 0));
      assertThatThrownBy(() -> compiled.run(arguments.set("at", 1)))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Lanes.class)
  void aKernelTooLargeForOneMethodIsCut(Lanes lanes) {
    var k = new KernelBuilder("large");
    var x = k.buffer("x", Element.F32);
    var n = k.index("n");
    k.vectorLoop(k.constant(0), n, i -> {
      var first = k.load(x, i);
      var v = first;
      for (int step = 0; step < 700; step++) {
        v = k.add(k.mul(v, k.constant(step % 7 * 0.25f)), first);
      }
      k.store(x, i, v);
    });
    var kernel = k.build();
    var compiled = BytecodeEmitter.create(lanes, false).compile(kernel);
    try (var arena = Arena.ofConfined()) {
      var expected = arena.allocate(160, 64);
      for (int i = 0; i < 40; i++) {
        expected.setAtIndex(ValueLayout.JAVA_FLOAT, i, i * 0.3f);
      }
      var actual = arena.allocate(160, 64).copyFrom(expected);
      Interpreter.run(kernel, new Arguments(kernel, arena).set("x", expected).set("n", 37));
      compiled.run(new Arguments(kernel, arena).set("x", actual).set("n", 37));
      assertThat(actual.mismatch(expected)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(Lanes.class)
  void aKernelWithMorePlacesThanAMethodHasArgumentsIsCut(Lanes lanes) {
    var k = new KernelBuilder("places");
    var x = k.buffer("x", Element.F32);
    var places = new ArrayList<Local>();
    for (int i = 0; i < 140; i++) {
      places.add(k.index("place" + i));
    }
    var sum = k.variable(k.constant(0f));
    places.forEach(place -> k.assign(sum, k.add(sum, k.load(x, place))));
    k.vectorLoop(k.constant(0), k.index("n"), i ->
        places.forEach(place -> k.assign(sum, k.add(sum, k.load(x, k.add(i, place))))));
    k.store(x, k.constant(0), sum);
    var kernel = k.build();
    var compiled = BytecodeEmitter.create(lanes, false).compile(kernel);
    try (var arena = Arena.ofConfined()) {
      var expected = arena.allocate(4096, 64);
      for (int i = 0; i < 1024; i++) {
        expected.setAtIndex(ValueLayout.JAVA_FLOAT, i, i * 0.3f);
      }
      var actual = arena.allocate(4096, 64).copyFrom(expected);
      for (var memory : List.of(expected, actual)) {
        var arguments = new Arguments(kernel, arena).set("x", memory).set("n", 20);
        for (int i = 0; i < places.size(); i++) {
          arguments.set("place" + i, 3L * i);
        }
        (memory == expected ? KernelCompiler.interpreter().compile(kernel) : compiled).run(arguments);
      }
      assertThat(actual.mismatch(expected)).isEqualTo(-1);
    }
  }

  @Test void plainNumbersAllocateNothing() {
    var kernel = runningSum(0);
    var compiled = BytecodeEmitter.create(Lanes.SCALAR, false).compile(kernel);
    try (var arena = Arena.ofConfined()) {
      var arguments = new Arguments(kernel, arena).set("x", arena.allocate(65536, 64))
          .set("ids", arena.allocate(65536, 64)).set("y", arena.allocate(65536, 64))
          .set("n", 1000).set("shift", 4096).set("s", 0.5f);
      compiled.run(arguments); // makes the frame
      assertThat(AllocationProbe.bytes(() -> compiled.run(arguments))).isZero();
    }
  }

  @Test void theDescriptionSaysWhatRuns() {
    assertThat(BytecodeEmitter.create(Lanes.VECTOR_256, true).description())
        .isEqualTo("bytecode, Vector API, 256 bits, bounds checked");
    assertThat(BytecodeEmitter.create(Lanes.SCALAR, false).description())
        .isEqualTo("bytecode, plain numbers");
  }
}
