package dev.ashlar.backend.cpu.compiler;

import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.AND;
import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.OR;
import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.SHIFT_LEFT;
import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.SHIFT_RIGHT_SIGNED;
import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.XOR;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.EQ;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.GE;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.GT;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.LT;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.NE;

import dev.ashlar.backend.cpu.kernel.Expr.UnaryOp;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;

/**
 * Functions of f32 lanes from exact or correctly rounded operations, so that every emitter gives the same bits. Good
 * to about two units in the last place unless a method says otherwise; results below the smallest normal number
 * become 0. The coefficients come from {@code src/test/scripts/polynomials.py}.
 */
final class Maths {

  private static final float LOG2_E = 1.44269504f;
  private static final float LN2_HIGH = 0.693147182f;
  private static final float LN2_LOW = -1.90465421e-09f;
  /** Few bits, so that its product with an exponent is exact. */
  private static final float LN2_SHORT = 0.693145752f;
  private static final float LN2_REST = 1.42860677e-06f;
  private static final float EXP_MAX = 88.7228394f;
  private static final float EXP_MIN = -87.3365402f;
  private static final float SQRT_HALF = 0.707106769f;
  private static final float MIN_NORMAL = Float.MIN_NORMAL;

  private static final float[] EXP = {0.5f, 0.166665122f, 0.0416661873f, 0.00836959854f, 0.00139517174f};
  private static final float[] EXPM1 =
      {0.5f, 0.166666672f, 0.0416663401f, 0.00833327137f, 0.00139420596f, 0.000199150309f};
  private static final float[] LOG = {0.333333105f, -0.249999866f, 0.200022265f, -0.16669251f, 0.142186582f,
      -0.123843484f, 0.118729763f, -0.117898077f, 0.0691536814f};
  private static final float[] TANH = {-0.333332837f, 0.133314908f, -0.0537434965f, 0.0206505787f, -0.00571703678f};
  private static final float[] ERF = {0.128379166f, -0.37612626f, 0.112836003f, -0.0268544443f, 0.00518953521f,
      -0.000802084105f, 7.8891193e-05f};
  private static final float[] LOG_ERFC = {0.000204359894f, -1.1296612f, -0.633039594f, -0.108638994f, 0.0253735557f,
      -0.00428238278f, 0.000463788048f, -2.53148119e-05f, 2.51326867e-07f};
  private static final float[] SIN = {-0.166666672f, 0.00833332911f, -0.000198392561f, 2.71756448e-06f};
  private static final float[] COS = {0.0416666679f, -0.00138888834f, 2.47994358e-05f, -2.72033049e-07f};
  private static final float[] HALF_PI = {1.57079637f, -4.37113883e-08f, -1.71512451e-15f};

  private final KernelBuilder b;

  Maths(KernelBuilder code) {
    b = code;
  }

  private Local number(float value) {
    return b.constant(value);
  }

  private Local polynomial(Local x, float[] coefficients) {
    Local sum = number(coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = b.fma(sum, x, number(coefficients[i]));
    }
    return sum;
  }

  private Local not(Local mask) {
    return b.unary(UnaryOp.NOT, mask);
  }

  private Local abs(Local x) {
    return b.unary(UnaryOp.ABS, x);
  }

  private Local neg(Local x) {
    return b.unary(UnaryOp.NEG, x);
  }

  private Local bits(Local x) {
    return b.unary(UnaryOp.BITS_OF_F32, x);
  }

  private Local ofBits(Local x) {
    return b.unary(UnaryOp.F32_OF_BITS, x);
  }

  /** The size of {@code x} with the sign of {@code sign}; x is not negative. */
  private Local withSign(Local x, Local sign) {
    return ofBits(b.binary(OR, bits(x), b.binary(AND, bits(sign), b.intConstant(Integer.MIN_VALUE))));
  }

  private Local infinity() {
    return number(Float.POSITIVE_INFINITY);
  }

  /** 2^n for an i32 n from -126 to 127. */
  private Local powerOfTwo(Local n) {
    return ofBits(b.binary(SHIFT_LEFT, b.add(n, b.intConstant(127)), b.intConstant(23)));
  }

  // ---------------------------------------------------------------- exponentials

  Local exp(Local x) {
    return exp(x, number(0f));
  }

  /** exp(x + low) for a low that is tiny beside x. */
  private Local exp(Local x, Local low) {
    Local n = b.unary(UnaryOp.ROUND, b.mul(x, number(LOG2_E)));
    Local r = b.fma(n, number(-LN2_HIGH), x);
    r = b.add(b.fma(n, number(-LN2_LOW), r), low);
    Local p = b.add(b.fma(b.mul(r, r), polynomial(r, EXP), r), number(1f));
    Local whole = b.unary(UnaryOp.TO_I32, n);
    Local half = b.binary(SHIFT_RIGHT_SIGNED, whole, b.intConstant(1));
    Local scaled = b.mul(b.mul(p, powerOfTwo(half)), powerOfTwo(b.sub(whole, half)));
    Local upper = b.select(b.compare(GT, x, number(EXP_MAX)), infinity(), scaled);
    return b.select(b.compare(LT, x, number(EXP_MIN)), number(0f), upper);
  }

  Local expm1(Local x) {
    Local n = b.unary(UnaryOp.ROUND, b.mul(b.max(x, number(-30f)), number(LOG2_E)));
    Local r = b.fma(n, number(-LN2_HIGH), b.max(x, number(-30f)));
    r = b.fma(n, number(-LN2_LOW), r);
    Local q = b.fma(b.mul(r, r), polynomial(r, EXPM1), r);
    // Half of it first: 2^128 is not a number.
    Local half = powerOfTwo(b.sub(b.unary(UnaryOp.TO_I32, n), b.intConstant(1)));
    Local sum = b.fma(q, half, b.sub(half, number(0.5f)));
    Local result = b.select(b.compare(EQ, n, number(0f)), q, b.add(sum, sum));
    // Keeps the sign of zero, and does not lose tiny numbers.
    Local small = b.select(b.compare(LT, abs(x), number(0x1p-25f)), x, result);
    return b.select(b.compare(GT, x, number(EXP_MAX)), infinity(), small);
  }

  Local tanh(Local x) {
    Local size = abs(x);
    Local square = b.mul(x, x);
    Local small = b.fma(b.mul(size, square), polynomial(square, TANH), size);
    Local e = exp(b.add(size, size));
    Local large = b.sub(number(1f), b.div(number(2f), b.add(e, number(1f))));
    return withSign(b.select(b.compare(LT, size, number(0.625f)), small, large), x);
  }

  Local sigmoid(Local x) {
    Local e = exp(neg(abs(x)));
    Local upper = b.div(number(1f), b.add(number(1f), e));
    return b.select(b.compare(LT, x, number(0f)), b.mul(e, upper), upper);
  }

  Local erf(Local x) {
    Local size = abs(x);
    Local square = b.mul(x, x);
    Local small = b.fma(size, polynomial(square, ERF), size);
    Local capped = b.min(size, number(4f));
    Local large = b.sub(number(1f), exp(polynomial(capped, LOG_ERFC)));
    return withSign(b.select(b.compare(LT, size, number(1f)), small, large), x);
  }

  // ---------------------------------------------------------------- logarithms

  /** x = m 2^e with m near 1; {@code e} as a float. */
  private record Split(Local mantissa, Local exponent) {}

  private Split split(Local x) {
    Local tiny = b.compare(LT, x, number(MIN_NORMAL));
    Local scaled = b.select(tiny, b.mul(x, number(0x1p23f)), x);
    Local bias = b.select(tiny, number(-23f), number(0f));
    // Counted from the root of a half, so that the mantissa lies between it and the root of two.
    Local shifted = b.sub(bits(scaled), b.intConstant(Float.floatToRawIntBits(SQRT_HALF)));
    Local e = b.binary(SHIFT_RIGHT_SIGNED, shifted, b.intConstant(23));
    Local m = ofBits(b.sub(bits(scaled), b.binary(SHIFT_LEFT, e, b.intConstant(23))));
    return new Split(m, b.add(b.unary(UnaryOp.TO_F32, e), bias));
  }

  Local log(Local x) {
    Split split = split(x);
    Local f = b.sub(split.mantissa, number(1f));
    Local square = b.mul(f, f);
    Local rest = b.mul(b.mul(f, square), polynomial(f, LOG));
    rest = b.fma(split.exponent, number(LN2_REST), rest);
    rest = b.fma(square, number(-0.5f), rest);
    Local result = b.fma(split.exponent, number(LN2_SHORT), b.add(f, rest));
    return logSpecial(x, result);
  }

  private Local logSpecial(Local x, Local result) {
    Local finite = b.select(b.compare(EQ, x, infinity()), x, result);
    Local zero = b.select(b.compare(EQ, x, number(0f)), number(Float.NEGATIVE_INFINITY), finite);
    // Negative, or NaN.
    return b.select(b.compare(GE, x, number(0f)), zero, number(Float.NaN));
  }

  Local log1p(Local x) {
    Local u = b.add(number(1f), x);
    Local log = log(u);
    Local lost = b.div(b.sub(x, b.sub(u, number(1f))), u);
    Local usual = b.binary(AND, b.compare(GT, u, number(0f)), b.compare(LT, u, infinity()));
    Local result = b.select(usual, b.add(log, lost), log);
    return b.select(b.compare(LT, abs(x), number(0x1p-25f)), x, result);
  }

  // ---------------------------------------------------------------- circles

  /** Good to two units while |x| is below 100,000; absolute error grows beyond. */
  Local sin(Local x) {
    return circular(x, 0);
  }

  /** As {@link #sin}. */
  Local cos(Local x) {
    return circular(x, 1);
  }

  private Local circular(Local x, int quarters) {
    Local n = b.unary(UnaryOp.ROUND, b.mul(x, number((float) (2 / Math.PI))));
    Local r = x;
    for (float part : HALF_PI) {
      r = b.fma(n, number(-part), r);
    }
    Local square = b.mul(r, r);
    Local sine = b.fma(b.mul(r, square), polynomial(square, SIN), r);
    Local cosine = b.add(b.fma(b.mul(square, square), polynomial(square, COS),
        b.mul(square, number(-0.5f))), number(1f));
    Local quadrant = b.add(b.unary(UnaryOp.TO_I32, n), b.intConstant(quarters));
    Local zero = b.intConstant(0);
    Local odd = b.compare(NE, b.binary(AND, quadrant, b.intConstant(1)), zero);
    Local value = b.select(odd, cosine, sine);
    Local sign = b.binary(SHIFT_LEFT, b.binary(AND, quadrant, b.intConstant(2)), b.intConstant(30));
    return ofBits(b.binary(XOR, bits(value), sign));
  }

  // ---------------------------------------------------------------- powers and remainders

  /** Good to eight units; to two where the result is between 1/100 and 100. */
  Local pow(Local a, Local exponent) {
    Local size = abs(a);
    Split split = split(size);
    // log(size) as high + low: the square of f and all sums with what they round away.
    Local f = b.sub(split.mantissa, number(1f));
    Local square = b.mul(f, f);
    Local squareLost = b.fma(f, f, neg(square));
    Local cube = b.mul(b.mul(f, square), polynomial(f, LOG));
    Local high = b.fma(square, number(-0.5f), f);
    Local low = b.fma(square, number(-0.5f), b.sub(f, high));
    low = b.add(b.fma(squareLost, number(-0.5f), low), cube);
    Local whole = b.mul(split.exponent, number(LN2_SHORT));
    Local sum = b.add(whole, high);
    Local back = b.sub(sum, whole);
    Local lost = b.add(b.sub(whole, b.sub(sum, back)), b.sub(high, back));
    low = b.add(b.add(low, lost), b.mul(split.exponent, number(LN2_REST)));
    // The exponent times both.
    Local product = b.mul(sum, exponent);
    Local rest = b.fma(low, exponent, b.fma(sum, exponent, neg(product)));
    Local moderate = b.compare(LT, abs(product), number(200f));
    Local result = exp(product, b.select(moderate, rest, number(0f)));
    return powSpecial(a, exponent, size, result);
  }

  private Local powSpecial(Local a, Local exponent, Local size, Local regular) {
    Local zero = number(0f);
    Local one = number(1f);
    Local growing = b.select(b.compare(GT, exponent, zero), infinity(), zero);
    Local falling = b.select(b.compare(GT, exponent, zero), zero, infinity());
    Local result = b.select(b.compare(EQ, size, infinity()), growing, regular);
    result = b.select(b.compare(EQ, size, zero), falling, result);
    Local isWhole = b.compare(EQ, b.unary(UnaryOp.FLOOR, exponent), exponent);
    Local half = b.mul(exponent, number(0.5f));
    Local isOdd = b.binary(AND, isWhole, b.compare(NE, b.unary(UnaryOp.FLOOR, half), half));
    Local below = b.compare(LT, bits(a), b.intConstant(0));
    result = b.select(b.binary(AND, below, isOdd), neg(result), result);
    Local undefined = b.binary(AND, b.compare(LT, a, zero),
        b.binary(AND, not(isWhole), b.compare(LT, size, infinity())));
    result = b.select(undefined, number(Float.NaN), result);
    Local isNaN = b.binary(OR, b.compare(NE, a, a), b.compare(NE, exponent, exponent));
    result = b.select(isNaN, number(Float.NaN), result);
    Local isUnclear = b.binary(AND, b.compare(EQ, size, one), b.compare(EQ, abs(exponent), infinity()));
    result = b.select(isUnclear, number(Float.NaN), result);
    return b.select(b.compare(EQ, exponent, zero), one, result);
  }

  /** Exact while the quotient is below 2^44. */
  Local rem(Local a, Local divisor) {
    Local size = abs(divisor);
    Local r = abs(a);
    for (int i = 0; i < 2; i++) {
      Local quotient = b.unary(UnaryOp.TRUNC, b.div(r, size));
      r = b.fma(neg(quotient), size, r);
      r = b.select(b.compare(LT, r, number(0f)), b.add(r, size), r);
      r = b.select(b.compare(GE, r, size), b.sub(r, size), r);
    }
    Local finite = withSign(abs(r), a);
    Local wide = b.binary(AND, b.compare(EQ, size, infinity()), b.compare(LT, abs(a), infinity()));
    return b.select(wide, a, finite);
  }
}
