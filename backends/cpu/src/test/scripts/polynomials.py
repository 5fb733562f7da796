"""Coefficients of the polynomials in Maths.java: fits that minimise the largest relative error on an interval.

Weighted least squares on Chebyshev nodes, repeated with weights raised where the error is largest (Lawson),
then rounded to float. Needs mpmath and numpy.
"""
import mpmath as mp
import numpy as np

mp.mp.dps = 40


def fit(f, low, high, degree, weight=lambda x: 1.0, nodes=400, rounds=60):
    k = np.arange(nodes)
    x = 0.5 * (low + high) + 0.5 * (high - low) * np.cos((2 * k + 1) * np.pi / (2 * nodes))
    y = np.array([float(f(mp.mpf(v))) for v in x])
    scale = np.array([float(weight(v)) for v in x])
    powers = np.vander(x, degree + 1, increasing=True)
    lawson = np.ones(nodes)
    for _ in range(rounds):
        w = np.sqrt(lawson) * scale
        c = np.linalg.lstsq(powers * w[:, None], y * w, rcond=None)[0]
        error = np.abs((powers @ c - y) * scale)
        lawson *= error / error.max() + 1e-3
        lawson /= lawson.max()
    return c, error.max()


def show(name, result):
    c, error = result
    print(name, "error %.2e = 2^%.1f" % (error, np.log2(error)))
    print("  {" + ", ".join("%.9gf" % np.float32(v) for v in c) + "}")


half = float(mp.log(2)) / 2 * 1.01
# exp(r) = 1 + r + r^2 P(r)
show("exp", fit(lambda r: (mp.exp(r) - 1 - r) / r**2 if r else mp.mpf(1) / 2, -half, half, 4, lambda r: r * r))
show("expm1", fit(lambda r: (mp.exp(r) - 1 - r) / r**2 if r else mp.mpf(1) / 2, -half, half, 5, lambda r: abs(r)))
# log(1 + f) = f - f^2 / 2 + f^3 P(f)
lo, hi = float(mp.sqrt(0.5)) - 1, float(mp.sqrt(2)) - 1
show("log", fit(lambda f: (mp.log1p(f) - f + f * f / 2) / f**3 if f else mp.mpf(1) / 3, lo, hi, 8,
                lambda f: f * f))
# tanh(x) = x + x^3 P(x^2)
show("tanh", fit(lambda t: (mp.tanh(mp.sqrt(t)) / mp.sqrt(t) - 1) / t if t else -mp.mpf(1) / 3, 0, 0.625**2, 4,
                 lambda t: t))
# erf(x) = x + x P(x^2) below 1; 1 - exp(Q(x)) above
show("erf", fit(lambda t: mp.erf(mp.sqrt(t)) / mp.sqrt(t) - 1 if t else 2 / mp.sqrt(mp.pi) - 1, 0, 1.0, 6))
show("log erfc", fit(lambda x: mp.log(mp.erfc(x)), 1.0, 4.0, 8, lambda x: float(mp.erfc(x))))
# sin(x) = x + x^3 P(x^2), cos(x) = 1 - x^2 / 2 + x^4 P(x^2)
quarter = float(mp.pi) / 4 * 1.01
show("sin", fit(lambda t: (mp.sin(mp.sqrt(t)) / mp.sqrt(t) - 1) / t if t else -mp.mpf(1) / 6, 0, quarter**2, 3,
                lambda t: t))
show("cos", fit(lambda t: (mp.cos(mp.sqrt(t)) - 1 + t / 2) / t**2 if t else mp.mpf(1) / 24, 0, quarter**2, 3,
                lambda t: t * t))


def parts(name, value, bits):
    """A constant as floats of so many leading bits, the last one full."""
    out = []
    for b in bits:
        e = mp.floor(mp.log(abs(value), 2))
        unit = mp.mpf(2) ** (e - b + 1)
        part = mp.nint(value / unit) * unit
        out.append("%.9gf" % np.float32(float(part)))
        value -= mp.mpf(float(np.float32(float(part))))
    print(name, out)


parts("ln 2", mp.log(2), (15, 24))
parts("ln 2 (fma)", mp.log(2), (24, 24))
parts("pi / 2 (fma)", mp.pi / 2, (24, 24, 24))
