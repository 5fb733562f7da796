package dev.ashlar.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.program.Backend;
import dev.ashlar.program.Profiler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody else writes in plain tensor maths moves no more than what is built in: each array once. */
class StrangersFuseTest {

  @ParameterizedTest
  @ValueSource(strings = {"strange-mish", "gelu", "strange-lion", "sgd-momentum", "adamw"})
  void eachArrayIsReadOrWrittenOnce(String name) {
    Workload workload = Operations.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    List<Profiler.Work> work = new CopyOnWriteArrayList<>();
    try (Backend backend = Cpu.defaults().withThreads(2).open()) {
      backend.profile(one -> {
        if (!one.program().equals("initialize")) {
          work.add(one);
        }
        return (_, _) -> { };
      });
      workload.setup().prepare(backend).close();
    }
    assertThat(work).isNotEmpty();
    assertThat(work.stream().mapToDouble(Profiler.Work::bytes).sum())
        .isCloseTo(workload.bytes(), within(1e-3 * workload.bytes()));
  }
}
