package dev.ashlar.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.backend.cpu.Cpu;
import dev.ashlar.config.FileException;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.layers.Gru;
import dev.ashlar.model.Block;
import dev.ashlar.program.Backend;
import dev.ashlar.program.LookupException;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GeneratorTest {

  private static final int LENGTH = 40;
  private static final Generator.Listener NOBODY = (prompt, token, text) -> {};

  private static Backend backend;
  private static Model model;

  @BeforeAll
  static void open() {
    backend = Cpu.defaults().open();
    model = RandomModels.of(RandomModels.gpt(LENGTH), LENGTH, backend);
  }

  @AfterAll
  static void close() {
    model.close();
    backend.close();
  }

  private static Generator generator() throws FileException {
    return Generator.of(model).withSampling(Sampling.GREEDY).withMaxNewTokens(12);
  }

  private static List<int[]> prompts(int... lengths) {
    Random random = new Random(3);
    return Arrays.stream(lengths).mapToObj(n -> random.ints(n, 0, RandomModels.TOKENS).toArray()).toList();
  }

  private static List<List<Integer>> ids(List<Generated> all) {
    return all.stream().map(Generated::ids).toList();
  }

  /** The likeliest token at the end of a sequence that is asked about as a whole, again and again. */
  private static List<Integer> withoutCache(Model asked, int[] prompt, int count) {
    int[] sequence = Arrays.copyOf(prompt, LENGTH);
    List<Integer> ids = new ArrayList<>();
    for (int at = prompt.length; ids.size() < count; at++) {
      float[] all = asked.predict(NDArray.of(Shape.of(1, LENGTH), sequence)).toFloats();
      int from = (at - 1) * RandomModels.TOKENS;
      int best = IntStream.range(0, RandomModels.TOKENS)
          .reduce((a, b) -> all[from + b] > all[from + a] ? b : a).orElseThrow();
      ids.add(best);
      sequence[at] = best;
    }
    return ids;
  }

  @Test
  void greedyTokensAreThoseWithoutACache() throws Exception {
    List<Block> blocks = List.of(RandomModels.gpt(LENGTH),
        RandomModels.with(RandomModels.attention(Optional.of(6), Optional.empty())), RandomModels.with(Gru.of(16)));
    for (Block block : blocks) {
      try (Model other = RandomModels.of(block, LENGTH, backend)) {
        Generator greedy = Generator.of(other).withSampling(Sampling.GREEDY).withMaxNewTokens(12);
        List<int[]> prompts = prompts(9, 1, 17, 4);
        List<List<Integer>> expected = prompts.stream().map(prompt -> withoutCache(other, prompt, 12)).toList();
        assertThat(expected.stream().flatMap(List::stream).distinct().count()).as("different ones")
            .isGreaterThan(3);
        assertThat(ids(greedy.generate(prompts, 0, NOBODY))).isEqualTo(expected);
        for (int i = 0; i < prompts.size(); i++) {
          assertThat(greedy.generate(prompts.get(i)).ids()).isEqualTo(expected.get(i));
        }
      }
    }
  }

  @Test
  void whatIsDrawnDoesNotDependOnTheBatchOrOnThreads() throws Exception {
    Sampling sampling = Sampling.PLAIN.withTemperature(1.5).withTopP(0.95).withSeed(5);
    List<int[]> prompts = prompts(9, 1, 17, 4);
    List<List<Integer>> together = ids(generator().withSampling(sampling).generate(prompts, 7, NOBODY));
    for (int i = 0; i < prompts.size(); i++) {
      assertThat(ids(generator().withSampling(sampling).generate(List.of(prompts.get(i)), 7 + i, NOBODY)))
          .isEqualTo(List.of(together.get(i)));
    }
    assertThat(ids(generator().withSampling(sampling.withSeed(6)).generate(prompts, 7, NOBODY))).isNotEqualTo(together);
    assertThat(ids(generator().withSampling(sampling).generate(prompts, 8, NOBODY))).isNotEqualTo(together);
    for (int threads : new int[] {1, 3}) {
      try (Backend other = Cpu.defaults().withThreads(threads).open();
          Model same = RandomModels.of(RandomModels.gpt(LENGTH), LENGTH, other)) {
        assertThat(ids(Generator.of(same).withMaxNewTokens(12).withSampling(sampling).generate(prompts, 7, NOBODY)))
            .as("%d threads", threads).isEqualTo(together);
      }
    }
  }

  @Test
  void aTokenThatEndsTextsEndsOne() throws Exception {
    int[] prompt = prompts(9).getFirst();
    List<Integer> all = generator().generate(prompt).ids();
    assertThat(generator().generate(prompt).ending()).isEqualTo(Generated.Ending.LENGTH);
    int end = all.get(5);
    int first = all.indexOf(end);
    Generator ended = generator().withEndOfText(Set.of(end, 4711));
    Generated stopped = ended.generate(prompt);
    assertThat(stopped.ids()).isEqualTo(all.subList(0, first + 1));
    assertThat(stopped.ending()).isEqualTo(Generated.Ending.STOPPED);
    Generated longer = ended.withMinNewTokens(first + 2).generate(prompt);
    assertThat(longer.ids()).hasSizeGreaterThan(first + 1);
    assertThat(longer.ids().subList(0, first + 1)).doesNotContain(end);
  }

  @Test
  void positionsEnd() throws Exception {
    List<int[]> prompts = prompts(LENGTH - 3, 2);
    List<Generated> all = generator().generate(prompts, 0, NOBODY);
    assertThat(all.getFirst().ids()).hasSize(3).isEqualTo(generator().generate(prompts.getFirst()).ids());
    assertThat(all.getFirst().ending()).isEqualTo(Generated.Ending.POSITIONS);
    assertThat(all.getLast().ids()).hasSize(12).isEqualTo(generator().generate(prompts.getLast()).ids());
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> generator().generate(prompts(3, LENGTH), 0, NOBODY))
        .withMessage("prompt 1: expected fewer tokens than the 40 positions that the model knows, found 40 tokens;"
            + " give its last tokens alone");
  }

  @Test
  void mistakesAreTold() throws Exception {
    Generator greedy = generator();
    assertThatExceptionOfType(ShapeException.class).isThrownBy(greedy::generate)
        .withMessage("prompt 0: expected a token at least, found none");
    assertThatExceptionOfType(LookupException.class).isThrownBy(() -> greedy.generate(1, 50));
    assertThatExceptionOfType(FileException.class).isThrownBy(() -> greedy.generate("text"))
        .withMessageContaining("the model has no tokenizer");
    assertThatIllegalArgumentException().isThrownBy(() -> greedy.withStops(List.of("x")))
        .withMessage("stops: found texts, expected none: the model knows tokens alone");
    assertThatIllegalArgumentException().isThrownBy(() -> greedy.withMaxNewTokens(0))
        .withMessage("max new tokens: found 0, expected at least 1");
    assertThatIllegalArgumentException().isThrownBy(() -> greedy.withMinNewTokens(13))
        .withMessage("min new tokens: found 13, expected from 0 to 12, the most");
    assertThat(greedy.generate(List.of(), 0, NOBODY)).isEmpty();
  }

  // ---------------------------------------------------------------- text

  private static Generator writing(Generator generator, TextEncoding encoding) throws FileException {
    return new Generator(model, Optional.of(ModelText.of(encoding)), generator.sampling(), generator.maxNewTokens(), 0,
        Set.of(), List.of());
  }

  private static TextEncoding letters() {
    return new TextEncoding(TextEncoding.Tokens.CHARACTERS,
        IntStream.range(0, RandomModels.TOKENS).mapToObj(i -> Character.toString('A' + i)).toList());
  }

  @Test
  void textComesPieceByPieceAndStopsBeforeAStop() throws Exception {
    Generator writing = writing(generator(), letters());
    StringBuilder told = new StringBuilder();
    Generated all = writing.generate("PROMPT", told::append);
    String text = all.text().orElseThrow();
    assertThat(told.toString()).isEqualTo(text).hasSize(12);
    String stop = text.substring(4, 6);
    int at = text.indexOf(stop);
    told.setLength(0);
    Generated stopped = writing.withStops(List.of("zzz", stop, stop + "zz")).generate("PROMPT", told::append);
    assertThat(stopped.text()).contains(text.substring(0, at));
    assertThat(told.toString()).isEqualTo(text.substring(0, at));
    assertThat(stopped.ids()).isEqualTo(all.ids().subList(0, at + 2));
    assertThat(stopped.ending()).isEqualTo(Generated.Ending.STOPPED);
  }

  @Test
  void whatMightBeginAStopIsHeldBack() {
    StoppingText text = new StoppingText(
        new ModelText.Characters(List.of("a", "b", "c", "\n")), List.of("\n\n", "abca"));
    assertThat(text.next(3)).isEmpty();
    assertThat(text.next(0)).isEqualTo("\n");
    assertThat(text.next(1)).isEmpty();
    assertThat(text.next(1)).isEqualTo("abb");
    assertThat(text.next(0)).isEmpty();
    assertThat(text.next(1)).isEmpty();
    assertThat(text.rest()).isEqualTo("ab");
    assertThat(text.text()).isEqualTo("\nabbab");
    assertThat(text.isStopped()).isFalse();
  }

  @Test
  void theEarliestStopCounts() {
    StoppingText text = new StoppingText(new ModelText.Characters(List.of("abcdef")), List.of("de", "bc", "f"));
    assertThat(text.next(0)).isEqualTo("a");
    assertThat(text.isStopped()).isTrue();
    assertThat(text.rest()).isEmpty();
  }

  @Test
  void bytesAreToldAsWholeCharacters() throws Exception {
    ModelText.Decoder decoder = ModelText.of(new TextEncoding(TextEncoding.Tokens.BYTES, List.of())).decoder();
    List<String> pieces = new ArrayList<>();
    for (byte b : "aé€😀".getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
      pieces.add(decoder.next(b & 0xff));
    }
    assertThat(pieces).containsExactly("a", "", "é", "", "", "€", "", "", "", "😀");
    assertThat(decoder.next(0xe2)).isEmpty();
    assertThat(decoder.next('x')).isEqualTo("\ufffdx");
    assertThat(decoder.next(0xf0)).isEmpty();
    assertThat(decoder.rest()).isEqualTo("\ufffd");
  }

  @Test
  void speedIsOfTheBatch() throws Exception {
    List<Generated> all = generator().generate(prompts(5, 7), 0, NOBODY);
    Generated.Speed speed = all.getFirst().speed();
    assertThat(speed.promptTokens()).isEqualTo(12);
    assertThat(speed.newTokens()).isEqualTo(22);
    assertThat(all.getLast().tokensPerSecond()).isEqualTo(22 / speed.newSeconds()).isPositive();
  }
}
