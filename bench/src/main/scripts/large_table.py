"""Writes a table of 5 million rows: 19 numbers and a label. python large_table.py FILE [ROWS]"""
import random
import sys

rows = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000_000
pick = random.Random(1)
# A few thousand different rows, written over and over: making them is not what is measured.
lines = []
for _ in range(5000):
    x = [pick.gauss(0, 1) for _ in range(19)]
    lines.append(",".join("%.5f" % v for v in x) + ("," + ("yes" if x[0] + x[1] > 0 else "no") + "\n"))
with open(sys.argv[1], "w") as out:
    out.write(",".join("x%d" % i for i in range(19)) + ",label\n")
    for i in range(rows // 1000):
        out.write("".join(lines[(i * 1000 + j) % 5000] for j in range(1000)))
