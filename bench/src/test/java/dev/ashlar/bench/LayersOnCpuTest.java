package dev.ashlar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.autodiff.Gradients;
import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.backend.cpu.Emission;
import dev.ashlar.config.Binder;
import dev.ashlar.config.Value;
import dev.ashlar.model.Block;
import dev.ashlar.model.Mode;
import dev.ashlar.plugin.Registry;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Tensors;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.testkit.ExpectedNumbers;
import dev.ashlar.testkit.Trial;
import dev.ashlar.testkit.Values;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Layers as a configuration says them, with their gradients: the CPU backend gives what the reference gives, and both
 * emitters the same bits, for one thread and for two.
 */
class LayersOnCpuTest {

  private static final Binder BINDER = new Binder(Registry.discover(), Path.of("."));

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {conv1d: {filters: 6, kernel: 3, stride: 2, padding: [2, 0], activation: relu}}               | 3 4 19
      {conv1d: {filters: 8, kernel: 5, padding: same, dilation: 3, groups: 2}}                      | 2 4 33
      {conv2d: {filters: 6, kernel: [3, 1], stride: [1, 2], padding: [1, 0, 2, 1], groups: 3}}      | 2 6 9 10
      {depthwise_conv1d: {kernel: 3, padding: 1}}                                                   | 2 17 20
      {depthwise_conv2d: {kernel: 3, multiplier: 2, stride: 2, padding: 1}}                         | 2 9 11 12
      {separable_conv2d: {filters: 7, kernel: 3, padding: same, activation: silu}}                  | 2 5 8 9
      {conv_transpose1d: {filters: 5, kernel: 4, stride: 2, padding: 1}}                            | 3 6 13
      {conv_transpose1d: {filters: 4, kernel: 3, stride: 3, dilation: 2, output_padding: 1, groups: 2}} | 2 4 7
      {conv_transpose2d: {filters: 8, kernel: 4, stride: 2, padding: 1, activation: relu}}          | 2 16 7 8
      {conv_transpose2d: {filters: 4, kernel: [3, 5], stride: [2, 1], padding: same, groups: 2}}    | 2 6 5 9
      {max_pool1d: {size: 3, stride: 2, padding: 1, dilation: 2, ceil_mode: true}}                  | 2 5 20
      {max_pool2d: {size: 3, stride: 2, padding: 1, ceil_mode: true}}                               | 2 3 12 13
      {avg_pool1d: {size: 3, stride: 2, padding: 1}}                                                | 2 5 20
      {avg_pool2d: {size: 3, stride: 2, padding: [0, 1], count_include_pad: true, ceil_mode: true}} | 2 3 12 13
      global_avg_pool1d              | 3 5 40
      global_max_pool1d              | 3 5 40
      global_max_pool2d              | 3 5 6 7
      {adaptive_avg_pool1d: 6}       | 2 5 20
      {adaptive_max_pool1d: 7}       | 2 5 20
      {adaptive_avg_pool2d: [6, 4]}  | 2 5 13 12
      {adaptive_max_pool2d: [5, 4]}  | 2 5 13 12
      {adaptive_avg_pool2d: 8}       | 2 5 4 4
      {pad1d: [3, 2]}                | 2 5 11
      {pad2d: {padding: [1, 2, 3, 4], mode: reflect}}            | 2 3 5 6
      {pad2d: {padding: [1, 2, 3, 4], mode: replicate}}          | 2 3 5 6
      {pad2d: {padding: 2, mode: circular}}                      | 2 3 5 6
      {upsample1d: 3}                                            | 2 5 7
      {upsample2d: 2}                                            | 2 3 5 6
      {upsample2d: {factor: [2, 3], mode: bilinear}}             | 2 3 5 6
      {upsample2d: {factor: 2, mode: linear, align_corners: true}} | 2 3 5 6
      {resize2d: {size: [7, 4], mode: bilinear}}                 | 2 3 5 6
      {resize2d: [3, 9]}                                         | 2 3 5 6
      {resize1d: {size: 5}}                                      | 2 3 20
      {permute: [3, 1, 2]}                                       | 3 4 5 6
      {group_norm: 4}                                            | 3 8 5 6
      {instance_norm: {affine: true}}                            | 3 4 30
      {batch_norm: {}}                                           | 4 8 5 6
      {prelu: {shared: false}}                                   | 3 8 5 6
      {glu: {axis: 1}}                                           | 3 8 5 6
      swiglu                                                     | 3 4 32
      geglu                                                      | 3 4 32
      {spatial_dropout: 0.3}                                     | 3 8 5 6
      {gaussian_noise: 0.3}                                      | 3 40
      {dense: {units: 12, initializer: orthogonal}}              | 3 20
      {dense: {units: 40, initializer: {orthogonal: 2}}}         | 3 20
      {dense: {units: 40, initializer: truncated_normal}}        | 3 20
      {conv2d: {filters: 8, kernel: 3, initializer: orthogonal}} | 2 4 5 5
      """)
  void givesWhatTheReferenceGives(String layer, String shape) {
    int[] dims = Arrays.stream(shape.split(" ")).mapToInt(Integer::parseInt).toArray();
    Block block = BINDER.bind(Value.parse(layer, "test"), Block.class).orThrow();
    NDArray x = Values.normal(TensorType.of(DType.F32, dims), 1);
    Trial trial = Trial.of(block, Mode.TRAINING, DType.F32, Map.of("x", x));
    Tensors wanted = trial.outputs();
    Tensors gradients = Gradients.of(trial.objective(), trial.differentiable());
    for (String name : gradients.names()) {
      wanted = wanted.with("gradient of " + name, gradients.get(name));
    }
    Computation computation = new Computation("test", wanted, trial.trace().variables());
    Map<String, NDArray> expected = trial.evaluate(wanted);

    Map<String, NDArray> first = run(Cpu.defaults().withThreads(1).withEmitter(Emission.AUTO), computation, trial);
    first.forEach((name, found) -> {
      if (expected.containsKey(name)) {
        ExpectedNumbers.assertClose(name, found, expected.get(name), 2e-5);
      } else {
        ExpectedNumbers.assertClose(name, found, trial.values().get(name.substring("start of ".length())), 2e-5);
      }
    });

    for (Emission emission : List.of(Emission.AUTO, Emission.BYTECODE)) {
      run(Cpu.defaults().withThreads(2).withEmitter(emission), computation, trial).forEach((name, found) ->
          assertThat(MemorySegment.ofArray(bytes(found)).mismatch(MemorySegment.ofArray(bytes(first.get(name)))))
              .as("first different byte of %s with %s and two threads", name, emission).isEqualTo(-1));
    }
  }

  private static byte[] bytes(NDArray array) {
    return array.data().toArray(ValueLayout.JAVA_BYTE);
  }

  /** Results, and how parameters started. */
  private static Map<String, NDArray> run(Cpu settings, Computation computation, Trial trial) {
    Map<String, NDArray> found = new LinkedHashMap<>();
    try (Backend backend = settings.open(); VariableStore store = backend.newStore()) {
      var initialize = backend.compile(Computation.initialize(computation.variables()));
      Map<String, NDArray> seed =
          initialize.arguments().isEmpty() ? Map.of() : Map.of("seed", trial.values().get("seed"));
      initialize.run(store, seed);
      for (Variable variable : computation.variables()) {
        found.put("start of " + variable.name(), store.read(variable.name()));
        store.write(variable.name(), trial.values().get(variable.name()));
      }
      var program = backend.compile(computation);
      Map<String, NDArray> arguments = new LinkedHashMap<>();
      program.arguments().keySet().forEach(name -> arguments.put(name, trial.values().get(name)));
      found.putAll(program.run(store, arguments));
    }
    return found;
  }
}
