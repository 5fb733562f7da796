package dev.ashlar.io.model;

import dev.ashlar.config.Default;
import dev.ashlar.io.tables.TableEncoding;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.model.Link;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What goes into a model and what comes out.
 *
 * @param inputs by name, in order, before any transform
 * @param outputs by name, in order; the first is the main one
 * @param classes that the main output tells apart, in order; empty where there are none
 * @param features of the main input, in order; empty where they have no names
 * @param targets names of the numbers that the main output gives, in order; empty where they have none
 * @param link how scores in the main output become probabilities
 * @param encoding what stands for the columns of a table in the main input; none where they are numbers as they stand
 * @param text what numbers stand for text in the main input; none where it is none
 */
public record Signature(
    Map<String, Port> inputs,
    Map<String, Port> outputs,
    @Default("[]") List<String> classes,
    @Default("[]") List<String> features,
    @Default("[]") List<String> targets,
    @Default("identity") Link link,
    Optional<TableEncoding> encoding,
    Optional<TextEncoding> text) {

  /** Names that are shown of many. */
  private static final int LISTED = 8;

  /**
   * One input or output.
   *
   * @param dtype element type
   * @param shape of one example, without the batch axis
   */
  public record Port(DType dtype, @Default("[]") List<Integer> shape) {
    /** Checks the extents. */
    public Port {
      shape = List.copyOf(shape);
      if (shape.stream().anyMatch(extent -> extent < 0)) {
        throw new IllegalArgumentException("extents of 0 or more");
      }
    }

    /** As a type. */
    public TensorType type() {
      return new TensorType(dtype, Shape.of(shape.stream().mapToInt(Integer::intValue).toArray()));
    }
  }

  /** Copies lists and maps; keeps the order of the maps. */
  public Signature {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    classes = List.copyOf(classes);
    features = List.copyOf(features);
    targets = List.copyOf(targets);
  }

  /** A signature from types of one example. */
  public static Signature of(
      Map<String, TensorType> inputs, Map<String, TensorType> outputs, List<String> classes,
      List<String> features) {
    return new Signature(
        ports(inputs), ports(outputs), classes, features, List.of(), Link.IDENTITY, Optional.empty(),
        Optional.empty());
  }

  /** The same with names of the numbers in the main output. */
  public Signature withTargets(List<String> names) {
    return new Signature(inputs, outputs, classes, features, names, link, encoding, text);
  }

  /** The same with scores that become probabilities in this way. */
  public Signature withLink(Link other) {
    return new Signature(inputs, outputs, classes, features, targets, other, encoding, text);
  }

  /** The same with an input of tables that are encoded in this way. */
  public Signature withEncoding(Optional<TableEncoding> other) {
    return new Signature(inputs, outputs, classes, features, targets, link, other, text);
  }

  /** The same with an input of text that is numbered in this way. */
  public Signature withText(Optional<TextEncoding> other) {
    return new Signature(inputs, outputs, classes, features, targets, link, encoding, other);
  }

  /** Types of one example of each input, in order. */
  public SequencedMap<String, TensorType> inputTypes() {
    return types(inputs);
  }

  /** Types of one example of each output, in order. */
  public SequencedMap<String, TensorType> outputTypes() {
    return types(outputs);
  }

  /**
   * A line for each input and output: name, type and what it is made of or means.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    inputTypes().forEach((name, type) -> line(text, "input", inputs, name, type,
        text.isEmpty() && !features.isEmpty() ? " of " + some(features) : ""));
    int main = text.length();
    outputTypes().forEach((name, type) -> line(text, "output", outputs, name, type,
        text.length() > main ? "" : !classes.isEmpty() ? ", scores of " + some(classes)
            : !targets.isEmpty() ? ", " + some(targets) : ""));
    return text.toString();
  }

  private static void line(
      StringBuilder text, String what, Map<String, Port> all, String name, TensorType type, String more) {
    text.append(text.isEmpty() ? "" : "\n").append(what)
        .append(all.size() > 1 || !name.equals(what) ? " " + name : "").append(": ").append(type).append(more);
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(LISTED, names.size()))) + (names.size() > LISTED ? " .." : "");
  }

  private static Map<String, Port> ports(Map<String, TensorType> types) {
    Map<String, Port> ports = new LinkedHashMap<>();
    types.forEach((name, type) -> {
      var dims = type.shape().dims();
      ports.put(name, new Port(type.dtype(), Arrays.stream(dims).boxed().toList()));
    });
    return ports;
  }

  private static SequencedMap<String, TensorType> types(Map<String, Port> ports) {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    ports.forEach((name, port) -> types.put(name, port.type()));
    return types;
  }
}
