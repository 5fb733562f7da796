"""Writes sklearn_numbers.txt beside itself: what the metrics of scikit-learn, or of torchmetrics where it has none, say of
some outputs and targets, in float64."""
import pathlib

import numpy
import torch
import torchmetrics.functional
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
    write("value", numpy.array(value, dtype=float))


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

# Each class, both answers, sorted scores. Scores are rounded, so that some are equal.
some = scores[:, :5]  # targets are below 5
chosen = some.argmax(1)
case("confusion_matrix", some, classes, metrics.confusion_matrix(classes, chosen, labels=range(5)))
case("confusion_matrix_binary", logits, truth, metrics.confusion_matrix(truth, logits[:, 0] > 0))
for kind, measure in {"precision": metrics.precision_score, "recall": metrics.recall_score,
                      "f1": metrics.f1_score}.items():
    case(f"{kind}_by_class", some, classes, measure(classes, chosen, average=None, labels=range(5)))
(noes, wrong_yes), _ = metrics.confusion_matrix(truth, logits[:, 0] > 0)
case("specificity_binary", logits, truth, noes / (noes + wrong_yes))
counts = metrics.multilabel_confusion_matrix(classes, chosen, labels=range(5))
case("specificity_macro", some, classes, (counts[:, 0, 0] / counts[:, 0].sum(1)).mean())
case("balanced_accuracy", some, classes, metrics.balanced_accuracy_score(classes, chosen))
case("balanced_accuracy_binary", logits, truth, metrics.balanced_accuracy_score(truth, logits[:, 0] > 0))


def softmax(x):
    e = numpy.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


rounded = logits.round(1)
pairs = numpy.stack([numpy.zeros(30), rounded[:, 0]], 1)
case("auroc", some, classes, metrics.roc_auc_score(classes, softmax(some), multi_class="ovr"))
case("auroc_binary", rounded, truth, metrics.roc_auc_score(truth, rounded[:, 0]))
case("auroc_two_classes", pairs, truth, metrics.roc_auc_score(truth, rounded[:, 0]))
case("average_precision", some, classes, metrics.average_precision_score(classes, softmax(some)))
case("average_precision_binary", rounded, truth, metrics.average_precision_score(truth, rounded[:, 0]))
labels = (random.random((25, 4)) < 0.4).astype(int)
label_scores = (labels + random.normal(size=(25, 4))).round(1)
case("auroc_labels", label_scores, labels, metrics.roc_auc_score(labels, label_scores))
case("auroc_labels_by_class", label_scores, labels, metrics.roc_auc_score(labels, label_scores, average=None))
case("average_precision_labels", label_scores, labels, metrics.average_precision_score(labels, label_scores))
yes = label_scores > 0
case("accuracy_labels", label_scores, labels, (yes == labels).mean())
for kind, measure in {"precision": metrics.precision_score, "recall": metrics.recall_score,
                      "f1": metrics.f1_score}.items():
    for average in "macro", "micro", "weighted":
        case(f"{kind}_labels_{average}", label_scores, labels, measure(labels, yes, average=average))
case("perplexity", some, classes, numpy.exp(metrics.log_loss(classes, softmax(some), labels=range(5))))
error = torchmetrics.functional.classification.multiclass_calibration_error
case("calibration_error", some, classes, error(torch.tensor(softmax(some)), torch.tensor(classes), 5, 15))
case("calibration_error_4_bins", some, classes, error(torch.tensor(softmax(some)), torch.tensor(classes), 5, 4))
both = numpy.concatenate([-logits, logits], 1) / 2
case("calibration_error_binary", logits, truth, error(torch.tensor(softmax(both)), torch.tensor(truth), 2, 15))

# Averages of sorted scores, agreement, more errors.
for average in "weighted", "micro":
    case(f"auroc_{average}", some, classes, metrics.roc_auc_score(classes, softmax(some), multi_class="ovr",
                                                                  average=average))
    case(f"average_precision_{average}", some, classes, metrics.average_precision_score(classes, softmax(some),
                                                                                        average=average))
    case(f"auroc_labels_{average}", label_scores, labels, metrics.roc_auc_score(labels, label_scores, average=average))
    case(f"average_precision_labels_{average}", label_scores, labels,
         metrics.average_precision_score(labels, label_scores, average=average))
for average in "macro", "micro", "weighted":
    case(f"jaccard_{average}", scores, classes, metrics.jaccard_score(classes, guesses, average=average,
                                                                      zero_division=0))
case("jaccard_binary", logits, truth, metrics.jaccard_score(truth, logits[:, 0] > 0))
case("jaccard_labels_macro", label_scores, labels, metrics.jaccard_score(labels, yes, average="macro"))
case("matthews_correlation", some, classes, metrics.matthews_corrcoef(classes, chosen))
case("matthews_correlation_binary", logits, truth, metrics.matthews_corrcoef(truth, logits[:, 0] > 0))
case("cohen_kappa", some, classes, metrics.cohen_kappa_score(classes, chosen))
case("cohen_kappa_binary", logits, truth, metrics.cohen_kappa_score(truth, logits[:, 0] > 0))
case("mean_squared_error", y, t, metrics.mean_squared_error(t, y))
case("mean_absolute_error", y, t, metrics.mean_absolute_error(t, y))
case("mean_absolute_percentage_error", y, t, metrics.mean_absolute_percentage_error(t, y))
case("accuracy", some, classes, metrics.accuracy_score(classes, chosen))
case("accuracy_binary", logits, truth, metrics.accuracy_score(truth, logits[:, 0] > 0))
out.close()
