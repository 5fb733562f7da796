package dev.ashlar.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.Fixtures.Activation;
import dev.ashlar.config.Fixtures.Activations;
import dev.ashlar.config.Fixtures.AdamW;
import dev.ashlar.config.Fixtures.ByColumn;
import dev.ashlar.config.Fixtures.Chain;
import dev.ashlar.config.Fixtures.Clip;
import dev.ashlar.config.Fixtures.Constant;
import dev.ashlar.config.Fixtures.Conv;
import dev.ashlar.config.Fixtures.Cosine;
import dev.ashlar.config.Fixtures.Data;
import dev.ashlar.config.Fixtures.Dense;
import dev.ashlar.config.Fixtures.Dropout;
import dev.ashlar.config.Fixtures.Flatten;
import dev.ashlar.config.Fixtures.Layer;
import dev.ashlar.config.Fixtures.LeakyRelu;
import dev.ashlar.config.Fixtures.NoSplit;
import dev.ashlar.config.Fixtures.Optimizer;
import dev.ashlar.config.Fixtures.Padding;
import dev.ashlar.config.Fixtures.Residual;
import dev.ashlar.config.Fixtures.Run;
import dev.ashlar.config.Fixtures.Schedule;
import dev.ashlar.config.Fixtures.Share;
import dev.ashlar.config.Fixtures.Size;
import dev.ashlar.config.Fixtures.Split;
import dev.ashlar.config.Fixtures.Train;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is written is read back equal: as a tree, as a line of text and as plain Java. */
class RoundTripTest {
  private final Binder binder = Fixtures.binder();

  @Test
  void everyRunComesBack() {
    for (int seed = 0; seed < 300; seed++) {
      var run = new Drawn(new Random(seed)).run();
      var tree = binder.write(run);
      assertThat(bind(tree)).as("tree of seed %d", seed).isEqualTo(run);
      assertThat(bind(Value.parse(tree.toString(), "test"))).as("text of seed %d", seed).isEqualTo(run);
      assertThat(bind(Value.of(tree.plain()))).as("plain Java of seed %d", seed).isEqualTo(run);
    }
  }

  @Test
  void everyValueIsWrittenWithQualifiedNamesAndVersions() {
    var layer = new Residual(List.of(
        new Dense(10, Activations.GELU, true),
        new Conv(8, new Size(3, 5), Padding.SAME, 1),
        new Flatten()));
    assertThat(binder.write(layer, Layer.class)).hasToString(
        "{layers:residual@1: {layers: ["
            + "{layers:dense@1: {units: 10, activation: layers:gelu_tanh@1, bias: true}}, "
            + "{layers:conv@3: {filters: 8, kernel: [3, 5], padding: same, stride: 1}}, "
            + "layers:flatten@1]}}");
  }

  @Test
  void fractionsKeepEveryBit() {
    record Bits(double wide, float narrow) {}

    var random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      var bits = new Bits(Double.longBitsToDouble(random.nextLong()), Float.intBitsToFloat(random.nextInt()));
      var written = Value.parse(binder.write(bits).toString(), "t");
      assertThat(binder.bind(written, Bits.class).orThrow()).isEqualTo(bits);
    }
    for (double special : new double[] {0.0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN}) {
      var bits = new Bits(special, (float) special);
      if (Float.isFinite(bits.narrow) || Double.isNaN(special)) {
        assertThat(binder.bind(binder.write(bits), Bits.class).orThrow()).isEqualTo(bits);
      }
    }
  }

  @Test
  void pathsBelowTheBaseAreWrittenRelative() {
    record Paths(Path below, Path beside) {}

    var paths = new Paths(Path.of("/data/run/a/../b.csv"), Path.of("/data/other.csv"));
    assertThat(binder.write(paths)).hasToString("{below: b.csv, beside: \"/data/other.csv\"}");
  }

  @Test
  void whatHasNoNameIsToldWithItsPath() {
    var layer = new Residual(List.of(new Flatten(), new Dense(1, new Activation() {}, true)));
    assertThatThrownBy(() -> binder.write(layer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("layers[1].dense.activation: ")
        .hasMessageContaining("no plug-in registers")
        .hasMessageContaining("as an activation");
  }

  private Run bind(Value tree) {
    return binder.bind(tree, Run.class).orThrow();
  }

  /** Draws records. */
  private record Drawn(Random random) {
    Run run() {
      var labels = new ArrayList<Named<Layer>>();
      for (int i = random.nextInt(4); i > 0; i--) {
        labels.add(new Named<>(maybe(() -> "l" + labels.size()), layer(3)));
      }
      return new Run(labels, maybe(this::data), maybe(() -> optimizer(2)),
          new Train(1 + random.nextInt(9), random.nextInt(), random.nextLong()),
          Optional.empty(), weights(), ValueTest.text(random), maybe(() -> Path.of("/data/run/old")),
          Value.of(List.of(ValueTest.text(random), random.nextInt())));
    }

    private Layer layer(int depth) {
      return switch (random.nextInt(depth == 0 ? 4 : 5)) {
        case 0 -> new Dense(1 + random.nextInt(100), activation(), random.nextBoolean());
        case 1 -> new Dropout(random.nextDouble());
        case 2 -> new Flatten();
        case 3 -> new Conv(random.nextInt(), new Size(2, 1 + random.nextInt(5)),
            Padding.values()[random.nextInt(2)], random.nextInt(3));
        default -> {
          var layers = new ArrayList<Layer>();
          for (int i = random.nextInt(3); i > 0; i--) layers.add(layer(depth - 1));
          yield new Residual(layers);
        }
      };
    }

    private Activation activation() {
      int i = random.nextInt(4);
      return i == 3 ? new LeakyRelu(random.nextGaussian()) : Activations.values()[i];
    }

    private Optimizer optimizer(int depth) {
      return switch (random.nextInt(depth == 0 ? 2 : 3)) {
        case 0 -> new AdamW(
            schedule(), random.nextFloat(), List.of(random.nextDouble(), random.nextDouble()));
        case 1 -> new Clip(random.nextBoolean() ? Double.POSITIVE_INFINITY : 1e-300);
        default -> new Chain(List.of(optimizer(depth - 1), optimizer(depth - 1)));
      };
    }

    private Schedule schedule() {
      double rate = 1 - random.nextDouble();
      return random.nextBoolean() ? new Constant(rate) : new Cosine(rate, random.nextLong());
    }

    private Data data() {
      return new Data(Path.of("/data/run/x.csv"), split(), maybe(() -> ValueTest.text(random)));
    }

    private Split split() {
      return switch (random.nextInt(3)) {
        case 0 -> NoSplit.NONE;
        case 1 -> new Share(0.25);
        default -> new ByColumn(
            ValueTest.text(random), Map.of(ValueTest.text(random), ValueTest.text(random)));
      };
    }

    private Map<String, Double> weights() {
      var weights = new LinkedHashMap<String, Double>();
      for (int i = random.nextInt(3); i > 0; i--) weights.put(ValueTest.text(random), random.nextGaussian());
      return weights;
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
      return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }
  }
}
