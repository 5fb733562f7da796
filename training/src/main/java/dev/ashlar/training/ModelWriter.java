package dev.ashlar.training;

import dev.ashlar.config.FileException;
import dev.ashlar.config.Value;
import dev.ashlar.io.huggingface.HuggingFaceExport;
import dev.ashlar.io.model.ModelDescription;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.model.Signature;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.tokenizers.Tokenizer;
import dev.ashlar.model.Precision;
import dev.ashlar.model.Trace;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Writes a model: as one file of ours, or as a Hugging Face folder.
 *
 * @param architecture what it computes
 * @param precision in which types
 * @param foreign where its parameters lie, if that is in a stranger's folder
 * @param notes what its file says beside
 * @param signature what it takes and gives
 * @param traced inputs that it is traced with
 * @param store of its parameters
 */
record ModelWriter(Architecture architecture, Precision precision, Optional<ForeignWeights> foreign,
    Map<String, String> notes, Signature signature, SequencedMap<String, TensorType> traced, VariableStore store) {

  /**
   * What a file of a model says beside the values, and the types of these.
   *
   * @param description all but the values
   * @param types of the values by name, in their order
   */
  record Form(ModelDescription description, SequencedMap<String, TensorType> types) {}

  private Computation predict(Trace trace) {
    return Programs.predict(architecture, traced, 1, trace);
  }

  /** Trained parameters; one that is used in several places stands once. */
  List<Variable> trained() {
    return predict(Trace.inference(precision)).variables().stream()
        .filter(variable -> variable.kind() == Variable.Kind.PARAMETER).toList();
  }

  /** What a file of a model that was trained here would be. */
  Form form(Registry plugins) {
    Trace trace = Trace.inference(precision);
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    predict(trace).variables().stream().filter(Variable::isOfModel).forEach(v -> types.put(v.name(), v.type()));
    return new Form(Saved.description(architecture, signature, precision, plugins).withAliases(trace.aliases()), types);
  }

  /** See {@link Model#save(Path, Registry, DType)}. */
  void save(Path file, Registry plugins, DType parameters) throws IOException {
    if (!parameters.isFloating()) {
      throw new IllegalArgumentException("parameters are floating-point numbers, not " + parameters);
    }
    Precision saved = new Precision(parameters, precision.compute(), precision.output());
    Trace trace = Trace.inference(saved);
    Computation predict = predict(trace);
    ModelDescription description = Saved.description(architecture, withTokenizer(), saved, plugins)
        .withAliases(trace.aliases()).withNotes(notes);
    if (foreign.isPresent()) {
      foreign.get().save(file, description, predict.variables(), store);
    } else {
      ModelFile.write(file, description, predict.variables(), store);
    }
  }

  /** See {@link Model#exportTo(Path, Registry, boolean)}. */
  void exportTo(Path folder, Registry plugins, boolean overwrite) throws IOException {
    SequencedMap<String, TensorType> kept = store.types();
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    predict(Trace.inference(precision)).variables().stream().filter(Variable::isOfModel).forEach(v ->
        types.put(v.name(), foreign.map(weights -> weights.typeOf(v)).orElseGet(() -> kept.get(v.name()))));
    Value tree = Saved.description(architecture, signature, precision, plugins).architecture();
    HuggingFaceExport export = ForeignModels.export(tree, notes, types, withTokenizer(), plugins);
    export.write(folder, overwrite, name -> foreign
        .map(weights -> weights.parameter(name, types.get(name), store)).orElseGet(() -> store.read(name)));
  }

  /** The signature with the tokenizer of a stranger's folder, which is read when it is needed. */
  private Signature withTokenizer() throws FileException {
    Optional<Path> tokenizer = foreign.flatMap(weights -> weights.folder().tokenizer());
    return tokenizer.isEmpty() ? signature
        : signature.withText(Optional.of(TextEncoding.of(Tokenizer.read(tokenizer.get()))));
  }
}
