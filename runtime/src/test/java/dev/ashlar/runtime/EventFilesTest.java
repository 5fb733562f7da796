package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventFilesTest {

  @Test
  void leavesOfAConfiguration() {
    assertThat(EventFiles.leaves(Yaml.parse("""
        model:
          layers:sequential@1:
            layers:
              - layers:dense@1: {units: 3, activation: layers:relu@1, bias: true, name: null}
              - layers:conv2d@1: {kernel: [3, 3]}
        data: {path: "C:/a@1", classes: []}
        """, "run.yaml")).entrySet().stream().map(Object::toString)).containsExactly(
        "model.sequential.layers[0].dense.units=3.0",
        "model.sequential.layers[0].dense.activation=relu",
        "model.sequential.layers[0].dense.bias=true",
        "model.sequential.layers[1].conv2d.kernel=[3, 3]",
        "data.path=C:/a@1",
        "data.classes=[]");
  }
}
