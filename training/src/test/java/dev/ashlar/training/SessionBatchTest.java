package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.layers.Gru;
import dev.ashlar.layers.Lstm;
import dev.ashlar.layers.transformers.Scaling;
import dev.ashlar.layers.transformers.SinusoidalPositions;
import dev.ashlar.model.Block;
import dev.ashlar.model.Layer;
import dev.ashlar.model.Scope;
import dev.ashlar.program.Backend;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sequences decoded together, and padded for the sake of programs, give what each gives as a whole. */
class SessionBatchTest {

  private static final int LENGTH = 24;

  private static Backend backend;

  @BeforeAll
  static void open() {
    backend = Cpu.defaults().open();
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  private static Map<String, Block> models() {
    Map<String, Block> models = new LinkedHashMap<>();
    models.put("gpt", RandomModels.gpt(LENGTH));
    models.put("rotary, grouped queries",
        RandomModels.with(RandomModels.attention(Optional.empty(), Optional.empty())));
    models.put("window", RandomModels.with(RandomModels.attention(Optional.of(5), Optional.empty()),
        RandomModels.attention(Optional.of(3), Optional.empty())));
    models.put("sinusoidal", RandomModels.with(new SinusoidalPositions(),
        RandomModels.attention(Optional.empty(), Optional.empty())));
    models.put("gru", RandomModels.with(Gru.of(16).withLayers(2)));
    models.put("lstm", RandomModels.with(Lstm.of(16)));
    models.put("both", RandomModels.with(Gru.of(16), RandomModels.attention(Optional.empty(), Optional.empty())));
    return models;
  }

  private static int[][] tokens(int... lengths) {
    Random random = new Random(7);
    return Arrays.stream(lengths).mapToObj(n -> random.ints(n, 0, RandomModels.TOKENS).toArray()).toArray(int[][]::new);
  }

  /** The output for the last token of a sequence, which is asked about as a whole. */
  private static float[] last(Model model, int[] sequence) {
    float[] all = model.predict(NDArray.of(Shape.of(1, LENGTH), Arrays.copyOf(sequence, LENGTH))).toFloats();
    int from = (sequence.length - 1) * RandomModels.TOKENS;
    return Arrays.copyOfRange(all, from, from + RandomModels.TOKENS);
  }

  @Test
  void sequencesOfDifferentLengthsGiveWhatEachGivesAlone() {
    models().forEach((name, block) -> {
      try (Model model = RandomModels.of(block, LENGTH, backend)) {
        int[][] all = tokens(11, 3, 8, 1);
        try (Session session = model.session(4, LENGTH)) {
          assertRows(name, model, all, session.next(all));
          for (int step = 0; step < 6; step++) {
            int[][] more = tokens(1, 1, 1, 1);
            for (int row = 0; row < 4; row++) {
              all[row] = Arrays.copyOf(all[row], all[row].length + 1);
              all[row][all[row].length - 1] = more[row][0];
            }
            assertRows(name + ", step " + step, model, all, session.next(more));
          }
          assertThat(session.position()).isEqualTo(17);
        }
      }
    });
  }

  private static void assertRows(String name, Model model, int[][] sequences, float[][] outputs) {
    for (int row = 0; row < sequences.length; row++) {
      assertThat(outputs[row]).as("%s: row %d", name, row)
          .containsExactly(last(model, sequences[row]), within(2e-4f));
    }
  }

  /** A prompt is padded up to a length that there are programs for, where there is room; or goes in pieces. */
  @Test
  void paddingForTheSakeOfProgramsChangesNothing() {
    models().forEach((name, block) -> {
      try (Model model = RandomModels.of(block, LENGTH, backend)) {
        int[] sequence = tokens(13)[0];
        for (int room : new int[] {LENGTH, 32, 64}) {
          try (Session session = new Session(model, 1, LENGTH, room)) {
            assertThat(session.next(Arrays.copyOf(sequence, 9))).as("%s, room %d", name, room)
                .containsExactly(last(model, Arrays.copyOf(sequence, 9)), within(2e-4f));
            assertThat(session.position()).isEqualTo(9);
            assertThat(session.next(Arrays.copyOfRange(sequence, 9, 13))).as("%s, room %d", name, room)
                .containsExactly(last(model, sequence), within(2e-4f));
          }
        }
      }
    });
  }

  /** Frequencies that depend on the length are those of each sequence's own. */
  @Test
  void frequenciesAreThoseOfEachSequence() {
    Block dynamic = RandomModels.with(
        RandomModels.attention(Optional.empty(), Optional.of(new Scaling.Dynamic(4, 6))));
    try (Model model = RandomModels.of(dynamic, LENGTH, backend); Session together = model.session(3, LENGTH)) {
      int[][] all = tokens(16, 4, 8); // of lengths that go through alone without padding, and at once
      float[][] outputs = together.next(all);
      for (int row = 0; row < 3; row++) {
        try (Session alone = model.session(LENGTH)) {
          assertThat(outputs[row]).as("row %d", row).containsExactly(alone.next(all[row]), within(2e-4f));
        }
      }
    }
  }

  @Test
  void whatCannotGoTogetherIsRefused() {
    try (Model model = RandomModels.of(RandomModels.gpt(LENGTH), LENGTH, backend);
        Session session = model.session(2, LENGTH)) {
      assertThatIllegalArgumentException().isThrownBy(() -> session.next(1, 2))
          .withMessage("tokens of 1 sequences; the session has 2");
      assertThatIllegalArgumentException().isThrownBy(() -> session.next(new int[][] {{1}, {}}))
          .withMessage("0 tokens at position 0; there is room for 24 in all");
      session.next(new int[][] {{1, 2, 3}, {4}});
      assertThatIllegalArgumentException().isThrownBy(() -> session.next(new int[][] {{1, 2}, {4}}))
          .withMessage("from 1 to 2 tokens of a sequence; behind the first ones all go on with as many");
      assertThatIllegalArgumentException().isThrownBy(() -> session.next(tokens(22, 22)))
          .withMessage("22 tokens at position 3; there is room for 24 in all");
      session.next(tokens(21, 21));
      assertThatExceptionOfType(ShapeException.class).isThrownBy(() -> model.session(LENGTH + 1))
          .withMessage("session: expected at most 24 positions, as many as the model knows, found capacity 25;"
              + " take a smaller capacity");
      assertThatIllegalArgumentException().isThrownBy(() -> model.session(0, LENGTH))
          .withMessage("rows: found 0, expected at least 1, the number of sequences");
    }
  }

  /** Adds what came so far, and does not know of padding. */
  private record Heedless() implements Layer {
    @Override
    public Tensor forward(Tensor x, Scope scope) {
      if (scope.decodingCapacity().isEmpty()) {
        return x.cumSum(1);
      }
      var sum = scope.session("sum", new TensorType(DType.F32, Shape.of(x.dim(0), 1, x.dim(2))));
      Tensor all = x.cumSum(1).add(sum.value());
      sum.set(all.slice(1, x.dim(1) - 1, x.dim(1)));
      return all;
    }
  }

  @Test
  void aPartThatDoesNotHeedPaddingIsNeverPadded() {
    try (Model model = RandomModels.of(RandomModels.with(new Heedless()), LENGTH, backend);
        Session session = model.session(2, LENGTH)) {
      assertThatIllegalArgumentException().isThrownBy(() -> session.next(tokens(3, 5)))
          .withMessage("from 3 to 5 tokens of a sequence; this model's part 'middle_0' does not heed scope.padding():"
              + " give sequences of one length, or each a session of its own");
      int[][] alike = tokens(5, 5);
      assertRows("alike", model, alike, session.next(alike));
    }
  }
}
