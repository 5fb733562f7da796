package dev.ashlar.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterpreterTest {

  private static final Kernel AXPY = axpy();

  private static Kernel axpy() {
    var b = new KernelBuilder("axpy");
    var x = b.buffer("x", Element.F32);
    var y = b.buffer("y", Element.F32);
    var n = b.index("n");
    var a = b.f32("a");
    b.vectorLoop(b.constant(0), n, i -> b.store(y, i, b.fma(a, b.load(x, i), b.load(y, i))));
    return b.build();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 31, 100})
  void aVectorLoopTouchesExactlyItsElements(int n) {
    try (var arena = Arena.ofConfined()) {
      var x = arena.allocate(4L * n, 4);
      var y = arena.allocate(4L * n, 4);
      for (int i = 0; i < n; i++) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
        y.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0.5f);
      }
      Interpreter.run(AXPY, new Arguments(AXPY, arena).set("x", x).set("y", y).set("n", n).set("a", 2f));
      for (int i = 0; i < n; i++) {
        assertThat(y.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(2f * i + 0.5f);
      }
    }
  }

  @Test
  void aViolationNamesKernelElementAndBuffer() {
    try (var arena = Arena.ofConfined()) {
      var arguments = new Arguments(AXPY, arena).set("x", arena.allocate(64)).set("n", 17).set("a", 1f)
          .set("y", arena.allocate(128));
      assertThatThrownBy(() -> Interpreter.run(AXPY, arguments))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContainingAll("kernel axpy", "element 16 of x", "which has 16");
    }
  }

  @Test
  void theTailKeepsLanesOfAccumulatorsFromOutside() {
    var b = new KernelBuilder("sum");
    var x = b.buffer("x", Element.F32);
    var out = b.buffer("out", Element.F32);
    var n = b.index("n");
    var sum = b.variable(b.constant(1f));
    b.vectorLoop(b.constant(0), n, i -> {
      var fresh = b.variable(b.constant(0f));
      b.assign(fresh, b.load(x, i, 100f));
      b.assign(sum, b.add(sum, fresh));
      b.storeSingle(out, b.constant(1), b.reduce(Expr.Reduction.MAX, fresh));
    });
    b.storeSingle(out, b.constant(0), b.reduce(Expr.Reduction.ADD, sum));
    var kernel = b.build();
    try (var arena = Arena.ofConfined()) {
      var in = arena.allocate(8);
      in.setAtIndex(ValueLayout.JAVA_FLOAT, 0, 3f);
      in.setAtIndex(ValueLayout.JAVA_FLOAT, 1, 4f);
      var result = arena.allocate(8);
      Interpreter.run(kernel, new Arguments(kernel, arena).set("x", in).set("out", result).set("n", 2));
      assertThat(result.getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(16f + 7f);
      assertThat(result.getAtIndex(ValueLayout.JAVA_FLOAT, 1)).isEqualTo(100f);
    }
  }

  @Test
  void fourStepsOfExchangesTranspose() {
    var b = new KernelBuilder("transpose");
    var x = b.buffer("x", Element.I32);
    var y = b.buffer("y", Element.I32);
    var rows = new Local[16];
    for (int r = 0; r < 16; r++) {
      rows[r] = b.load(x, b.constant(16L * r));
    }
    for (int d = 8; d > 0; d /= 2) {
      for (int r = 0; r < 16; r++) {
        if ((r & d) == 0) {
          var low = b.let(new Expr.Exchange(false, d, rows[r], rows[r + d]));
          rows[r + d] = b.let(new Expr.Exchange(true, d, rows[r], rows[r + d]));
          rows[r] = low;
        }
      }
    }
    for (int r = 0; r < 16; r++) {
      b.store(y, b.constant(16L * r), rows[r]);
    }
    var kernel = b.build();
    try (var arena = Arena.ofConfined()) {
      var in = arena.allocate(1024);
      var out = arena.allocate(1024);
      for (int i = 0; i < 256; i++) {
        in.setAtIndex(ValueLayout.JAVA_INT, i, i);
      }
      Interpreter.run(kernel, new Arguments(kernel, arena).set("x", in).set("y", out));
      for (int i = 0; i < 256; i++) {
        assertThat(out.getAtIndex(ValueLayout.JAVA_INT, i)).isEqualTo(i % 16 * 16 + i / 16);
      }
    }
  }

  @Test
  void elementsAreConverted() {
    var b = new KernelBuilder("convert");
    var from = b.buffer("from", Element.F32);
    var bf16 = b.buffer("bf16", Element.BF16);
    var f16 = b.buffer("f16", Element.F16);
    var bool = b.buffer("bool", Element.BOOL);
    var zero = b.constant(0);
    var x = b.load(from, zero);
    b.store(bf16, zero, x);
    b.store(f16, zero, x);
    b.store(bool, zero, b.compare(Expr.CompareOp.GT, x, b.constant(1f)));
    var kernel = b.build();
    try (var arena = Arena.ofConfined()) {
      var in = arena.allocate(64);
      var out = arena.allocate(80);
      in.setAtIndex(ValueLayout.JAVA_FLOAT, 1, 1.00390625f);
      in.setAtIndex(ValueLayout.JAVA_FLOAT, 2, Float.NaN);
      Interpreter.run(kernel, new Arguments(kernel, arena).set("from", in).set("bf16", out.asSlice(0, 32))
          .set("f16", out.asSlice(32, 32)).set("bool", out.asSlice(64, 16)));
      assertThat(out.get(ValueLayout.JAVA_SHORT, 2)).isEqualTo((short) 0x3F80);
      assertThat(out.get(ValueLayout.JAVA_SHORT, 4) & 0x7FFF).isGreaterThan(0x7F80);
      assertThat(out.get(ValueLayout.JAVA_SHORT, 34)).isEqualTo(Float.floatToFloat16(1.00390625f));
      assertThat(out.get(ValueLayout.JAVA_BYTE, 65)).isEqualTo((byte) 1);
      assertThat(out.get(ValueLayout.JAVA_BYTE, 66)).isEqualTo((byte) 0);
    }
  }

  @Test
  void whatIsBuiltAlikeIsEqual() {
    assertThat(axpy()).isEqualTo(AXPY).hasSameHashCodeAs(AXPY);
    assertThat(axpy().digest()).isEqualTo(AXPY.digest());
  }

  @Test
  void aLocalOutOfScopeIsRefused() {
    var b = new KernelBuilder("leak");
    var x = b.buffer("x", Element.F32);
    var leaked = new Local[1];
    b.loop(b.constant(0), b.constant(1), 1, i -> leaked[0] = b.load(x, i));
    b.store(x, b.constant(0), leaked[0]);
    assertThatThrownBy(b::build).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kernel leak: " + leaked[0] + " is not defined here");
  }

  @Test
  void theTextShowsTheStructure() {
    assertThat(AXPY.toString()).isEqualTo("""
        kernel axpy(x: f32[], y: f32[], n: index %n0, a: f32 %f1)
          %n2 = 0
          vectors %n3 = %n2 to %n0
            %f4 = x[%n3 ..]
            %f5 = y[%n3 ..]
            %f6 = fma(%f1, %f4, %f5)
            y[%n3 ..] := %f6
        """);
  }

}
