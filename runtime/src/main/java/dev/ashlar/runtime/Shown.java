package dev.ashlar.runtime;

import dev.ashlar.data.Dataset;
import dev.ashlar.io.images.Png;
import dev.ashlar.io.model.Signature;
import dev.ashlar.io.tables.ColumnEncoding;
import dev.ashlar.io.tables.ColumnType;
import dev.ashlar.io.tables.DatePart;
import dev.ashlar.io.text.TextCodec;
import dev.ashlar.model.Batch;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Model;
import dev.ashlar.training.Programs;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Inputs of a model as people can look at them: text, a picture, the row of a table, or some numbers. */
final class Shown {

  /** Rows of a table that are shown; of a longer one the first. */
  private static final int ROWS = 24;
  private static final int NUMBERS = 256;
  private static final int SMALLEST_PICTURE = 5;
  private static final int LARGEST_PICTURE = 512;

  private final Signature signature;
  private final Dataset data;
  private final Optional<TextCodec> text;
  private final Optional<Shape> picture;

  Shown(Model model, Dataset data) throws IOException {
    this.signature = model.signature();
    this.data = data;
    this.text = signature.text().isPresent() ? Optional.of(signature.text().get().codec()) : Optional.empty();
    TensorType input = data.columns().get(Batch.INPUT);
    this.picture = input == null || text.isPresent() ? Optional.empty() : picture(model, input.shape(), data);
  }

  /** The form [channels, height, width] in which an input is a picture. */
  private static Optional<Shape> picture(Model model, Shape input, Dataset data) {
    // What the first layer of pictures takes says what an input is, even if that is a row of numbers.
    Optional<Shape> taken = Programs.pictures(model.block(), model.precision(), model.signature().inputTypes())
        .filter(shape -> shape.size() == input.size());
    return taken.or(() -> Shown.plain(input, data)).filter(shape ->
        (shape.dim(0) == 1 || shape.dim(0) == 3) && shape.dim(1) >= SMALLEST_PICTURE && shape.dim(2) >= SMALLEST_PICTURE
            && shape.dim(1) <= LARGEST_PICTURE && shape.dim(2) <= LARGEST_PICTURE);
  }

  private static Optional<Shape> plain(Shape input, Dataset data) {
    return switch (input.rank()) {
      case 3 -> Optional.of(input);
      case 2 -> Optional.of(input.insert(0, 1));
      case 1 -> isSquare(data.features()) ? Optional.of(square(data.features().size())) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Shape square(int pixels) {
    int side = (int) Math.round(Math.sqrt(pixels));
    return Shape.of(1, side, side);
  }

  /** Whether features are numbered points of a square, such as p00 to p77, and not merely columns without names. */
  private static boolean isSquare(List<String> features) {
    int side = (int) Math.round(Math.sqrt(features.size()));
    String stem = features.isEmpty() ? "" : features.getFirst().replaceFirst("[0-9].*", "");
    return side >= SMALLEST_PICTURE && side * side == features.size() && !stem.startsWith("column")
        && features.stream().allMatch(name -> name.startsWith(stem)
            && name.substring(stem.length()).matches("[0-9_x]+"));
  }

  /** The inputs of some examples. */
  List<Map<String, Object>> of(long... positions) throws IOException {
    Map<String, NDArray> columns = new LinkedHashMap<>();
    data.columns().forEach((name, type) ->
        columns.put(name, NDArray.zeros(type.withShape(Shape.of(positions.length).concat(type.shape())))));
    if (positions.length == 0) {
      return List.of();
    }
    data.read(positions, positions.length, columns);
    NDArray input = columns.containsKey(Batch.INPUT) ? columns.get(Batch.INPUT) : first(columns);
    float[] values = input.toFloats();
    int each = values.length / positions.length;
    Range range = Range.of(values);
    return IntStream.range(0, positions.length)
        .mapToObj(i -> shown(Arrays.copyOfRange(values, i * each, (i + 1) * each), range)).toList();
  }

  private static NDArray first(Map<String, NDArray> columns) {
    return columns.entrySet().stream().filter(e -> !e.getKey().equals(Batch.TARGET)).findFirst().orElseThrow()
        .getValue();
  }

  private Map<String, Object> shown(float[] input, Range range) {
    if (text.isPresent()) {
      int[] tokens = new int[Math.min(input.length, Worst.LONGEST)];
      Arrays.setAll(tokens, i -> (int) input[i]);
      return Map.of("text", text.get().decode(tokens));
    }
    if (picture.isPresent()) {
      return picture(input, picture.get(), range);
    }
    if (data.features().size() == input.length) {
      return row(input);
    }
    List<Object> numbers = IntStream.range(0, Math.min(input.length, NUMBERS))
        .mapToObj(i -> Findings.number(input[i])).toList();
    return Map.of("numbers", numbers, "of", input.length);
  }

  private static Map<String, Object> picture(float[] input, Shape shape, Range range) {
    int channels = shape.dim(0);
    int points = shape.dim(1) * shape.dim(2);
    byte[] samples = new byte[input.length];
    for (int i = 0; i < input.length; i++) {
      int at = (i % points) * channels + i / points; // points lie apart by channel, and together in a file
      samples[at] = (byte) Math.round(range.share(input[i]) * 255);
    }
    String file = Base64.getEncoder().encodeToString(Png.encode(shape.dim(2), shape.dim(1), samples));
    return Map.of("picture", "data:image/png;base64," + file, "width", shape.dim(2), "height", shape.dim(1));
  }

  /** The numbers from black to white. */
  private record Range(float least, float most) {
    static Range of(float[] values) {
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      for (float value : values) {
        if (Float.isFinite(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
      // Pixels as files have them keep their brightness.
      return least >= 0 && most > 64 && most <= 255 ? new Range(0, 255) : new Range(least, most);
    }

    float share(float value) {
      return most > least && !Float.isNaN(value) ? Math.clamp((value - least) / (most - least), 0, 1) : 0;
    }
  }

  // ---------------------------------------------------------------- rows of tables

  private Map<String, Object> row(float[] input) {
    List<Object> cells = new ArrayList<>();
    if (signature.encoding().isEmpty()) {
      for (int i = 0; i < input.length && i < ROWS; i++) {
        cells.add(List.of(data.features().get(i), Findings.number(input[i])));
      }
    } else {
      int at = 0;
      for (ColumnEncoding column : signature.encoding().get().columns()) {
        if (cells.size() < ROWS) {
          cells.addAll(cells(column, input, at));
        }
        at += column.features().size();
      }
    }
    return Map.of("row", cells, "of", signature.encoding().map(e -> e.columns().size()).orElse(input.length));
  }

  /** What a column had, or the numbers that stand for it. */
  private static List<Object> cells(ColumnEncoding column, float[] input, int from) {
    if (column instanceof ColumnEncoding.Category category) {
      return List.of(List.of(column.column(), category(category, input, from)));
    }
    if (column instanceof ColumnEncoding.Date date) {
      OptionalDouble days = days(date, input, from);
      if (days.isPresent()) {
        return List.of(List.of(column.column(),
            LocalDate.ofEpochDay((long) Math.floor(days.getAsDouble() + 0.01)).toString()));
      }
    }
    List<Object> cells = new ArrayList<>();
    for (int i = 0; i < column.features().size(); i++) {
      cells.add(List.of(column.features().get(i), Findings.number(input[from + i])));
    }
    return cells;
  }

  /** Days since 1970-01-01; an f32 of years is right to a hundredth of a day. */
  private static OptionalDouble days(ColumnEncoding.Date date, float[] input, int from) {
    int at = from;
    for (DatePart part : date.parts()) {
      if (part == DatePart.DAYS || part == DatePart.YEARS) {
        return OptionalDouble.of(part.days(input[at]));
      }
      at += part.features();
    }
    return OptionalDouble.empty();
  }

  private static String category(ColumnEncoding.Category category, float[] input, int from) {
    OptionalInt found = category.encode() == ColumnType.Encoding.INDEX ? OptionalInt.of((int) input[from])
        : IntStream.range(0, category.values().size()).filter(i -> input[from + i] == 1).findFirst();
    return found.isPresent() && found.getAsInt() >= 0 && found.getAsInt() < category.values().size()
        ? category.values().get(found.getAsInt()) : "unknown";
  }

  // ---------------------------------------------------------------- symbols of sequences

  /** What is told of a sequence, with the symbols that it tells of. */
  Map<String, Object> named(Map<String, Object> told) {
    if (!(told.get("sequence") instanceof Map<?, ?> sequence)) {
      return told;
    }
    Map<String, Object> named = new LinkedHashMap<>(told);
    Map<String, Object> changed = new LinkedHashMap<>();
    changed.put("right", symbols((List<?>) sequence.get("right"), true));
    changed.put("probability", sequence.get("probability"));
    changed.put("likeliest", symbols((List<?>) sequence.get("likeliest"), false));
    named.put("sequence", changed);
    return named;
  }

  /** @param inARow whether they follow each other, so that one may be written by two */
  private List<Object> symbols(List<?> numbers, boolean inARow) {
    int[] all = numbers.stream().mapToInt(number -> (Integer) number).toArray();
    List<Object> symbols = new ArrayList<>();
    String before = "";
    for (int i = 0; i < all.length; i++) {
      if (all[i] < 0) {
        symbols.add("");
      } else if (text.isEmpty()) {
        symbols.add(signature.classes().size() > all[i] ? signature.classes().get(all[i]) : Integer.toString(all[i]));
      } else if (inARow) {
        String now = text.get().decode(IntStream.rangeClosed(0, i).map(j -> all[j]).filter(t -> t >= 0).toArray());
        symbols.add(added(before, now));
        before = now;
      } else {
        symbols.add(text.get().decode(all[i]));
      }
    }
    return symbols;
  }

  private static String added(String before, String now) {
    return now.startsWith(before) ? now.substring(before.length())
        : now.isEmpty() ? "" : now.substring(Math.min(now.length(), before.length()));
  }
}
