package dev.ashlar.training;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.events.EventValue;
import dev.ashlar.io.images.Png;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Pictures of what a run learns from and of what came of it. */
final class Pictures {

  private static final int ACROSS = 4;
  private static final int MOST = ACROSS * ACROSS;
  private static final int GAP = 2;
  /** Smaller pictures are shown larger. */
  private static final int SMALL = 64;
  private static final int LARGEST = 4096;
  private static final int CELL = 24;
  private static final int LEAST_SIDE = 4;
  private static final int WHITE = 255;
  /** The colour of all of a row, whose shares are mixtures with white. */
  private static final int[] FULL = {8, 48, 107};

  private Pictures() {}

  /** The first examples of each input that is a picture, side by side. */
  static List<EventValue> inputs(Dataset data) throws IOException {
    List<EventValue> pictures = new ArrayList<>();
    int count = (int) Math.min(MOST, data.size());
    Map<String, NDArray> batch = new LinkedHashMap<>();
    data.columns().forEach((name, type) ->
        batch.put(name, NDArray.zeros(type.withShape(Shape.of(count).concat(type.shape())))));
    boolean isShown = Programs.inputs(data.columns()).values().stream().anyMatch(Pictures::isPicture);
    if (count > 0 && isShown) {
      data.read(LongStream.range(0, count).toArray(), count, batch);
      Programs.inputs(data.columns()).forEach((name, type) -> {
        if (isPicture(type)) {
          pictures.add(grid("inputs/" + name, type.shape(), batch.get(name), count));
        }
      });
    }
    return pictures;
  }

  /** [1, height, width], [3, height, width] or, of bytes, [height, width]. */
  private static boolean isPicture(TensorType type) {
    Shape shape = type.shape();
    boolean isPlain = shape.rank() == 2 && type.dtype() == DType.U8;
    boolean isLayered = shape.rank() == 3 && (shape.dim(0) == 1 || shape.dim(0) == 3);
    return (isPlain || isLayered) && shape.dim(-1) >= LEAST_SIDE && shape.dim(-2) >= LEAST_SIDE
        && ACROSS * Math.max(shape.dim(-1), shape.dim(-2)) <= LARGEST;
  }

  private static EventValue grid(String tag, Shape shape, NDArray values, int count) {
    int channels = shape.rank() == 3 ? shape.dim(0) : 1;
    int height = shape.dim(-2);
    int width = shape.dim(-1);
    int zoom = Math.max(1, Math.ceilDiv(SMALL, Math.max(height, width)));
    int across = Math.min(ACROSS, count);
    Canvas canvas = new Canvas(across * (zoom * width + GAP) - GAP,
        Math.ceilDiv(count, across) * (zoom * height + GAP) - GAP);
    Scale scale = Scale.of(values);
    for (int i = 0; i < count; i++) {
      long first = (long) i * channels * height * width;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int[] colour = new int[3];
          for (int c = 0; c < 3; c++) {
            long at = first + ((long) Math.min(c, channels - 1) * height + y) * width + x;
            colour[c] = scale.level(values.get(at));
          }
          canvas.fill(i % across * (zoom * width + GAP) + x * zoom, i / across * (zoom * height + GAP) + y * zoom,
              zoom, colour);
        }
      }
    }
    return canvas.picture(tag);
  }

  /** Rows of targets, columns of what they were taken for, dark where much of a row is. */
  static EventValue matrix(String tag, ClassTable table) {
    int classes = table.rows().length;
    int side = Math.clamp(LARGEST / Math.max(1, classes), 1, CELL);
    int gap = side > GAP ? 1 : 0;
    Canvas canvas = new Canvas(classes * side, classes * side);
    for (int row = 0; row < classes; row++) {
      double all = Arrays.stream(table.rows()[row]).sum();
      for (int column = 0; column < classes; column++) {
        double share = all > 0 ? table.rows()[row][column] / all : 0;
        int[] colour = Arrays.stream(FULL).map(full -> (int) Math.round(WHITE + share * (full - WHITE))).toArray();
        canvas.fill(column * side, row * side, side - gap, colour);
      }
    }
    return canvas.picture(tag);
  }

  /** From least, black, to greatest, white: 0 to 255 or 0 to 1 where that may be meant. */
  private record Scale(double least, double greatest) {

    static Scale of(NDArray values) {
      double least = 0;
      double greatest = 0;
      for (long i = 0; i < values.size(); i++) {
        double value = values.get(i);
        if (Double.isFinite(value)) {
          least = Math.min(least, value);
          greatest = Math.max(greatest, value);
        }
      }
      boolean isByte = least >= 0 && greatest > 1 && greatest <= WHITE && greatest > WHITE / 2;
      boolean isShare = least >= 0 && greatest <= 1;
      return isByte ? new Scale(0, WHITE) : isShare ? new Scale(0, 1) : new Scale(least, greatest);
    }

    int level(double value) {
      return (int) Math.round(WHITE * Math.clamp((value - least) / (greatest - least), 0.0, 1.0));
    }
  }

  /** A picture that is being drawn, gray in the beginning. */
  private static final class Canvas {
    private final int width;
    private final int height;
    private final byte[] samples;

    Canvas(int width, int height) {
      this.width = width;
      this.height = height;
      this.samples = new byte[3 * width * height];
      Arrays.fill(samples, (byte) 0xcc);
    }

    void fill(int left, int top, int side, int[] colour) {
      for (int y = top; y < top + side; y++) {
        for (int x = left; x < left + side; x++) {
          for (int c = 0; c < 3; c++) {
            samples[3 * (y * width + x) + c] = (byte) colour[c];
          }
        }
      }
    }

    EventValue picture(String tag) {
      return new EventValue.Picture(tag, width, height, Png.encode(width, height, samples));
    }
  }
}
