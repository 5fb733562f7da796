package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.backend.cpu.CpuBackend;
import dev.ashlar.io.data.Sequences;
import dev.ashlar.layers.Embedding;
import dev.ashlar.layers.LayerNorm;
import dev.ashlar.layers.PositionEmbedding;
import dev.ashlar.layers.Sequential;
import dev.ashlar.layers.TransformerBlock;
import dev.ashlar.layers.Unembedding;
import dev.ashlar.layers.losses.CrossEntropy;
import dev.ashlar.optimizers.Adam;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What decoding costs once: after the first token nothing is compiled any more. */
class SessionCompilationTest {

  private static final int TOKENS = 8;
  private static final int CAPACITY = 64;

  /** What a backend has compiled so far. */
  private record Compiled(long programs, long kernels) {
    static Compiled by(CpuBackend backend) {
      return new Compiled(backend.programs(), backend.kernels());
    }
  }

  private static Model gpt(CpuBackend backend) throws Exception {
    var gpt = Sequential.of(Embedding.of(TOKENS, 16), PositionEmbedding.of(CAPACITY), TransformerBlock.of(2),
        TransformerBlock.of(2), new LayerNorm(), new Unembedding("embedding"));
    var task = Task.of(gpt, new CrossEntropy(Optional.of(-100)), Adam.of(0.01));
    var data = new Sequences(Sequences.Task.REVERSE, 3, 5, 8, -100, 0).open();
    return new Trainer(backend).train(task, Examples.of(data), Settings.of(1, 4)).model();
  }

  private static int likeliest(float[] logits) {
    return IntStream.range(0, logits.length).reduce((a, b) -> logits[b] > logits[a] ? b : a).orElseThrow();
  }

  @Test
  void afterTheFirstTokenNothingIsCompiled() throws Exception {
    try (CpuBackend backend = Cpu.defaults().open(); Model model = gpt(backend)) {
      Compiled trained = Compiled.by(backend);
      try (Session session = model.session(CAPACITY)) {
        int token = likeliest(session.next(5, 1, 4, 6));
        float[] logits = session.next(token);
        Compiled first = Compiled.by(backend);
        assertThat(first.programs).isGreaterThan(trained.programs);
        assertThat(first.kernels).isGreaterThan(trained.kernels);
        while (session.position() < CAPACITY) {
          logits = session.next(likeliest(logits));
          assertThat(Compiled.by(backend)).as("after %d tokens", session.position()).isEqualTo(first);
        }
      }
    }
  }

  /** What the other test counts does count: a piece of another size needs a program. */
  @Test
  void aPieceOfAnotherSizeIsCompiled() throws Exception {
    try (CpuBackend backend = Cpu.defaults().open(); Model model = gpt(backend);
        Session session = model.session(CAPACITY)) {
      session.next(5);
      Compiled one = Compiled.by(backend);
      session.next(1, 4);
      assertThat(backend.programs()).isEqualTo(one.programs + 1);
      assertThat(backend.kernels()).isGreaterThan(one.kernels);
      Compiled two = Compiled.by(backend);
      session.next(6, 4, 1);
      assertThat(Compiled.by(backend)).isEqualTo(two);
    }
  }
}
