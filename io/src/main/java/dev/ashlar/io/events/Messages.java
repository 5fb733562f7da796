package dev.ashlar.io.events;

import java.util.function.Consumer;

/**
 * The messages of event files, with the numbers that their fields have in TensorFlow's {@code event.proto}, {@code
 * summary.proto}, {@code histogram.proto}, {@code tensor.proto} and {@code types.proto}, and in TensorBoard's {@code
 * hparams/plugin_data.proto} and {@code hparams/api.proto}.
 */
final class Messages {

  /** The version that says that a restarted run says so. */
  static final String VERSION = "brain.Event:2";

  static final int TIME = 1;
  static final int STEP = 2;
  static final int FILE_VERSION = 3;
  static final int SUMMARY = 5;
  static final int SESSION = 7;
  static final int SOURCE = 10;
  static final int SESSION_START = 1;
  static final int START_INFO = 3;
  static final int END_INFO = 4;

  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int IMAGE = 4;
  private static final int HISTOGRAM = 5;
  private static final int TENSOR = 8;
  private static final int METADATA = 9;
  private static final int FLOAT = 1;
  private static final int STRING = 7;
  private static final int RGB = 3;
  private static final int DATA_CLASS = 4;
  private static final int TENSORS = 2;

  private Messages() {}

  /** A {@code Summary.Value}. */
  static void value(Wire wire, EventValue value) {
    wire.text(TAG, value.tag());
    switch (value) {
      case EventValue.Scalar scalar -> wire.always().number(SIMPLE_VALUE, (float) scalar.value());
      case EventValue.Distribution d -> wire.message(HISTOGRAM, histogram(d.histogram()));
      case EventValue.Picture picture -> wire.message(IMAGE, image -> image.number(1, (long) picture.height())
          .number(2, (long) picture.width()).number(3, (long) RGB).bytes(4, picture.encoded()));
      case EventValue.Text text -> wire
          .message(TENSOR, tensor -> tensor.number(1, (long) STRING).message(2, shape -> {}).text(8, text.markdown()))
          .message(METADATA, metadata(plugin -> plugin.text(1, "text")));
    }
  }

  private static Consumer<Wire> metadata(Consumer<Wire> plugin) {
    return metadata -> metadata.message(1, plugin).number(DATA_CLASS, (long) TENSORS);
  }

  private static Consumer<Wire> histogram(Histogram histogram) {
    return wire -> wire.number(1, histogram.min()).number(2, histogram.max()).number(3, (double) histogram.count())
        .number(4, histogram.sum()).number(5, histogram.sumOfSquares())
        .numbers(6, histogram.limits()).numbers(7, histogram.counts());
  }

  /** A {@code Summary.Value} for the tab of hyper-parameters: its data stand in the metadata, its tensor is empty. */
  static void hyperparameters(Wire wire, String tag, int kind, Consumer<Wire> info) {
    byte[] data = new Wire().message(kind, info).toBytes();
    wire.text(TAG, tag)
        .message(TENSOR, tensor -> tensor.number(1, (long) FLOAT).message(2, shape -> shape.message(2, dim -> {})))
        .message(METADATA, metadata(plugin -> plugin.text(1, "hparams").bytes(2, data)));
  }

  /** An entry of a map from names to {@code google.protobuf.Value}. */
  static Consumer<Wire> entry(String name, Object value) {
    return entry -> entry.text(1, name).message(2, wire -> {
      switch (value) {
        case Boolean isTrue -> wire.always().number(4, isTrue ? 1L : 0L);
        case Number number -> wire.always().number(2, number.doubleValue());
        default -> wire.text(3, String.valueOf(value));
      }
    });
  }

  /** A {@code Status}; of a run that may go on it is not known. */
  static long status(EventFile.Outcome outcome) {
    return switch (outcome) {
      case STOPPED -> 0;
      case SUCCESS -> 1;
      case FAILURE -> 2;
    };
  }
}
