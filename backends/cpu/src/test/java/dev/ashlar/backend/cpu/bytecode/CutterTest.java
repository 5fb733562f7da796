package dev.ashlar.backend.cpu.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.kernel.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutterTest {

  @ParameterizedTest
  @CsvSource({"16, 16", "8, 8", "4, 4"})
  void aLoopTooLargeForOneMethodTakesFewerLanesAtATime(int width, int lanes) {
    assertThat(new Cutter(Kernels.deepGelu(), width).cut().units())
        .filteredOn(Unit::loops).extracting(Unit::lanes).containsExactly(lanes);
  }

  @Test void aLoopThatFitsTakesAllLanes() {
    assertThat(new Cutter(Kernels.geluTimes(), 4).cut().units()).extracting(Unit::lanes).containsOnly(16);
  }
}
