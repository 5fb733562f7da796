package dev.ashlar.io.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.Golden;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.model.Precision;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final Path FIRST_RELEASE =
      Path.of("src/test/resources/dev/ashlar/io/model/release-1.safetensors");

  @TempDir Path folder;

  private static ModelDescription description() {
    var architecture = Value.parse(
        "[{\"layers:embedding@1\": {vocabulary: 3, width: 2}, as: words},"
            + " {\"layers:tied@1\": {to: words, scale: 0.1, text: \"ä \\\" \\n\"}}]", "test")
                .withoutLocations();
    var signature = Signature.of(
        Map.of("input", TensorType.of(DType.I32, 4)), Map.of("output", TensorType.of(DType.F32, 4, 3)),
        List.of("red", "green", "blau \"ü\""), List.of("f1"));
    return ModelDescription.of(architecture, signature)
        .withTransforms(Value.parse("[{\"io:divide@1\": {by: 16}}]", "test").withoutLocations())
        .withPlugins(List.of(new PluginVersion("layers", "0.1.0"), new PluginVersion("io", "0.1.0")))
        .withAliases(Map.of("tied.weight", "words.weight"))
        .withNotes(Map.of("title", "a small model"));
  }

  private static SequencedMap<String, NDArray> values() {
    SequencedMap<String, NDArray> values = new LinkedHashMap<>();
    values.put("words.weight", NDArray.of(Shape.of(3, 2), 1f, -2f, 0.5f, Float.MIN_VALUE, Float.NaN,
        3.4028235e38f));
    values.put("norm.count", NDArray.of(Shape.of(1), 7));
    values.put("norm.mean", NDArray.of(Shape.of(2), 0.25, -1e300));
    values.put("norm.scale", NDArray.of(Shape.of(2), 0.25f, 3f).cast(DType.BF16));
    return values;
  }

  private static Variable variable(String name, Variable.Kind kind, TensorType type) {
    var before = Tensor.input(name, type);
    return new Variable(name, kind, before, before, Tensor.zeros(type));
  }

  private static List<Variable> variables() {
    return List.of(
        variable("words.weight", Variable.Kind.PARAMETER, TensorType.of(DType.F32, 3, 2)),
        variable("words.weight.momentum", Variable.Kind.SLOT, TensorType.of(DType.F32, 3, 2)),
        variable("cache", Variable.Kind.SESSION, TensorType.of(DType.F32, 9)),
        variable("norm.count", Variable.Kind.STATE, TensorType.of(DType.I32, 1)),
        variable("norm.mean", Variable.Kind.STATE, TensorType.of(DType.F64, 2)),
        variable("norm.scale", Variable.Kind.PARAMETER, TensorType.of(DType.BF16, 2)));
  }

  private static void assertIsTheModel(ModelFile file) throws FileException {
    assertThat(file.description().architecture().withoutLocations()).isEqualTo(description().architecture());
    assertThat(file.description().transforms().withoutLocations()).isEqualTo(description().transforms());
    assertThat(file.description().signature()).isEqualTo(description().signature());
    assertThat(file.description().plugins()).isEqualTo(description().plugins());
    assertThat(file.description().aliases()).isEqualTo(description().aliases());
    assertThat(file.description().notes()).isEqualTo(description().notes());
    var read = file.values(variables());
    assertThat(read.keySet()).containsExactlyElementsOf(values().keySet());
    read.forEach((name, array) -> {
      assertThat(array.type()).isEqualTo(values().get(name).type());
      assertThat(array.toDoubles()).isEqualTo(values().get(name).toDoubles());
    });
  }

  @Test
  void roundTrip() throws IOException {
    var path = folder.resolve("model.safetensors");
    ModelFile.write(path, description(), values());

    assertIsTheModel(ModelFile.read(path));
    assertIsTheModel(ModelFile.read(Files.readAllBytes(path), "bytes"));
    assertIsTheModel(ModelFile.read(new ByteArrayInputStream(Files.readAllBytes(path)), "stream"));
    assertThat(ModelFile.read(path).description().signature().inputTypes())
        .containsExactly(Map.entry("input", TensorType.of(DType.I32, 4)));
  }

  @Test
  void sameModelSameBytes() throws IOException {
    ModelFile.write(folder.resolve("a"), description(), values());
    var read = ModelFile.read(folder.resolve("a"));
    ModelFile.write(folder.resolve("b"), read.description(), read.values(variables()));

    assertThat(folder.resolve("b")).hasSameBinaryContentAs(folder.resolve("a"));
  }

  @Test
  void keepsThePrecision() throws IOException {
    var mixed = new Precision(DType.F32, DType.BF16, DType.F64);
    ModelFile.write(folder.resolve("a"), description().withPrecision(mixed), values());

    assertThat(ModelFile.read(folder.resolve("a")).description().precision()).isEqualTo(mixed);
  }

  /** This file is never written anew: what the first release wrote must load for ever. */
  @Test
  void filesOfTheFirstReleaseKeepLoading() throws IOException {
    boolean first = Files.notExists(FIRST_RELEASE) && "write".equals(System.getProperty("golden"));
    if (first) ModelFile.write(FIRST_RELEASE, description(), values());
    assertIsTheModel(ModelFile.read(FIRST_RELEASE));
    assertThat(ModelFile.read(FIRST_RELEASE).description().precision()).isEqualTo(Precision.F32);
  }

  @Test
  void storesSaveParametersAndStateAlone() throws IOException {
    var store = new MapStore();
    values().forEach(store::write);
    store.write("words.weight.momentum", NDArray.zeros(TensorType.of(DType.F32, 3, 2)));
    store.write("cache", NDArray.zeros(TensorType.of(DType.F32, 9)));
    ModelFile.write(folder.resolve("a"), description(), variables(), store);

    assertThat(SafeTensors.open(folder.resolve("a")).names())
        .containsExactlyInAnyOrderElementsOf(values().keySet());
    var other = new MapStore();
    ModelFile.read(folder.resolve("a")).copyTo(other, variables());
    assertThat(other.types().keySet()).containsExactlyElementsOf(values().keySet());
    assertThat(other.read("norm.count").toInts()).containsExactly(7);
  }

  @Test
  void lentValuesAreNotCopied() throws IOException {
    ModelFile.write(folder.resolve("a"), description(), values());
    var lent = new java.util.HashMap<String, NDArray>();
    var store = new MapStore() {
      @Override
      public void adopt(String name, NDArray value) {
        lent.put(name, value);
      }
    };
    ModelFile.read(folder.resolve("a")).lendTo(store, variables());
    assertThat(lent.keySet()).containsExactlyInAnyOrderElementsOf(values().keySet());
    assertThat(lent.values()).allMatch(value -> value.data().isMapped());
  }

  @Test
  void narrowWeightsAreWidened() throws IOException {
    ModelFile.write(folder.resolve("a"), description(), values());
    var wider = variables().stream()
        .map(v -> v.name().equals("norm.scale") ? variable(v.name(), v.kind(), v.type().withDType(DType.F32))
            : v)
        .toList();

    assertThat(ModelFile.read(folder.resolve("a")).values(wider).get("norm.scale").toFloats())
        .containsExactly(0.25f, 3f);
  }

  @Test
  void messages() throws IOException {
    var messages = new LinkedHashMap<String, String>();
    var metadata = Metadata.write(description());
    note(messages, "weights of another program", without(metadata, "ashlar.format"));
    note(messages, "a newer format", with(metadata, "ashlar.format", "2"));
    note(messages, "a format that is no number", with(metadata, "ashlar.format", "one"));
    note(messages, "no architecture", without(metadata, "ashlar.architecture"));
    note(messages, "architecture that is no JSON", with(metadata, "ashlar.architecture", "[{dense: 10}]"));
    note(messages, "signature of another type", with(metadata, "ashlar.signature",
        "{\"inputs\": [], \"outputs\": {}}"));
    note(messages, "unknown element type", with(metadata, "ashlar.signature",
        metadata.get("ashlar.signature").replace("i32", "i31")));
    note(messages, "unknown precision", with(metadata, "ashlar.precision",
        metadata.get("ashlar.precision").replaceFirst("f32", "f31")));
    note(messages, "plug-ins that are no list", with(metadata, "ashlar.plugins", "{}"));
    note(messages, "a plug-in without version", with(metadata, "ashlar.plugins", "[{\"name\": \"layers\"}]"));
    note(messages, "aliases that are no map", with(metadata, "ashlar.aliases", "{\"a\": 1}"));
    note(messages, "an alias for nothing", with(metadata, "ashlar.aliases", "{\"a\": \"b\"}"));
    var path = folder.resolve("model.safetensors");
    ModelFile.write(path, description(), values());
    mismatch(messages, "a tensor missing", "words.weights", TensorType.of(DType.F32, 3, 2));
    mismatch(messages, "another shape", "words.weight", TensorType.of(DType.F32, 2, 3));
    mismatch(messages, "narrower", "words.weight", TensorType.of(DType.F16, 3, 2));
    var thrown = catchThrowable(() -> ModelFile.read(path).values(variables().subList(0, 4)));
    messages.put("more than the model has", thrown.getMessage().replace(folder.toString(), "DIR"));
    Golden.check("dev/ashlar/io/model/bad.txt", messages);
  }

  private void mismatch(Map<String, String> messages, String what, String name, TensorType type) {
    var path = folder.resolve("model.safetensors");
    var thrown = catchThrowable(() ->
        ModelFile.read(path).values(List.of(variable(name, Variable.Kind.PARAMETER, type))));
    assertThat(thrown).as(what).isInstanceOf(FileException.class);
    messages.put(what, thrown.getMessage().replace(folder.toString(), "DIR"));
  }

  private void note(
      Map<String, String> messages, String what, Map<String, String> metadata) throws IOException {
    var path = folder.resolve("model.safetensors");
    SafeTensors.write(path, values(), metadata);
    var thrown = catchThrowable(() -> ModelFile.read(path));
    assertThat(thrown).as(what).isInstanceOf(FileException.class);
    messages.put(what, thrown.getMessage().replace(folder.toString(), "DIR"));
  }

  private static Map<String, String> with(Map<String, String> metadata, String key, String value) {
    var copy = new LinkedHashMap<>(metadata);
    copy.put(key, value);
    return copy;
  }

  private static Map<String, String> without(Map<String, String> metadata, String key) {
    var copy = new LinkedHashMap<>(metadata);
    copy.remove(key);
    return copy;
  }

  @Test
  void mistakesOfTheProgramAreRefused() {
    var path = folder.resolve("a");
    assertThatThrownBy(() -> description().withNotes(Map.of("ashlar.format", "1")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ModelFile.write(path, description().withAliases(Map.of("a", "b")), values()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("alias 'a' of 'b' among");
    assertThat(path).doesNotExist();
  }

  @Test
  void damageNeverGivesAnythingButAProblem() throws IOException {
    ModelFile.write(folder.resolve("good"), description(), values());
    var good = Files.readAllBytes(folder.resolve("good"));
    var random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      var bad = i % 5 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      for (int k = random.nextInt(3); k >= 0 && bad.length > 0; k--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        ModelFile.read(bad, "bad").values(variables());
      } catch (FileException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1500, 2999);
  }

  private static class MapStore implements VariableStore {
    private final SequencedMap<String, NDArray> values = new LinkedHashMap<>();

    @Override
    public SequencedMap<String, TensorType> types() {
      SequencedMap<String, TensorType> types = new LinkedHashMap<>();
      values.forEach((name, array) -> types.put(name, array.type()));
      return types;
    }

    @Override
    public NDArray read(String name) {
      return values.get(name).copy();
    }

    @Override
    public void write(String name, NDArray value) {
      values.put(name, value.copy());
    }

    @Override
    public VariableStore overlay() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
