"""Writes sklearn_numbers.txt beside itself: what scikit-learn's metrics say of some outputs and targets, in float64."""
import pathlib

import numpy
from sklearn import metrics

random = numpy.random.default_rng(5)
out = open(pathlib.Path(__file__).with_suffix(".txt"), "w", encoding="ascii")


def write(name, array):
    kind = "i32" if array.dtype.kind == "i" else "f64"
    dims = ",".join(map(str, array.shape)) or "-"
    print(name, kind, dims, *[repr(v) for v in array.flatten().tolist()], file=out)


def case(name, output, target, value):
    print("case", name, file=out)
    write("output", output)
    write("target", target)
    write("value", numpy.array(float(value)))


scores = random.normal(size=(40, 6))
scores[:, 5] -= 9  # chosen never
classes = numpy.where(random.random(40) < 0.5, scores.argmax(1), random.integers(0, 5, 40))
guesses = scores.argmax(1)
for kind, measure in {"precision": metrics.precision_score, "recall": metrics.recall_score,
                      "f1": metrics.f1_score}.items():
    for average in "macro", "micro", "weighted":
        case(f"{kind}_{average}", scores, classes, measure(classes, guesses, average=average, zero_division=0))
logits = random.normal(size=(30, 1))
truth = (logits[:, 0] + random.normal(size=30) > 0).astype(int)
for kind, measure in {"precision": metrics.precision_score, "recall": metrics.recall_score,
                      "f1": metrics.f1_score}.items():
    case(f"{kind}_binary", logits, truth, measure(truth, logits[:, 0] > 0))
case("top_k", scores[:, :5], classes, metrics.top_k_accuracy_score(classes, scores[:, :5], k=2, labels=range(5)))
y, t = random.normal(size=(20, 3)), random.normal(size=(20, 3))
case("r2", y, t, metrics.r2_score(t, y))
case("root_mean_squared_error", y, t, metrics.mean_squared_error(t, y) ** 0.5)
out.close()
