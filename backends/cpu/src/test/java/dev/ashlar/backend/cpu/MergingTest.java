package dev.ashlar.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.compiler.Slot;
import dev.ashlar.backend.cpu.compiler.Step;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Computation;
import dev.ashlar.program.Variable;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What reads the same arrays is one kernel, where nothing must come between. */
class MergingTest {

  private static final TensorType TYPE = TensorType.of(DType.F32, 256, 96);

  private final Backend backend = Cpu.defaults().withThreads(2).open();
  private final Tensor x = Tensor.input("x", TYPE);
  private final Tensor g = Tensor.input("g", TYPE);

  @AfterEach
  void close() {
    backend.close();
  }

  /** What a step reads and writes: names of arguments, results and variables, and bytes. */
  private record Traffic(String kernel, List<String> reads, List<String> writes, List<Long> bytesWritten) {

    static Traffic of(Step step) {
      return new Traffic(step.label(), step.reads().stream().map(Slot::name).toList(),
          step.writes().stream().map(Slot::name).toList(), step.writes().stream().map(Slot::bytes).toList());
    }
  }

  /** The steps of what gives the reference's results. */
  private List<Traffic> steps(Computation computation) {
    Map<String, NDArray> values = Compare.values(computation, 1);
    Compare.assertClose(Compare.run(backend, computation, values), Compare.expected(computation, values), 1e-4);
    return ((CpuProgram) backend.compile(computation)).steps().stream().map(Traffic::of).toList();
  }

  private static Computation of(Map<String, Tensor> results) {
    return new Computation("test", Tensors.of(new LinkedHashMap<>(results)), List.of());
  }

  private static Variable updated(String name, Tensor before, Tensor after) {
    return new Variable(name, Variable.Kind.STATE, before, after, Tensor.zeros(TYPE));
  }

  private static Tensor before(String name) {
    return Tensor.apply(new Op.Input(Op.Role.VARIABLE, name, TYPE));
  }

  @Test
  void momentsAndTheParameterThatTheyMove() {
    Tensor p = before("p");
    Tensor m = before("m");
    Tensor v = before("v");
    Tensor good = g.isFinite().cast(DType.F32).sum().gt(0.5);
    Tensor mean = m.mul(0.9).add(g.mul(0.1));
    Tensor square = v.mul(0.99).add(g.square().mul(0.01));
    Tensor moved = p.sub(mean.mul(0.001).div(square.abs().sqrt().add(1e-8)));
    List<Traffic> steps = steps(new Computation("step", Tensors.of("good", good), List.of(
        updated("p", p, good.broadcastTo(TYPE.shape()).where(moved, p)),
        updated("m", m, good.broadcastTo(TYPE.shape()).where(mean, m)),
        updated("v", v, good.broadcastTo(TYPE.shape()).where(square, v)))));
    assertThat(steps).filteredOn(step -> step.writes().contains("p")).singleElement()
        .satisfies(step -> assertThat(step.writes()).containsExactlyInAnyOrder("p", "m", "v"));
    assertThat(steps).extracting(Traffic::kernel).doesNotContain("copy");
  }

  @Test
  void aNormWithItsStatistics() {
    Tensor mean = x.mean(1);
    Tensor centered = x.sub(mean);
    Tensor variance = centered.square().mean(1);
    Tensor y = centered.div(variance.add(1e-5).sqrt());
    assertThat(steps(of(Map.of("mean", mean, "variance", variance, "y", y)))).hasSize(1);
  }

  @Test
  void sumsOfColumnsOfOneArray() {
    assertThat(steps(of(Map.of("bias", g.sum(0), "scale", g.mul(x).sum(0))))).hasSize(1);
    assertThat(steps(of(Map.of("g", g.sum(0), "x", x.sum(0))))).as("nothing in common").hasSize(2);
  }

  @Test
  void notWhatWaitsForOneAnother() {
    Tensor y = x.add(g).abs();
    Tensor z = x.mul(y.sum().sqrt());
    List<Traffic> steps = steps(of(Map.of("y", y, "z", z)));
    assertThat(steps.stream().filter(step -> step.writes().contains("y")).map(Traffic::writes)).hasSize(1)
        .allSatisfy(writes -> assertThat(writes).doesNotContain("z"));
  }

  /** However much goes into a number, it is stored as a number, not as an array full of it. */
  @Test
  void aNumberForAllElementsIsStoredOnce() {
    Tensor length = x.square().sum().add(g.square().sum()).sqrt();
    Tensor scale = length.add(1e-6).reciprocal().mul(3).minimum(1).add(0.1).mul(1.5).exp();
    List<Traffic> steps = steps(of(Map.of("a", x.mul(scale), "b", g.mul(scale), "c", g.add(x).mul(scale))));
    assertThat(steps).flatExtracting(Traffic::bytesWritten).filteredOn(bytes -> bytes >= TYPE.bytes()).hasSize(3);
  }
}
