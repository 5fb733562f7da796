package dev.ashlar.reference;

/** The error function, to about a unit in the last place. */
final class Erf {

  private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
  /** From here on erf rounds to 1. */
  private static final double SATURATED = 6;
  /** Below, the series needs few terms; above, the continued fraction does. */
  private static final double SERIES = 2;
  private static final int FRACTION_TERMS = 60;

  private Erf() {}

  static double erf(double x) {
    double size = Math.abs(x);
    double value = size >= SATURATED ? 1 : size < SERIES ? series(size) : 1 - complement(size);
    return Double.isNaN(x) ? x : Math.copySign(value, x);
  }

  /** 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 .. (2n+1)): all terms positive, so nothing cancels. */
  private static double series(double x) {
    double sum = 0;
    double lost = 0;
    double term = x;
    for (int n = 1; term > sum * 0x1p-60; n++) {
      double before = sum;
      sum += term;
      lost += before > term ? term - (sum - before) : before - (sum - term);
      term *= 2 * x * x / (2 * n + 1);
    }
    return TWO_OVER_SQRT_PI * gaussian(x) * (sum + lost);
  }

  /** 1 - erf(x) = exp(-x^2)/sqrt(pi) / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ..)))). */
  private static double complement(double x) {
    double tail = x;
    for (int n = FRACTION_TERMS; n > 0; n--) {
      tail = x + n / 2.0 / tail;
    }
    return TWO_OVER_SQRT_PI / 2 * gaussian(x) / tail;
  }

  /** exp(-x^2), with what the square rounds away put back. */
  private static double gaussian(double x) {
    double square = x * x;
    double lost = Math.fma(x, x, -square);
    return StrictMath.exp(-square) * (1 - lost);
  }
}
