package dev.ashlar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ashlar.program.Profiler;
import org.junit.jupiter.api.Test;

class ProfileTest {

  private static final long SECOND = 1_000_000_000;

  private final Profile profile = new Profile();

  private Profiler.Timer timer(String kernel, String layer) {
    return profile.timer(new Profiler.Work("step", kernel, layer, 10, 100));
  }

  @Test
  void linesAreSumsOverPiecesAndThoseThatNeverRanAreLeftOut() {
    timer("unused", "blocks.2");
    timer("add", "blocks.0").add(0, SECOND);
    Profiler.Timer again = timer("add", "blocks.1");
    again.add(SECOND, 2 * SECOND);
    again.add(2 * SECOND, 4 * SECOND);
    timer("multiply", "blocks.1").add(4 * SECOND, 5 * SECOND);
    assertThat(profile.byKernel()).containsExactly(new Profile.Line("add", 3, 4, 30, 300),
        new Profile.Line("multiply", 1, 1, 10, 100));
    assertThat(profile.byLayer()).extracting(Profile.Line::name).containsExactly("blocks.1", "blocks.0");
  }

  @Test
  void whatNoKernelTookWasWaiting() throws InterruptedException {
    Profiler.Timer timer = timer("add", "");
    // The clock may stand anywhere, below zero too.
    long origin = -7 * SECOND;
    timer.add(origin, origin + SECOND);
    Thread other = Thread.ofPlatform().name("other").start(() -> {
      timer.add(origin + SECOND, origin + 2 * SECOND);
      timer("multiply", "").add(origin + 3 * SECOND, origin + 4 * SECOND);
    });
    other.join();
    Profile.Threads threads = profile.threads();
    assertThat(threads.seconds()).isEqualTo(4, within(1e-9));
    assertThat(threads.busy()).containsOnlyKeys(Thread.currentThread().getName(), "other");
    assertThat(threads.busy().get("other")).isEqualTo(2, within(1e-9));
    assertThat(threads.waiting()).isEqualTo(3 + 2, within(1e-9));
  }

  @Test
  void whereNothingRanNothingWaited() {
    timer("unused", "");
    assertThat(profile.threads().busy()).isEmpty();
    assertThat(profile.threads().waiting()).isZero();
  }
}
