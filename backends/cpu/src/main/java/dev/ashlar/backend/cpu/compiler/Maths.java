package dev.ashlar.backend.cpu.compiler;

import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.AND;
import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.OR;
import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.SHIFT_LEFT;
import static dev.ashlar.backend.cpu.kernel.Expr.BinaryOp.SHIFT_RIGHT_SIGNED;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.EQ;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.GE;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.GT;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.LT;
import static dev.ashlar.backend.cpu.kernel.Expr.CompareOp.NE;

import dev.ashlar.backend.cpu.kernel.Expr.UnaryOp;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.MathLibrary;

/**
 * Functions that {@link MathLibrary} lacks. Good to about two units in the last place unless a method says
 * otherwise; results below the smallest normal number become 0.
 */
final class Maths {

  /** Few bits, so that its product with an exponent is exact. */
  private static final float LN2_SHORT = 0.693145752f;
  private static final float LN2_REST = 1.42860677e-06f;
  private static final float SQRT_HALF = 0.707106769f;

  /** (log(1 + f) - f + f^2 / 2) / f^3 for f from sqrt(1/2) - 1 to sqrt(2) - 1, within 2^-30. */
  private static final float[] LOG = {0.333333105f, -0.249999866f, 0.200022265f, -0.16669251f, 0.142186582f,
      -0.123843484f, 0.118729763f, -0.117898077f, 0.0691536814f};

  private final KernelBuilder b;

  Maths(KernelBuilder code) {
    b = code;
  }

  private Local number(float value) {
    return b.constant(value);
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

  /** x = m 2^e with m near 1; {@code e} as a float. */
  private record Split(Local mantissa, Local exponent) {}

  private Split split(Local x) {
    Local tiny = b.compare(LT, x, number(Float.MIN_NORMAL));
    Local scaled = b.select(tiny, b.mul(x, number(0x1p23f)), x);
    Local bias = b.select(tiny, number(-23f), number(0f));
    // Counted from the root of a half, so that the mantissa lies between it and the root of two.
    Local shifted = b.sub(bits(scaled), b.intConstant(Float.floatToRawIntBits(SQRT_HALF)));
    Local e = b.binary(SHIFT_RIGHT_SIGNED, shifted, b.intConstant(23));
    Local m = ofBits(b.sub(bits(scaled), b.binary(SHIFT_LEFT, e, b.intConstant(23))));
    return new Split(m, b.add(b.unary(UnaryOp.TO_F32, e), bias));
  }

  Local log1p(Local x) {
    Local u = b.add(number(1f), x);
    Local log = MathLibrary.log(b, u);
    Local lost = b.div(b.sub(x, b.sub(u, number(1f))), u);
    Local usual = b.binary(AND, b.compare(GT, u, number(0f)), b.compare(LT, u, infinity()));
    Local result = b.select(usual, b.add(log, lost), log);
    return b.select(b.compare(LT, abs(x), number(0x1p-25f)), x, result);
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
    Local cube = b.mul(b.mul(f, square), MathLibrary.polynomial(b, f, LOG));
    Local high = b.fma(square, number(-0.5f), f);
    Local low = b.fma(square, number(-0.5f), b.sub(f, high));
    low = b.add(b.fma(squareLost, number(-0.5f), low), cube);
    Local whole = b.mul(split.exponent, number(LN2_SHORT));
    Local sum = b.add(whole, high);
    Local back = b.sub(sum, whole);
    Local lost = b.add(b.sub(whole, b.sub(sum, back)), b.sub(high, back));
    low = b.add(b.add(low, lost), b.mul(split.exponent, number(LN2_REST)));
    Local log = b.add(sum, low);
    low = b.add(b.sub(sum, log), low);
    // The exponent times both.
    Local product = b.mul(log, exponent);
    Local rest = b.fma(low, exponent, b.fma(log, exponent, neg(product)));
    Local moderate = b.compare(LT, abs(product), number(200f));
    Local power = MathLibrary.exp(b, product);
    Local result = b.select(b.binary(AND, moderate, b.compare(LT, power, infinity())),
        b.fma(power, rest, power), power);
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
