"""Writes events/expected.tfevents, the file that EventFileTest must write to the byte: its messages are those of
TensorBoard's own classes, its histogram is PyTorch's, its frames are those of TensorBoard's writer. Lists then what
TensorBoard's reader finds in it.

  python io/src/test/scripts/event_files.py      # torch 2.13, tensorboard 2.21
"""
import base64
import os
import tempfile

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator, STORE_EVERYTHING_SIZE_GUIDANCE
from tensorboard.compat.proto.event_pb2 import Event, SessionLog, SourceMetadata
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.hparams.api_pb2 import Status
from tensorboard.summary.writer.record_writer import RecordWriter
from torch.utils.tensorboard.summary import make_histogram
from torch.utils.tensorboard.writer import SummaryWriter

TIME = 1_500_000_000.25
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
OUT = os.path.join(os.path.dirname(__file__), "../resources/dev/ashlar/io/events/expected.tfevents")


def value(tag, **kind):
    return Summary.Value(tag=tag, **kind)


def plugin(name, content=b""):
    return SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name=name, content=content), data_class="DATA_CLASS_TENSOR")


def hyperparameters(tag, **info):
    empty = TensorProto(dtype="DT_FLOAT", tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=0)]))
    data = plugin_data_pb2.HParamsPluginData(**info).SerializeToString(deterministic=True)
    return value(tag, metadata=plugin("hparams", data), tensor=empty)


def histogram():
    with tempfile.TemporaryDirectory() as folder:
        bins = SummaryWriter(folder).default_bins
    numbers = np.array([i / 8 - 3 for i in range(64)] + [0.0] * 5 + [1e-13, -1e-13, 1e19], dtype=np.float64)
    whole = make_histogram(numbers, bins)
    kept = [i for i, count in enumerate(whole.bucket)
            if count or i + 1 == len(whole.bucket) or whole.bucket[i + 1]]  # as TensorFlow: of empty ones the last
    limits, counts = [whole.bucket_limit[i] for i in kept], [whole.bucket[i] for i in kept]
    del whole.bucket_limit[:], whole.bucket[:]
    whole.bucket_limit.extend(limits)
    whole.bucket.extend(counts)
    return whole


def events():
    yield dict(file_version="brain.Event:2", source_metadata=SourceMetadata(writer="dev.ashlar.io.events"))
    yield dict(step=7, session_log=SessionLog(status=SessionLog.START))
    start = plugin_data_pb2.SessionStartInfo(start_time_secs=TIME)
    start.hparams["a.rate"].number_value = 0.003
    start.hparams["b.units"].number_value = 0
    start.hparams["c.bias"].bool_value = False
    start.hparams["d.activation"].string_value = "relu"
    yield dict(summary=Summary(value=[hyperparameters("_hparams_/session_start_info", session_start_info=start)]))
    yield dict(step=7, summary=Summary(value=[
        value("loss/train", simple_value=0.0), value("loss/validation", simple_value=float("nan")),
        value("größe", simple_value=float("-inf")), value("large", simple_value=1.1)]))
    yield dict(step=300, summary=Summary(value=[value("parameters/dense.weight", histo=histogram())]))
    yield dict(step=2**40, summary=Summary(value=[value("inputs/0", image=Summary.Image(
        height=1, width=1, colorspace=3, encoded_image_string=PNG))]))
    yield dict(step=2**40, summary=Summary(value=[value(
        "sample", metadata=plugin("text"),
        tensor=TensorProto(dtype="DT_STRING", tensor_shape=TensorShapeProto(), string_val=["**naïve**".encode()]))]))
    end = plugin_data_pb2.SessionEndInfo(status=Status.Value("STATUS_SUCCESS"), end_time_secs=TIME)
    yield dict(step=2**40, summary=Summary(value=[hyperparameters("_hparams_/session_end_info", session_end_info=end)]))


if __name__ == "__main__":
    with open(OUT, "wb") as file:
        writer = RecordWriter(file)
        for event in events():
            writer.write(Event(wall_time=TIME, **event).SerializeToString(deterministic=True))
    seen = EventAccumulator(OUT, STORE_EVERYTHING_SIZE_GUIDANCE).Reload()
    for kind, tags in seen.Tags().items():
        for tag in tags if isinstance(tags, list) else []:
            print(kind, tag)
