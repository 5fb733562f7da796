package dev.ashlar.testkit;

import static dev.ashlar.testkit.Promises.require;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.NameResolver;
import dev.ashlar.config.Value;
import dev.ashlar.config.Wildcards;
import dev.ashlar.model.Block;
import dev.ashlar.model.ModelFamily;
import dev.ashlar.model.Placement;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.testkit.Promises.Promise;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The promises of {@link ModelFamilyContract}, for one example. */
record ModelFamilyChecks(ModelFamilyExample example, NameResolver names) {

  /** Numbers in the file; they are looked at one by one. */
  private static final long MOST_NUMBERS = 1 << 22;

  /** Longer sequences are not traced: that takes long, and those at hand show as much. */
  private static final int LONGEST = 2048;

  /** Where transformers keeps the output's weights, which may not be the embedding although config.json says so. */
  private static final String OUTPUT = "lm_head.weight";
  private static final String TIED = "tie_word_embeddings";

  List<Promise> all() {
    return List.of(
        new Promise("is shown by its example", this::enough),
        new Promise("is read from the publisher's config.json", () -> settings().read()),
        new Promise("can be written to config.json and read back", () -> settings().write()),
        new Promise("describes a model that is applied to tokens", () -> trace(1)),
        new Promise("takes sequences as long as it says", this::context),
        new Promise("tells mistakes in the words of config.json", this::words),
        new Promise("places every parameter, each once", this::parameters),
        new Promise("takes parameters from tensors that a file has, in their shapes", () -> placements().shapes()),
        new Promise("uses every number of a file once", () -> placements().once()),
        new Promise("passes over what a file has and does not need, and nothing else", this::unused),
        new Promise("reads a file, and writes the same one", () -> placements().roundTrip(block())));
  }

  private FamilySettings settings() {
    return new FamilySettings(example, names);
  }

  private ModelFamily family() {
    return example.family();
  }

  /** The architecture. */
  private Block block() {
    return switch (new Binder(names, Path.of("")).bind(family().architecture(), Block.class)) {
      case BindResult.Refused<Block> refused -> throw new AssertionError("architecture() is no model of the layers at"
          + " hand: " + refused.problems() + ": correct it, or put the plug-in of its layers on the test's class path");
      case BindResult.Bound<Block> made -> made.value();
    };
  }

  /** The architecture at work on tokens, [1, length]. */
  private Trace trace(int length) {
    Trace trace = Trace.inference(Precision.F32);
    Tensors outputs = trace.root().apply(block(), FamilyPlacements.tokens(length));
    require(outputs.first().dtype().isFloating(), "of tokens i32[1, " + length + "] the architecture makes "
        + outputs.first().type() + ", expected floating-point numbers, such as logits");
    require(!variables(trace).isEmpty(), "the architecture has no parameters");
    return trace;
  }

  /** Shapes of what a file holds of a model, by path. */
  private static SequencedMap<String, Shape> variables(Trace trace) {
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    trace.variables().stream().filter(Variable::isOfModel).forEach(v -> shapes.put(v.name(), v.type().shape()));
    return shapes;
  }

  private FamilyPlacements placements() {
    return new FamilyPlacements(example, variables(trace(1)));
  }

  // ---------------------------------------------------------------- the example

  void enough() {
    require(!example.tensors().isEmpty(), "the example claims no tensor, so that nothing is compared: give those that"
        + " the publisher's file of this model has, with their shapes");
    long numbers = example.tensors().values().stream().mapToLong(Shape::size).sum();
    require(numbers <= MOST_NUMBERS, "a file of the example has " + numbers + " numbers, which are looked at one by"
        + " one: give small sizes, so that there are at most " + MOST_NUMBERS);
    SequencedMap<String, Shape> matrices = variables(trace(1));
    matrices.values().removeIf(shape -> shape.rank() != 2);
    require(matrices.isEmpty() || !matrices.values().stream().allMatch(ModelFamilyChecks::isSquare),
        "all matrices are square, which hides axes that are the wrong way round: give sizes that differ");
    List<String> square = matrices.keySet().stream().filter(name -> isSquare(matrices.get(name))).toList();
    for (String name : square) {
      String pattern = name.replaceAll("\\.\\d+\\.", ".*.");
      require(example.squares().stream().anyMatch(known -> matches(known, name)), "matrix '" + name + "' is "
          + matrices.get(name) + ", square, which hides axes that are the wrong way round: give sizes that differ;"
          + " if it is square in all models of the family, say so by squares(\"" + pattern + "\")");
    }
    for (String pattern : example.squares()) {
      require(square.stream().anyMatch(name -> matches(pattern, name)), "squares of the example has '" + pattern
          + "', and no square matrix is called so; " + (square.isEmpty() ? "there are none"
          : "there are " + FamilySettings.quoted(square)));
    }
  }

  private static boolean isSquare(Shape matrix) {
    return matrix.dim(0) == matrix.dim(1);
  }

  private static boolean matches(String pattern, String name) {
    return Wildcards.pattern(pattern).matcher(name).matches();
  }

  // ---------------------------------------------------------------- the architecture

  void context() {
    int context = family().context();
    require(context >= 1, "context() is " + context + ": give the longest sequence");
    Trace one = trace(1);
    one.longestSequence().ifPresent(longest -> require(longest == context, "context() is " + context
        + ", and the architecture knows " + longest + " positions: the longest sequence is as many"));
    int length = Math.min(context, LONGEST);
    Map<String, Shape> whole = variables(trace(length));
    require(whole.equals(variables(one)), "of a sequence of " + length + " the parameters are " + whole
        + ", of one token " + variables(one) + ": they must not depend on it");
  }

  void words() {
    Binder binder = new Binder(names, Path.of(""));
    settings().words(Value.of(List.of(family().architecture(), binder.write(block(), Block.class))));
  }

  // ---------------------------------------------------------------- the file

  void parameters() {
    Trace trace = trace(1);
    SequencedMap<String, Shape> variables = variables(trace);
    Map<String, Placement> placed = new LinkedHashMap<>();
    for (Placement placement : family().placements()) {
      String name = placement.parameter();
      Placement other = placed.put(name, placement);
      if (other != null) {
        throw new AssertionError("parameter '" + name + "' is placed twice: in '" + other.tensor() + "' and in '"
            + placement.tensor() + "'");
      }
      String shared = trace.aliases().get(name);
      require(shared == null, "parameter '" + name + "' shares the values of '" + shared + "': leave it out");
      require(variables.containsKey(name), "there is no parameter '" + name + "', which is placed in '"
          + placement.tensor() + "'; the architecture has " + String.join(", ", variables.keySet()));
    }
    List<String> missing = variables.keySet().stream().filter(name -> !placed.containsKey(name)).toList();
    require(missing.isEmpty(), "placements() has nothing for " + FamilySettings.quoted(missing));
  }

  void unused() {
    List<String> used = family().placements().stream().map(Placement::tensor).distinct().toList();
    for (String pattern : family().unused()) {
      require(example.tensors().keySet().stream().anyMatch(name -> FamilyPlacements.matches(pattern, name)),
          "unused() has '" + pattern + "', and no tensor that the example claims is called so: if it is misspelt, good"
              + " files are refused; correct it, or claim such a tensor, that of an older file perhaps");
      used.stream().filter(name -> FamilyPlacements.matches(pattern, name)).findFirst().ifPresent(name -> {
        throw new AssertionError("unused() has '" + pattern + "', and tensor '" + name + "' is placed: it is needed");
      });
    }
    if (family().unused().contains(OUTPUT)) {
      outputOfItsOwn();
    }
  }

  /** A file whose output is not the embedding, although its config.json says so, is read as if that said no. */
  private void outputOfItsOwn() {
    require(settings().keys().contains(TIED), "unused() has '" + OUTPUT + "': a file in which it is not the embedding"
        + " is read with '" + TIED + ": false', and the family has no such setting, so that it would be passed over");
    ModelFamily untied = settings().with(TIED, Value.of(false));
    require(untied.unused().stream().noneMatch(pattern -> FamilyPlacements.matches(pattern, OUTPUT))
        && untied.placements().stream().anyMatch(p -> p.tensor().equals(OUTPUT)),
        "with '" + TIED + ": false', as a file is read in which '" + OUTPUT + "' is not the embedding, the family does"
            + " not place it");
  }
}
