package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Program;
import dev.ashlar.program.Variable;
import dev.ashlar.program.VariableStore;
import dev.ashlar.program.Workspace;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Variables in a mapped file are read where they lie, and never written to: the system would end the process. */
class AdoptionTest {

  private static final TensorType TYPE = TensorType.of(DType.F32, 37, 100);
  /** Neither a cache line nor an element begins here. */
  private static final int START = 13;

  @TempDir
  private Path folder;

  private static final Tensor WEIGHT = Tensor.apply(new Op.Input(Op.Role.VARIABLE, "w", TYPE));
  private static final Tensor X = Tensor.input("x", TensorType.of(DType.F32, 1, 37));

  private static Variable variable(Tensor after) {
    return new Variable("w", Variable.Kind.PARAMETER, WEIGHT, after, Tensor.zeros(TYPE));
  }

  private static Computation product() {
    return new Computation("product", Tensors.of("y", X.matmul(WEIGHT)), List.of(variable(WEIGHT)));
  }

  private static Computation doubling() {
    return new Computation("doubling", Tensors.empty(), List.of(variable(WEIGHT.mul(2))));
  }

  private Path file() throws Exception {
    byte[] bytes = new byte[(int) (START + TYPE.bytes())];
    NDArray values = values(1);
    MemorySegment.copy(values.data(), 0, MemorySegment.ofArray(bytes), START, TYPE.bytes());
    return Files.write(folder.resolve("weights"), bytes);
  }

  private static NDArray values(double factor) {
    NDArray values = NDArray.zeros(TYPE);
    for (int i = 0; i < values.size(); i++) {
      values.set(i, factor * (i % 7 - 3));
    }
    return values;
  }

  private static NDArray mapped(Path file, Arena arena) throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, START + TYPE.bytes(), arena);
      return NDArray.wrap(TYPE, whole.asSlice(START));
    }
  }

  private static NDArray run(Workspace workspace) {
    NDArray x = workspace.argument("x");
    for (int i = 0; i < x.size(); i++) {
      x.set(i, i % 5);
    }
    workspace.run();
    return workspace.result("y").copy();
  }

  private static NDArray expected(double factor) {
    NDArray y = NDArray.zeros(TensorType.of(DType.F32, 1, 100));
    NDArray w = values(factor);
    for (int j = 0; j < 100; j++) {
      double sum = 0;
      for (int i = 0; i < 37; i++) {
        sum += i % 5 * w.get(100L * i + j);
      }
      y.set(j, sum);
    }
    return y;
  }

  @ParameterizedTest
  @EnumSource(value = Emission.class, names = {"AUTO", "BYTECODE", "BYTECODE_PLAIN", "INTERPRETER"})
  void changedOnlyInMemoryOfTheStore(Emission emission) throws Exception {
    Path file = file();
    byte[] before = Files.readAllBytes(file);
    try (Backend backend = Cpu.defaults().withEmitter(emission).open(); VariableStore store = backend.newStore()) {
      store.adopt("w", mapped(file, Arena.ofAuto()));
      assertThat(store.types()).containsEntry("w", TYPE);
      try (Workspace reader = backend.compile(product()).open(store)) {
        Compare.assertSameBits(Map.of("y", run(reader)), Map.of("y", expected(1)));
        try (Workspace changer = backend.compile(doubling()).open(store)) {
          Compare.assertSameBits(Map.of("y", run(reader)), Map.of("y", expected(1)));
          changer.run();
          changer.run();
          Compare.assertSameBits(Map.of("y", run(reader)), Map.of("y", expected(4)));
          store.adopt("w", mapped(file, Arena.ofAuto())); // a program that changes it is there already
          changer.run();
          Compare.assertSameBits(Map.of("y", run(reader)), Map.of("y", expected(2)));
        }
        store.adopt("w", mapped(file, Arena.ofAuto()));
        store.write("w", values(3));
        Compare.assertSameBits(Map.of("y", run(reader)), Map.of("y", expected(3)));
        Compare.assertSameBits(Map.of("w", store.read("w")), Map.of("w", values(3)));
      }
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void overlaysReadWhatWasAdoptedBelow() throws Exception {
    try (Backend backend = Cpu.defaults().open(); VariableStore store = backend.newStore()) {
      store.adopt("w", mapped(file(), Arena.ofAuto()));
      try (VariableStore overlay = store.overlay(); Workspace changer = backend.compile(doubling()).open(overlay)) {
        changer.run();
        Compare.assertSameBits(Map.of("w", store.read("w")), Map.of("w", values(2)));
      }
    }
  }

  @Test
  void memoryThatIsGoneIsRefused() throws Exception {
    try (Backend backend = Cpu.defaults().open(); VariableStore store = backend.newStore()) {
      Program product = backend.compile(product());
      Arena arena = Arena.ofShared();
      store.adopt("w", mapped(file(), arena));
      try (Workspace reader = product.open(store)) {
        Compare.assertSameBits(Map.of("y", run(reader)), Map.of("y", expected(1)));
        arena.close();
        assertThatThrownBy(() -> run(reader)).isInstanceOf(IllegalStateException.class).hasMessage(
            "program 'product' reads the variable 'w' where it was adopted, in memory whose arena has been closed");
      }
    }
  }
}
