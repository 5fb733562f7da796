"""Coefficients of MathLibrary: polynomials fitted by iteratively reweighted least squares (Lawson), in extended
precision, then rounded to float one after the other from the lowest, refitting the rest.

    python polynomials.py
"""
import numpy as np
from mpmath import mp, mpf, matrix, lu_solve, expm1, log1p, log, erfc, sin, cos, cos as _cos, pi, sqrt

mp.prec = 160


def fit(f, weight, low, high, degree, fixed=()):
    """Minimises max |weight * (poly - f)|; the lowest coefficients may be fixed. Returns floats."""
    n = 12 * (degree + 2)
    xs = [mpf(low + high) / 2 + mpf(high - low) / 2 * _cos(pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    fs = [f(x) for x in xs]
    ws = [weight(x) for x in xs]
    done = [mpf(float(c)) for c in fixed]
    while len(done) <= degree:
        k = len(done)
        lawson = [mpf(1) / n] * n
        rest = None
        for _ in range(60):
            m = degree + 1 - k
            a, b = matrix(m, m), matrix(m, 1)
            for x, fx, w, l in zip(xs, fs, ws, lawson):
                y = fx - sum(c * x ** i for i, c in enumerate(done))
                p = [x ** (k + i) for i in range(m)]
                s = l * w * w
                for i in range(m):
                    b[i] += s * p[i] * y
                    for j in range(m):
                        a[i, j] += s * p[i] * p[j]
            rest = lu_solve(a, b)
            e = [abs(w * (sum(c * x ** i for i, c in enumerate(list(done) + list(rest))) - fx))
                 for x, fx, w in zip(xs, fs, ws)]
            lawson = [l * (v + max(e) * mpf('1e-6')) for l, v in zip(lawson, e)]
            t = sum(lawson)
            lawson = [l / t for l in lawson]
            if k > len(fixed) and _ > 15:
                break
        if k == len(fixed):
            print("   best possible error 2^%.1f" % float(log(max(e), 2)))
        done.append(mpf(float(np.float32(float(rest[0])))))
    e = max(abs(w * (sum(c * x ** i for i, c in enumerate(done)) - fx)) for x, fx, w in zip(xs, fs, ws))
    print("   with floats         2^%.1f" % float(log(e, 2)))
    return [np.float32(float(c)) for c in done]


def show(name, coefficients):
    print(name, ", ".join("%sf" % repr(float(c)) if False else float.hex(float(c)) for c in coefficients))


half = float(log(2)) / 2 * 1.02
show("(exp(r) - 1 - r) / r^2", fit(lambda r: (expm1(r) - r) / r ** 2 if r else mpf(1) / 2,
                                     lambda r: r ** 2 / (1 + r), -half, half, 4))
show("(log(1 + f) - f + f^2/2) / f^3", fit(lambda f: (log1p(f) - f + f * f / 2) / f ** 3 if f else mpf(1) / 3,
                                            lambda f: f ** 3 / log1p(f) if f else mpf(0), -1 / 3., 1 / 3., 8))
show("-log(erfc(t)) / t", fit(lambda t: -log(erfc(t)) / t if t else 2 / sqrt(pi),
                              lambda t: t * erfc(t) / (1 - erfc(t)) if t else mpf(1), 1e-6, 4, 10))
q = float(pi) / 4 * 1.01
show("(sin(r) - r) / r^3, in r^2", fit(lambda z: (sin(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3,
                                       lambda z: z, 1e-9, q * q, 3))
show("(cos(r) - 1 + r^2/2) / r^4, in r^2", fit(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2,
                                                lambda z: z * z, 1e-6, q * q, 2))
