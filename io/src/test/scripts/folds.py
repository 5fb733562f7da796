"""Writes folds.txt: how many examples of each class scikit-learn 1.9 holds out in each fold.

Labels come in the order of their numbers at first, so that both count classes alike.
"""
import pathlib

import numpy as np
from sklearn.model_selection import StratifiedKFold

out = open(pathlib.Path(__file__).parents[1] / "resources/dev/ashlar/io/data/folds.txt", "w", encoding="ascii")
pick = np.random.default_rng(3)


def write(name, array):
    array = np.asarray(array)
    print(name, "i32", ",".join(map(str, array.shape)), *array.flatten().tolist(), file=out)


for folds, counts in [(2, [5, 4]), (3, [50, 7, 3]), (5, [12, 12, 12]), (5, [101, 23, 8]), (7, [9, 90, 17, 30]),
                      (10, [15, 15, 15, 15]), (10, [333, 77, 15]), (10, [1000, 3, 10]), (23, [230, 41, 77, 24])]:
    rest = pick.permutation(np.repeat(np.arange(len(counts)), [c - 1 for c in counts]))
    labels = np.concatenate([np.arange(len(counts)), rest])
    print("case", f"{folds}_{'_'.join(map(str, counts))}", file=out)
    write("labels", labels)
    held = [np.bincount(labels[test], minlength=len(counts))
            for _, test in StratifiedKFold(folds).split(labels, labels)]
    write("held", held)
out.close()
