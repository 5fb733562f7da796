package dev.ashlar.testkit;

import dev.ashlar.api.Stable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.TensorType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Numbers that something else computed, from a text file that a committed script wrote. A line {@code case
 * NAME} opens a case; every other line is {@code KEY TYPE EXTENTS VALUE..}, extents separated by commas,
 * {@code -} for a scalar.
 *
 * @param name of the case
 * @param arrays by key, in the order of the file
 */
@Stable
public record ExpectedNumbers(String name, SequencedMap<String, NDArray> arrays) {

  /**
   * All cases of a file, by name.
   *
   * @param beside a class in whose package the file is
   */
  public static SequencedMap<String, ExpectedNumbers> read(Class<?> beside, String file) {
    SequencedMap<String, ExpectedNumbers> cases = new LinkedHashMap<>();
    for (String line : lines(beside, file)) {
      String[] words = line.split(" ");
      if (words[0].equals("case")) {
        cases.put(words[1], new ExpectedNumbers(words[1], new LinkedHashMap<>()));
      } else if (!line.isBlank()) {
        cases.lastEntry().getValue().arrays.put(words[0], array(words));
      }
    }
    return cases;
  }

  private static List<String> lines(Class<?> beside, String file) {
    try (InputStream stream = beside.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalArgumentException("no file '" + file + "' beside " + beside.getName());
      }
      return new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII)).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NDArray array(String[] words) {
    int[] dims = words[2].equals("-")
        ? new int[0]
        : Arrays.stream(words[2].split(",")).mapToInt(Integer::parseInt).toArray();
    NDArray array = NDArray.zeros(TensorType.of(DType.valueOf(words[1].toUpperCase(Locale.ROOT)), dims));
    for (int i = 3; i < words.length; i++) {
      array.set(i - 3, Double.parseDouble(words[i]));
    }
    return array;
  }

  /**
   * The array of a key.
   *
   * @throws IllegalArgumentException if the case has none: lists its keys
   */
  public NDArray get(String key) {
    NDArray array = arrays.get(key);
    if (array == null) {
      throw new IllegalArgumentException("case '" + name + "' has no '" + key + "', only " + arrays.keySet());
    }
    return array;
  }

  /** Arrays whose key starts with {@code group.}, by the rest of it. */
  public SequencedMap<String, NDArray> group(String group) {
    SequencedMap<String, NDArray> found = new LinkedHashMap<>();
    arrays.forEach((key, array) -> {
      if (key.startsWith(group + ".")) {
        found.put(key.substring(group.length() + 1), array);
      }
    });
    return found;
  }

  /**
   * Fails unless the arrays have one shape and agree: the difference over the larger of 1 and the expected
   * magnitude is at most {@code bound}.
   *
   * @param what for the message
   */
  public static void assertClose(String what, NDArray found, NDArray expected, double bound) {
    if (!found.shape().equals(expected.shape())) {
      throw new AssertionError(what + ": expected shape " + expected.shape() + ", found " + found.shape());
    }
    long worst = -1;
    double most = bound;
    for (long i = 0; i < found.size(); i++) {
      double f = found.get(i);
      double e = expected.get(i);
      double error = Double.compare(f, e) == 0 ? 0 : Math.abs(f - e) / Math.max(1, Math.abs(e));
      if (!(error <= most)) {
        worst = i;
        most = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
      }
    }
    if (worst >= 0) {
      throw new AssertionError(what + ": element " + Values.index(found.type(), worst) + " of " + found.type()
          + " is " + found.get(worst) + ", expected " + expected.get(worst) + ": " + most
          + " apart, more than the bound " + bound);
    }
  }

  /** The same values with floating-point arrays in another element type. */
  public static <K> SequencedMap<K, NDArray> cast(Map<K, NDArray> arrays, DType dtype) {
    SequencedMap<K, NDArray> result = new LinkedHashMap<>();
    arrays.forEach((key, array) -> result.put(key, array.dtype().isFloating() ? array.cast(dtype) : array));
    return result;
  }
}
