package dev.ashlar.backend.cpu.kernel;

import dev.ashlar.backend.cpu.kernel.Expr.BinaryOp;
import dev.ashlar.backend.cpu.kernel.Expr.CompareOp;
import dev.ashlar.backend.cpu.kernel.Expr.UnaryOp;

/**
 * Functions written from the operations of the language, so that every emitter gives the same bits. Each
 * method appends operations on an F32 local and returns the result. Errors are in units of the last place of
 * the float result, against the true value; NaN gives NaN. Results that would be denormal are 0 with the
 * right sign, except where a function is its argument there ({@code tanh}, {@code erf}, {@code expm1},
 * {@code sin}).
 *
 * <p>The coefficients come from {@code src/test/scripts/polynomials.py}.
 */
public final class MathLibrary {

  /** 1.5 * 2^23: adding it leaves the nearest integer in the low bits. */
  private static final float SHIFTER = 0x1.8p23f;
  private static final float LOG2_E = 0x1.715476p0f;
  private static final float LN2_HIGH = 0x1.62e4p-1f;
  private static final float LN2_LOW = 0x1.7f7d1cp-20f;
  /** Above it e^x is infinite as a float. */
  private static final float EXP_LARGEST = 0x1.62e42ep6f;
  /** Below it e^x is denormal. */
  private static final float EXP_SMALLEST = -0x1.5d589ep6f;
  /** (e^r - 1 - r) / r^2 for |r| up to ln(2) / 2. */
  private static final float[] EXP = {0x1.fffffap-2f, 0x1.55548p-3f, 0x1.5559fcp-5f, 0x1.12469p-7f,
      0x1.6991d6p-10f};
  /** (log(1 + f) - f + f^2 / 2) / f^3 for f from -1/3 to 1/3. */
  private static final float[] LOG = {0x1.555556p-2f, -0x1.ffff14p-3f, 0x1.9997f6p-3f, -0x1.559832p-3f,
      0x1.24ea38p-3f, -0x1.f39f54p-4f, 0x1.b93cdcp-4f, -0x1.06e584p-3f, 0x1.e95aeap-4f};
  /** -log(erfc(t)) / t for t from 0 to 4. */
  private static final float[] ERFC = {0x1.20dd76p+0f, 0x1.45f236p-1f, 0x1.a565a4p-4f, -0x1.44d572p-6f,
      0x1.086c9cp-9f, -0x1.27db6ep-9f, 0x1.d13f54p-9f, -0x1.507982p-9f, 0x1.07a23cp-10f, -0x1.b2b3a0p-13f,
      0x1.26e0cap-16f};
  /** (sin(r) - r) / r^3 in r^2, for |r| up to pi / 4. */
  private static final float[] SIN = {-0x1.555556p-3f, 0x1.111174p-7f, -0x1.a058e2p-13f, 0x1.7bf0cp-19f};
  /** (cos(r) - 1 + r^2 / 2) / r^4 in r^2, for |r| up to pi / 4. */
  private static final float[] COS = {0x1.55554ap-5f, -0x1.6c0c1cp-10f, 0x1.99e1d6p-16f};
  private static final float TWO_OVER_PI = 0x1.45f306p-1f;
  private static final float[] HALF_PI = {0x1.921fb6p0f, -0x1.777a5cp-25f, -0x1.ee59dap-50f};

  private MathLibrary() {}

  /** c0 + c1 x + c2 x^2 + .., by Horner's rule. */
  public static Local polynomial(KernelBuilder b, Local x, float... coefficients) {
    var sum = b.constant(coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = b.fma(sum, x, b.constant(coefficients[i]));
    }
    return sum;
  }

  /** x = n ln 2 + r: the shifted n (its bits end in n) and r. */
  private record Split(Local shifted, Local rest) {}

  private static Split split(KernelBuilder b, Local x) {
    var shifted = b.fma(x, b.constant(LOG2_E), b.constant(SHIFTER));
    var n = b.sub(shifted, b.constant(SHIFTER));
    var rest = b.fma(n, b.constant(-LN2_HIGH), x);
    return new Split(shifted, b.fma(n, b.constant(-LN2_LOW), rest));
  }

  /** n of a split in the place of a float's exponent. */
  private static Local exponent(KernelBuilder b, Split split) {
    return b.binary(BinaryOp.SHIFT_LEFT, bits(b, split.shifted()), b.intConstant(23));
  }

  private static Local bits(KernelBuilder b, Local x) {
    return b.unary(UnaryOp.BITS_OF_F32, x);
  }

  private static Local ofBits(KernelBuilder b, Local x) {
    return b.unary(UnaryOp.F32_OF_BITS, x);
  }

  /** e^x within 1.1 ulp; 0 below the normal range. */
  public static Local exp(KernelBuilder b, Local x) {
    var split = split(b, x);
    var r = split.rest();
    var p = b.fma(b.mul(r, r), polynomial(b, r, EXP), r);
    var one = b.add(p, b.constant(1f));
    var scaled = ofBits(b, b.add(bits(b, one), exponent(b, split)));
    var infinity = b.add(x, b.constant(Float.POSITIVE_INFINITY));
    var upper = b.select(b.compare(CompareOp.LE, x, b.constant(EXP_LARGEST)), scaled, infinity);
    return b.select(b.compare(CompareOp.LT, x, b.constant(EXP_SMALLEST)), b.constant(0f), upper);
  }

  /** e^x - 1 for x from -88 to 88, otherwise the value at the bound; within 2 ulp. */
  private static Local boundedExpm1(KernelBuilder b, Local x) {
    var split = split(b, x);
    var r = split.rest();
    var p = b.fma(b.mul(r, r), polynomial(b, r, EXP), r);
    var scale = ofBits(b, b.add(exponent(b, split), b.intConstant(0x3F80_0000)));
    return b.fma(p, scale, b.sub(scale, b.constant(1f)));
  }

  /** e^x - 1 within 2 ulp. */
  public static Local expm1(KernelBuilder b, Local x) {
    var bounded = b.min(b.max(x, b.constant(-25f)), b.constant(88f));
    var near = boundedExpm1(b, bounded);
    return b.select(b.compare(CompareOp.GT, x, b.constant(88f)), exp(b, x), keepZero(b, x, near));
  }

  /** The result, or x itself where it is so small that the two are equal. */
  private static Local keepZero(KernelBuilder b, Local x, Local result) {
    var small = b.compare(CompareOp.LT, b.unary(UnaryOp.ABS, x), b.constant(0x1p-26f));
    return b.select(small, x, result);
  }

  /** The magnitude of one with the sign of another; for magnitudes that are not negative. */
  private static Local withSign(KernelBuilder b, Local magnitude, Local sign) {
    var bit = b.binary(BinaryOp.AND, bits(b, sign), b.intConstant(Integer.MIN_VALUE));
    return ofBits(b, b.binary(BinaryOp.OR, bits(b, magnitude), bit));
  }

  /** Hyperbolic tangent within 2.6 ulp. */
  public static Local tanh(KernelBuilder b, Local x) {
    var a = b.min(b.unary(UnaryOp.ABS, x), b.constant(10f));
    var e = boundedExpm1(b, b.add(a, a));
    return withSign(b, b.div(e, b.add(e, b.constant(2f))), x);
  }

  /** 1 / (1 + e^-x) within 2.5 ulp; 0 below the normal range. */
  public static Local sigmoid(KernelBuilder b, Local x) {
    var e = exp(b, b.unary(UnaryOp.NEG, x));
    var one = b.constant(1f);
    var value = b.div(one, b.add(one, e));
    return b.select(b.compare(CompareOp.LT, x, b.constant(EXP_SMALLEST)), b.constant(0f), value);
  }

  /** Error function within 3 ulp. */
  public static Local erf(KernelBuilder b, Local x) {
    var t = b.min(b.unary(UnaryOp.ABS, x), b.constant(4f));
    var y = b.mul(t, polynomial(b, t, ERFC));
    var value = b.unary(UnaryOp.NEG, boundedExpm1(b, b.unary(UnaryOp.NEG, y)));
    return withSign(b, b.unary(UnaryOp.ABS, value), x);
  }

  /** Natural logarithm within 1.1 ulp; -infinity at 0, NaN below. */
  public static Local log(KernelBuilder b, Local x) {
    var denormal = b.compare(CompareOp.LT, x, b.constant(Float.MIN_NORMAL));
    var normal = b.select(denormal, b.mul(x, b.constant(0x1p23f)), x);
    var bits = bits(b, normal);
    var twoThirds = b.intConstant(Float.floatToRawIntBits(2 / 3f));
    var shifted = b.sub(bits, twoThirds);
    var exponent = b.binary(BinaryOp.SHIFT_RIGHT_SIGNED, shifted, b.intConstant(23));
    var mantissa = ofBits(b, b.sub(bits, b.binary(BinaryOp.SHIFT_LEFT, exponent, b.intConstant(23))));
    var f = b.sub(mantissa, b.constant(1f));
    var n = b.sub(b.unary(UnaryOp.TO_F32, exponent), b.select(denormal, b.constant(23f), b.constant(0f)));
    var square = b.mul(f, f);
    var tail = b.mul(b.mul(square, f), polynomial(b, f, LOG));
    tail = b.fma(n, b.constant(LN2_LOW), tail);
    tail = b.fma(b.constant(-0.5f), square, tail);
    var value = b.fma(n, b.constant(LN2_HIGH), b.add(f, tail));
    var finite = b.compare(CompareOp.LT, x, b.constant(Float.POSITIVE_INFINITY));
    value = b.select(finite, value, x);
    value = b.select(b.compare(CompareOp.LT, x, b.constant(0f)), b.constant(Float.NaN), value);
    return b.select(b.compare(CompareOp.EQ, x, b.constant(0f)), b.constant(Float.NEGATIVE_INFINITY), value);
  }

  /** Sine, for |x| up to 2^20 within 2 ulp of max(|sin x|, 2^-10); beyond that NaN. */
  public static Local sin(KernelBuilder b, Local x) {
    return wave(b, x, 0);
  }

  /** Cosine, for |x| up to 2^20 within 2 ulp of max(|cos x|, 2^-10); beyond that NaN. */
  public static Local cos(KernelBuilder b, Local x) {
    return wave(b, x, 1);
  }

  /** sin(x + quarters * pi / 2). */
  private static Local wave(KernelBuilder b, Local x, int quarters) {
    var shifted = b.fma(x, b.constant(TWO_OVER_PI), b.constant(SHIFTER));
    var n = b.sub(shifted, b.constant(SHIFTER));
    var r = x;
    for (float part : HALF_PI) {
      r = b.fma(n, b.constant(-part), r);
    }
    var z = b.mul(r, r);
    var sine = b.fma(b.mul(z, r), polynomial(b, z, SIN), r);
    var cosine = b.fma(b.mul(z, z), polynomial(b, z, COS), b.fma(z, b.constant(-0.5f), b.constant(1f)));
    var quadrant = b.add(bits(b, shifted), b.intConstant(quarters));
    var one = b.intConstant(1);
    var odd = b.compare(CompareOp.EQ, b.binary(BinaryOp.AND, quadrant, one), one);
    var sign = b.binary(BinaryOp.SHIFT_LEFT, b.binary(BinaryOp.AND, quadrant, b.intConstant(2)),
        b.intConstant(30));
    var value = b.select(odd, cosine, sine);
    var signed = ofBits(b, b.binary(BinaryOp.XOR, bits(b, value), sign));
    var inRange = b.compare(CompareOp.LE, b.unary(UnaryOp.ABS, x), b.constant(0x1p20f));
    return b.select(inRange, signed, b.constant(Float.NaN));
  }
}
