"""Reads the event files of a run with TensorBoard's own reader, and compares every tag and value with metrics.jsonl.

  python io/src/test/scripts/event_values.py RUN     # tensorboard 2.21

Prints what is there, tag by tag; exits with 1 if anything is missing, is more, or is another.
"""
import collections
import json
import math
import os
import struct
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator, STORE_EVERYTHING_SIZE_GUIDANCE
from tensorboard.plugins.hparams import metadata as hparams


def number(value):
    return float(value.replace("Infinity", "inf")) if isinstance(value, str) else float(value)


def as_float(value):
    """What is left of a double in a float."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def expected(run):
    """Scalars and texts by tag, each by step."""
    scalars = collections.defaultdict(dict)
    texts = collections.defaultdict(list)
    tokens = 0
    with open(os.path.join(run, "metrics.jsonl")) as lines:
        for event in map(json.loads, lines):
            step = event.get("step", 0)
            match event["type"]:
                case "start" | "resume":
                    tokens = event["tokens_per_example"]
                case "step":
                    scalars["loss/step"][step] = number(event["loss"])
                    if "learning_rate" in event:
                        scalars["learning_rate"][step] = number(event["learning_rate"])
                case "epoch":
                    for part, metrics in event["metrics"].items():
                        for name, value in metrics.items():
                            scalars[f"{name}/{part}"][step] = number(value)
                    speed = number(event["samples_per_second"])
                    scalars["speed/samples_per_second"][step] = speed
                    if tokens:
                        scalars["speed/tokens_per_second"][step] = speed * tokens
                case "sample":
                    texts["sample"].append((step, event["text"]))
                case "warning":
                    texts["warnings/" + event["kind"]].append((step, event["message"]))
                case "end":
                    for part, metrics in event["metrics"].items():
                        for name, value in metrics.items():
                            scalars[f"kept/{name}/{part}"][step] = number(value)
    return scalars, texts


def verbatim(text):
    return "    " + text.replace("\n", "\n    ")


def main(run):
    seen = EventAccumulator(run, STORE_EVERYTHING_SIZE_GUIDANCE).Reload()
    tags = seen.Tags()
    scalars, texts = expected(run)
    wrong = []
    for tag in sorted(set(scalars) | set(tags["scalars"])):
        if tag.startswith("not_finite/"):
            continue
        there = [(event.step, event.value) for event in seen.Scalars(tag)] if tag in tags["scalars"] else []
        wanted = sorted(scalars.get(tag, {}).items())
        same = len(there) == len(wanted) and all(
            a[0] == b[0] and (a[1] == as_float(b[1]) or math.isnan(a[1]) and math.isnan(b[1]))
            for a, b in zip(there, wanted))
        print(f"scalar     {tag:40} {len(there):6} values {'as' if same else 'OTHER THAN'} in metrics.jsonl")
        if not same:
            wrong.append((tag, there[-3:], wanted[-3:]))
    for tag in sorted(tags["histograms"]):
        found = seen.Histograms(tag)
        for event in found:
            value = event.histogram_value
            if (sum(value.bucket) != value.num or not value.min <= value.max
                    or len(value.bucket) != len(value.bucket_limit)):
                wrong.append((tag, event.step, "a histogram that does not add up"))
        print(f"histogram  {tag:40} {len(found):6} of {found[-1].histogram_value.num:.0f} numbers")
    for tag in sorted(tags["images"]):
        found = seen.Images(tag)
        print(f"picture    {tag:40} {len(found):6} of {found[-1].width} x {found[-1].height}")
    for tag in sorted(tags["tensors"]):
        found = seen.Tensors(tag)
        plugin = seen.SummaryMetadata(tag).plugin_data
        if plugin.plugin_name == "text":
            print(f"text       {tag:40} {len(found):6}")
            there = [(event.step, event.tensor_proto.string_val[0].decode()) for event in found]
            if tag in texts and there != [(step, verbatim(text)) for step, text in texts[tag]]:
                wrong.append((tag, there[-1:], texts[tag][-1:]))
        elif tag == hparams.SESSION_START_INFO_TAG:
            values = hparams.parse_session_start_info_plugin_data(plugin.content).hparams
            print(f"parameters {len(values):47}")
        elif tag == hparams.SESSION_END_INFO_TAG:
            print(f"end        status {hparams.parse_session_end_info_plugin_data(plugin.content).status}")
    wrong += [(tag, "missing") for tag in texts if tag not in tags["tensors"]]
    for found in wrong:
        print("WRONG", *found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
