"""Writes special.txt: function, argument, value; doubles in hexadecimal. Values are mpmath's, rounded once.

Run beside this file: python special.py > special.txt
"""
import mpmath

mpmath.mp.prec = 200

POINTS = [-30.0, -8.5, -5.9, -3.3, -2.0, -1.99, -0.75, -1e-3, -1e-17, 0.0, 1e-300, 1e-10, 0.1, 0.3, 0.5, 0.9,
          1.0, 1.5, 1.9999, 2.0, 2.0001, 2.5, 3.0, 4.0, 5.0, 5.5, 5.999, 6.0, 7.0, 20.0]

FUNCTIONS = {
    "erf": mpmath.erf,
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log1p": mpmath.log1p,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "rsqrt": lambda x: 1 / mpmath.sqrt(x),
    "reciprocal": lambda x: 1 / x,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
}
POSITIVE = {"log", "sqrt", "rsqrt", "reciprocal"}

for name, function in FUNCTIONS.items():
    for x in POINTS:
        if (name in POSITIVE and x <= 0) or (name == "log1p" and x <= -1):
            continue
        print(name, x.hex(), float(function(mpmath.mpf(x))).hex())
