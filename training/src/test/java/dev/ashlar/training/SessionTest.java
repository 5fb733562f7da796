package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.io.data.Datasets;
import dev.ashlar.io.data.Sequences;
import dev.ashlar.layers.Dense;
import dev.ashlar.layers.Embedding;
import dev.ashlar.layers.Gru;
import dev.ashlar.layers.LayerNorm;
import dev.ashlar.layers.Lstm;
import dev.ashlar.layers.Permute;
import dev.ashlar.layers.PositionEmbedding;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.TransformerBlock;
import dev.ashlar.layers.Unembedding;
import dev.ashlar.layers.convolution.Conv1d;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.layers.losses.Triplet;
import dev.ashlar.layers.shapes.Padding;
import dev.ashlar.model.Batch;
import dev.ashlar.model.Block;
import dev.ashlar.optimizers.Adam;
import dev.ashlar.program.LookupException;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTest {

  private static final int[] TOKENS = {5, 1, 4, 6, 4, 1, 7, 0};

  private Model model;

  @BeforeEach
  void train() throws Exception {
    var gpt = Sequential.of(Embedding.of(8, 8), PositionEmbedding.of(8), TransformerBlock.of(2), TransformerBlock.of(2),
        new LayerNorm(), new Unembedding("embedding"));
    var task = Task.of(gpt, new CrossEntropy(Optional.of(-100)), Adam.of(0.01));
    var data = new Sequences(Sequences.Task.REVERSE, 3, 5, 8, -100, 0).open();
    model = new Trainer(new ReferenceBackend()).train(task, Examples.of(data), Settings.of(2, 4)).model();
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void piecesGiveWhatTheWholeGives() {
    float[] whole = model.predict(NDArray.of(Shape.of(1, 8), TOKENS)).toFloats(); // (1, 8, 8)
    for (int[] pieces : new int[][] {{1, 1, 1, 1, 1, 1, 1, 1}, {5, 1, 2}, {7, 1}, {8}}) {
      try (Session session = model.session(8)) {
        for (int piece : pieces) {
          int from = session.position();
          float[] output = session.next(Arrays.copyOfRange(TOKENS, from, from + piece));
          int last = session.position() - 1;
          assertThat(session.position()).isEqualTo(from + piece);
          assertThat(output).containsExactly(Arrays.copyOfRange(whole, last * 8, last * 8 + 8), within(1e-5f));
        }
      }
    }
  }

  @Test
  void sessionsKeepApart() {
    try (Session one = model.session(8); Session other = model.session(8)) {
      one.next(5, 1);
      other.next(5, 3);
      float[] first = one.next(4);
      float[] second = other.next(4);
      assertThat(first).isNotEqualTo(second);
      try (Session again = model.session(8)) {
        assertThat(again.next(5, 1, 4)).containsExactly(first, within(1e-5f));
      }
    }
  }

  @Test
  void symbolsThatTheModelDoesNotKnowAreRefused() {
    try (Session session = model.session(8); Session other = model.session(8)) {
      session.next(5, 1);
      assertThatExceptionOfType(LookupException.class).isThrownBy(() -> session.next(4, 99))
          .withMessage("argument 'input', element 1: expected a whole number from 0 to 7, which 'embedding' looks up,"
              + " found 99")
          .satisfies(e -> assertThat(e.found()).isEqualTo(99));
      assertThat(session.position()).isEqualTo(2);
      assertThat(session.next(4)).containsExactly(other.next(5, 1, 4), within(1e-5f));
    }
    assertThatExceptionOfType(LookupException.class)
        .isThrownBy(() -> model.predict(NDArray.of(Shape.of(1, 8), 5, 1, 4, 6, -1, 1, 7, 0)))
        .satisfies(e -> assertThat(e.position()).isEqualTo(4));
    assertThat(model.predict(NDArray.of(Shape.of(1, 8), TOKENS)).size()).isEqualTo(64);
  }

  @Test
  void dataWithUnknownSymbolsAreRefusedBeforeTheyAreLearnt() throws Exception {
    var task = Task.of(Sequential.of(Embedding.of(6, 4), Dense.of(8)),
        new CrossEntropy(Optional.of(-100)), Adam.of(0.01));
    try (var data = new Sequences(Sequences.Task.REVERSE, 3, 5, 8, -100, 0).open(); // 0 to 7, the last in targets only
        var backend = new ReferenceBackend()) {
      assertThatExceptionOfType(LookupException.class)
          .isThrownBy(() -> new Trainer(backend).train(task, Examples.of(data), Settings.of(1, 4)))
          .satisfies(e -> assertThat(e.rows()).isEqualTo(6));
    }
  }

  @Test
  void thereIsOnlySoMuchRoom() {
    try (Session session = model.session(4)) {
      session.next(5, 1, 4);
      assertThatIllegalArgumentException().isThrownBy(() -> session.next(6, 4))
          .withMessage("2 tokens at position 3; there is room for 4 in all");
    }
  }

  @Test
  void thereIsRoomForAToken() {
    for (int capacity : new int[] {0, -3}) {
      assertThatIllegalArgumentException().isThrownBy(() -> model.session(capacity))
          .withMessage("capacity: found " + capacity
              + ", expected at least 1, the longest that the sequence may become");
    }
  }

  /** A part that looks both ways would see a piece only. */
  @Test
  void whatNeedsWholeSequencesSaysSo() throws Exception {
    try (Model bothWays = trained(Lstm.of(4).bothWays()); Model wide = trained(Sequential.of(Permute.of(2, 1),
        Conv1d.of(8, 3).withPadding(Padding.Automatic.SAME), Permute.of(2, 1)));
        Model onwards = trained(Gru.of(8))) {
      assertThatIllegalArgumentException().isThrownBy(() -> bothWays.session(8))
          .withMessage("lstm: expected a whole sequence, found a piece of one, in a session; it looks at other"
              + " positions and keeps none of them: ask the model about whole sequences");
      assertThatIllegalArgumentException().isThrownBy(() -> wide.session(8))
          .withMessageStartingWith("conv1d: expected");
      onwards.session(8).close();
    }
  }

  private static Model trained(Block middle) throws Exception {
    var task = Task.of(Sequential.of(Embedding.of(8, 8)).then("middle", middle).then("head", Dense.of(8)),
        new CrossEntropy(Optional.of(-100)), Adam.of(0.01));
    var data = new Sequences(Sequences.Task.REVERSE, 3, 5, 8, -100, 0).open();
    return new Trainer(new ReferenceBackend()).train(task, Examples.of(data), Settings.of(1, 4)).model();
  }

  @Test
  void anOutputForTheWholeIsNoneForATokenAndSaysSo() throws Exception {
    var task = Task.of(Sequential.of(Embedding.of(8, 4), Gru.of(3).last()),
        new Triplet(1, Triplet.Mining.BATCH_HARD), Adam.of(0.01));
    var data = Datasets.of(Map.of(Batch.INPUT, NDArray.of(Shape.of(4, 2), 1, 2, 3, 4, 5, 6, 7, 0),
        Batch.TARGET, NDArray.of(Shape.of(4), 0, 0, 1, 1)));
    try (Model model = new Trainer(new ReferenceBackend()).train(task, Examples.of(data), Settings.of(1, 4)).model()) {
      assertThatIllegalArgumentException().isThrownBy(() -> model.session(8))
          .withMessage("a model that gives an output for each of its tokens decodes, [1, tokens, ..]; this one gives"
              + " [1, 3]");
    }
  }

  @Test
  void whatIsClosedSaysSo() {
    Session session = model.session(4);
    session.next(5);
    session.close();
    session.close();
    assertThatIllegalStateException().isThrownBy(() -> session.next(1)).withMessage("the session is closed");
    try (Session left = model.session(4)) {
      model.close();
      assertThatIllegalStateException().isThrownBy(() -> left.next(5)).withMessage("the model is closed");
      assertThatIllegalStateException().isThrownBy(() -> model.session(4)).withMessage("the model is closed");
    }
  }
}
