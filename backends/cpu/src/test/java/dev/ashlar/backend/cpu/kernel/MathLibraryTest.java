package dev.ashlar.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;

/** The stated errors, over all binades. */
class MathLibraryTest {

  private static final int BATCH = 1 << 12;

  static Stream<ArgumentSet> functions() {
    return Stream.of(
        function("exp", MathLibrary::exp, Math::exp, 1.1, Float.MAX_VALUE),
        function("expm1", MathLibrary::expm1, Math::expm1, 2, Float.MAX_VALUE),
        function("tanh", MathLibrary::tanh, Math::tanh, 2.6, Float.MAX_VALUE),
        function("sigmoid", MathLibrary::sigmoid, x -> 1 / (1 + Math.exp(-x)), 2.5, Float.MAX_VALUE),
        function("erf", MathLibrary::erf, MathLibraryTest::erf, 3, Float.MAX_VALUE),
        function("log", MathLibrary::log, Math::log, 1.1, Float.MAX_VALUE),
        function("sin", MathLibrary::sin, Math::sin, 2, 0x1p20),
        function("cos", MathLibrary::cos, Math::cos, 2, 0x1p20));
  }

  private static ArgumentSet function(String name, BiFunction<KernelBuilder, Local, Local> ours,
      DoubleUnaryOperator exact, double bound, double range) {
    return org.junit.jupiter.params.provider.Arguments.argumentSet(name, name, ours, exact, bound, range);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void errorsAreBounded(String name, BiFunction<KernelBuilder, Local, Local> ours, DoubleUnaryOperator exact,
      double bound, double range) {
    var b = new KernelBuilder(name);
    var in = b.buffer("x", Element.F32);
    var out = b.buffer("y", Element.F32);
    var n = b.index("n");
    b.vectorLoop(b.constant(0), n, i -> b.store(out, i, ours.apply(b, b.load(in, i))));
    var kernel = b.build();
    boolean periodic = name.equals("sin") || name.equals("cos");
    boolean ownArgument = !List.of("exp", "sigmoid", "log").contains(name);
    double worst = 0;
    float worstAt = 0;
    try (var arena = Arena.ofConfined()) {
      var x = arena.allocate(4L * BATCH);
      var y = arena.allocate(4L * BATCH);
      var arguments = new Arguments(kernel, arena).set("x", x).set("y", y).set("n", BATCH);
      var inputs = inputs();
      for (int start = 0; start < inputs.size(); start += BATCH) {
        int count = Math.min(BATCH, inputs.size() - start);
        for (int i = 0; i < count; i++) {
          x.setAtIndex(ValueLayout.JAVA_FLOAT, i, inputs.get(start + i));
        }
        Interpreter.run(kernel, arguments);
        for (int i = 0; i < count; i++) {
          float at = inputs.get(start + i);
          float found = y.getAtIndex(ValueLayout.JAVA_FLOAT, i);
          if (Math.abs(at) > range && !Float.isNaN(at) && periodic) {
            assertThat(found).isNaN();
            continue;
          }
          double error = error(exact.applyAsDouble(at), found, periodic, ownArgument);
          if (error > worst) {
            worst = error;
            worstAt = at;
          }
        }
      }
    }
    assertThat(worst).as("%s at %s (%a), in ulp", name, worstAt, worstAt).isLessThanOrEqualTo(bound);
  }

  /** Distance in units of the last place of the float nearest to the exact value. */
  private static double error(double exact, float found, boolean periodic, boolean ownArgument) {
    float nearest = (float) exact;
    if (Float.isNaN(nearest) || Float.isInfinite(nearest) || found == nearest) {
      return Float.compare(nearest, found) == 0 || found == nearest || nearest == 0 ? 0 : Double.MAX_VALUE;
    }
    if (!ownArgument && Math.abs(exact) < Float.MIN_NORMAL) {
      return found == 0 || Math.abs(found) == Float.MIN_NORMAL ? 0 : Double.MAX_VALUE;
    }
    double ulp = Math.ulp(periodic ? Math.max(Math.abs(nearest), 0x1p-10f) : nearest);
    return Math.abs(found - exact) / ulp;
  }

  /** Some of every binade and sign, more where functions bend, and what is special. */
  private static List<Float> inputs() {
    var inputs = new ArrayList<Float>(List.of(0f, -0f, Float.NaN, Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE,
            88.72284f,
        88.72283f, 88.0f, 88.00001f, -87.33654f, -87.33655f, -103f));
    for (int exponent = 0; exponent < 255; exponent++) {
      int dense = exponent > 110 && exponent < 148 ? 1500 : 24;
      for (int i = 0; i < dense; i++) {
        int bits = exponent << 23 | (int) ((i * 0x9E3779B9L >>> 3) & 0x7F_FFFF);
        inputs.add(Float.intBitsToFloat(bits));
        inputs.add(-Float.intBitsToFloat(bits));
      }
    }
    return inputs;
  }

  /** By its series, and for large arguments by the continued fraction of erfc. */
  private static double erf(double x) {
    double a = Math.abs(x);
    if (Double.isNaN(x) || a > 6) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    if (a < 2.5) {
      double term = a;
      double sum = a;
      for (int n = 1; n < 80; n++) {
        term *= -a * a / n;
        sum += term / (2 * n + 1);
      }
      return Math.copySign(2 / Math.sqrt(Math.PI) * sum, x);
    }
    double fraction = 0;
    for (int n = 80; n > 0; n--) {
      fraction = n / 2.0 / (a + fraction);
    }
    return Math.copySign(1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction), x);
  }
}
