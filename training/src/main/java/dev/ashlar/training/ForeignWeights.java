package dev.ashlar.training;

import dev.ashlar.config.BindResult;
import dev.ashlar.config.Binder;
import dev.ashlar.config.ConfigException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Problem;
import dev.ashlar.config.Value;
import dev.ashlar.io.huggingface.HuggingFaceFolder;
import dev.ashlar.io.huggingface.Placing;
import dev.ashlar.io.model.ModelDescription;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.model.Signature;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Stored;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Parameters that are read out of the tensors of a stranger's folder, in place.
 *
 * @param folder that they come from
 * @param stored where each is
 */
record ForeignWeights(HuggingFaceFolder folder, Map<String, Stored> stored) {

  private static final String CONFIG = "config.json";

  static Model load(Path path, Registry plugins, Backend backend, boolean ownsBackend) throws IOException {
    HuggingFaceFolder folder = HuggingFaceFolder.read(path, plugins);
    return Saved.whole(path.resolve(CONFIG), folder.family().keys(),
        () -> load(folder, path, plugins, backend, ownsBackend));
  }

  private static Model load(HuggingFaceFolder folder, Path path, Registry plugins, Backend backend, boolean ownsBackend)
      throws IOException {
    Block model = bound(new Binder(plugins, path).bind(folder.family().architecture(), Block.class), folder);
    Architecture architecture = Architecture.of(model);
    SequencedMap<String, TensorType> token = inputs(1);
    Computation predict = Programs.predict(architecture, Precision.F32, token, 1);
    HuggingFaceFolder.Weights weights = folder.weights(predict.variables());
    Signature signature = signature(predict, folder.family().context());
    VariableStore store = backend.newStore();
    weights.arrays().forEach(store::adopt);
    return new Model(architecture, Precision.F32, Optional.of(new ForeignWeights(folder, weights.stored())),
        ForeignModels.notes(folder, plugins), signature, store, backend, ownsBackend);
  }

  /** Mistakes in the architecture come from what config.json says; the same one in several blocks is told once. */
  private static Block bound(BindResult<Block> result, HuggingFaceFolder folder) {
    return switch (result) {
      case BindResult.Bound<Block>(var model) -> model;
      case BindResult.Refused<Block>(var problems) -> throw new ConfigException(problems.stream()
          .map(p -> new Problem(place(p.place().path(), folder), p.found(), p.expected(), p.help()))
          .distinct().toList());
    };
  }

  /** Where config.json says what stands at this path of the architecture. */
  private static Place place(String path, HuggingFaceFolder folder) {
    String file = folder.path().resolve(CONFIG).toString();
    String key = folder.family().keys().get(path.substring(path.lastIndexOf('.') + 1));
    if (key == null) {
      return new Place(file + ": the architecture, " + path, null);
    }
    Value said = folder.config().get(key);
    return said == null || said.place().location() == null ? new Place(file + ": " + key, null)
        : new Place(key, said.place().location());
  }

  private static SequencedMap<String, TensorType> inputs(int length) {
    return new LinkedHashMap<>(Map.of(Batch.INPUT, TensorType.of(DType.I32, length)));
  }

  /** An output for each token; the longest sequence is not traced, for that would take long. */
  private static Signature signature(Computation predict, int context) {
    SequencedMap<String, TensorType> outputs = Predictors.ofOne(predict);
    outputs.replaceAll((name, type) -> type.shape().rank() > 0 && type.shape().dim(0) == 1
        ? type.withShape(type.shape().with(0, context)) : type);
    return Signature.of(inputs(context), outputs, List.of(), List.of());
  }

  /** The element type of all parameters; that of their computation if they have several. */
  DType dtype() {
    List<DType> types = stored.values().stream().map(parameter -> parameter.type().dtype()).distinct().toList();
    return types.size() == 1 ? types.getFirst() : Precision.F32.compute();
  }

  /** Writes a file of ours: every parameter under its own name. */
  void save(Path file, ModelDescription description, Collection<Variable> variables, VariableStore store)
      throws IOException {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    variables.stream().filter(Variable::isOfModel)
        .forEach(v -> types.put(v.name(), v.type()));
    ModelFile.write(file, description, types, name -> parameter(name, types.get(name), store));
  }

  /** Type of a parameter, in the element type that it has there. */
  TensorType typeOf(Variable parameter) {
    return parameter.type().withDType(stored.get(parameter.name()).type().dtype());
  }

  /** A parameter's values. */
  NDArray parameter(String name, TensorType type, VariableStore store) {
    NDArray value = NDArray.zeros(type.withDType(stored.get(name).type().dtype()));
    Placing.read(stored.get(name).placement(), store.read(stored.get(name).placement().tensor()), value);
    return value;
  }
}
