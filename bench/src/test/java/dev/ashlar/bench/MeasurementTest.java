package dev.ashlar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeasurementTest {

  private static final Limits LIMITS = new Limits(2, 100e9, 10e9, 12e9, 50e9);
  private static final Measurement MEASURED = new Measurement(1, 0.5, 7);

  private static Workload workload(double flops, double bytes) {
    return new Workload("name", "what it is", flops, bytes, _ -> {
      throw new AssertionError("measured already");
    });
  }

  @Test
  void arithmeticIsAShareOfMultiplyAdds() {
    assertThat(MEASURED.toJson(workload(25e6, 0), LIMITS)).isEqualTo("{\"engine\": \"ashlar\", \"workload\": \"name\","
        + " \"median_ms\": 1.00000, \"min_ms\": 0.50000, \"runs\": 7,"
        + " \"gflops\": 25.00, \"share\": 0.250, \"of\": \"arithmetic\"}");
    assertThat(MEASURED.toRow(workload(25e6, 0), LIMITS)).contains(" 25.0 GFLOP/s ", " 25 % of arithmetic ");
  }

  @Test
  void bytesAreAShareOfMemoryUnlessTheyCannotComeFromThere() {
    assertThat(MEASURED.toJson(workload(0, 6e6), LIMITS))
        .contains("\"gb_s\": 6.00, \"share\": 0.500, \"of\": \"memory\"");
    assertThat(MEASURED.toJson(workload(0, 25e6), LIMITS))
        .contains("\"gb_s\": 25.00, \"share\": 0.500, \"of\": \"caches\"");
    assertThat(MEASURED.toRow(workload(0, 25e6), LIMITS)).contains(" 25.0 GB/s ", " 50 % of caches ");
  }
}
