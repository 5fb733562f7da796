package dev.ashlar.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages in a real browser, as a phone and a desktop show them, light and dark. Pictures are left in target/pages, to be
 * looked at. Skipped where no Chromium or Chrome is on the path, nor named by ASHLAR_BROWSER.
 */
class PageTest {

  private static final Path PICTURES = Path.of("target/pages");
  private static final int PHONE = 390;
  private static final int DESKTOP = 1280;

  @TempDir
  private Path folder;

  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    Optional<Path> program = Browser.installed();
    assumeTrue(program.isPresent(), "no Chromium or Chrome on the path: pages are not looked at");
    browser = Browser.start(program.get());
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pictures", "numbers", "text", "hostile", "failed", "young"})
  void isInOrderEverywhere(String kind) throws Exception {
    Path run = SamplePages.write(kind, folder);
    URI page = ReportPage.write(run).toUri();
    for (int width : new int[] {PHONE, DESKTOP}) {
      for (boolean isDark : new boolean[] {false, true}) {
        String name = kind + (width == PHONE ? "-phone" : "-desktop") + (isDark ? "-dark" : "-light");
        try (Browser.Tab tab = browser.open(page, width, 900, isDark)) {
          tab.await("[...charts].every(chart => chart.plot || !chart.host.clientWidth)");
          tab.shoot(PICTURES.resolve(name + ".png"));
          assertThat(tab.complaints()).as(name).isEmpty();
          assertThat(tab.requests()).as("%s: nothing is fetched", name)
              .allMatch(url -> url.equals(page.toString()) || url.startsWith("data:"));
          assertThat(tab.ask("document.documentElement.scrollWidth")).as("%s: nothing sticks out", name)
              .isEqualTo((long) width);
          assertThat(tab.ask("getComputedStyle(document.body).backgroundColor"))
              .isEqualTo(isDark ? "rgb(14, 17, 22)" : "rgb(246, 247, 248)");
          assertThat(tab.ask(LOW_CONTRAST)).as("%s: texts that are hard to read", name).isEqualTo(List.of());
        }
      }
    }
  }

  /** Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3), opaque backgrounds considered. */
  private static final String LOW_CONTRAST = """
      (() => {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
        const over = colours => {
          canvas.clearRect(0, 0, 1, 1);
          for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = rgb => rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
        const poor = [];
        for (const node of document.querySelectorAll('main *, header *, footer')) {
          const said = [...node.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('');
          if (!said || !node.checkVisibility() || node.closest('svg, script, noscript')) continue;
          const behind = [];
          for (let at = node; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
          const a = light(over(behind)), b = light(over([...behind, getComputedStyle(node).color]));
          const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
          if (ratio < 4.5) poor.push(said.slice(0, 40) + ' ' + node.className + ' ' + ratio.toFixed(2));
        }
        return poor;
      })()""";

  @Test
  void whatARunBringsIsNeverRead() throws Exception {
    Path run = SamplePages.write("hostile", folder);
    URI page = ReportPage.write(run).toUri();
    try (Browser.Tab tab = browser.open(page, DESKTOP, 900, false)) {
      assertThat(tab.ask("window.stolen === undefined")).isEqualTo(true);
      assertThat(tab.ask("document.querySelectorAll('script').length")).as("no scripts but ours").isEqualTo(3L);
      assertThat((String) tab.ask("document.body.innerText")).contains(SamplePages.HOSTILE);
      // And if one were in the page, the policy would stop it.
      tab.ask("document.body.append(Object.assign(document.createElement('script'), "
          + "{textContent: 'window.stolen = 1'}))");
      assertThat(tab.ask("window.stolen === undefined")).isEqualTo(true);
      assertThat(tab.ask("fetch('https://localhost/').then(() => 'asked', () => 'stopped')")).isEqualTo("stopped");
      assertThat(tab.requests()).noneMatch(url -> url.startsWith("https"));
    }
  }

  @Test
  void keysDoWhatAPointerDoes() throws Exception {
    URI page = ReportPage.write(SamplePages.write("text", folder)).toUri();
    try (Browser.Tab tab = browser.open(page, DESKTOP, 900, false)) {
      tab.await("[...charts].every(chart => chart.plot)");
      tab.ask("document.querySelector('.chart').focus()");
      tab.press("Home");
      tab.await("[...charts][0].plot.cursor.idx === 0");
      tab.press("ArrowRight");
      tab.await("[...charts][0].plot.cursor.idx === 1");
      assertThat((String) tab.ask("document.querySelector('.chart').getAttribute('aria-label')"))
          .startsWith("loss: ").contains("train from ", "validation from ");

      Object boxes = tab.ask("document.querySelectorAll('.network .box').length");
      tab.ask("document.querySelector('.network [role=button]').focus()");
      tab.press("Enter");
      assertThat(tab.ask("document.querySelectorAll('.network .box').length")).isNotEqualTo(boxes);
      assertThat(tab.ask("document.activeElement.getAttribute('role')")).as("the focus stays").isEqualTo("button");
      tab.ask("document.querySelector('.cardhead input[type=checkbox]').click()");
      assertThat(tab.ask("[...charts][0].options.log"))
          .isEqualTo(true);
      assertThat(tab.complaints()).isEmpty();
    }
  }

  @Test
  void aRunIsFollowedAndSoIsOneThatWasResumed() throws Exception {
    Path run = SamplePages.write("young", folder);
    Path metrics = run.resolve(RunFiles.METRICS);
    String begun = Files.readString(metrics);
    try (RunServer server = RunServer.start(run, false, 0, _ -> Optional.empty(),
            folder -> !Files.exists(folder.resolve("killed")));
        Browser.Tab tab = browser.open(server.address(), DESKTOP, 900, true)) {
      tab.await("document.querySelector('.badge').textContent === 'running'");
      Files.writeString(metrics, SamplePages.epoch(1, 10, 0.5) + SamplePages.epoch(2, 20, 0.25),
          StandardOpenOption.APPEND);
      tab.await("document.querySelectorAll('tbody tr.best, .grid .chart').length > 0");
      tab.await("document.body.innerText.includes('0.25')");
      tab.shoot(PICTURES.resolve("watched-desktop-dark.png"));
      Files.createFile(run.resolve("killed"));
      tab.await("document.querySelector('.badge').textContent === 'interrupted'");
      Files.delete(run.resolve("killed"));
      tab.await("document.querySelector('.badge').textContent === 'running'");

      // Cut back to the first epoch, and on from there: longer than before.
      Files.writeString(metrics, begun + SamplePages.epoch(1, 10, 0.5) + "{\"type\":\"resume\",\"step\":10}\n"
          + SamplePages.epoch(2, 20, 0.125) + SamplePages.epoch(3, 30, 0.0625) + SamplePages.end("finished", "", 30));
      tab.await("document.body.innerText.includes('0.0625') && !document.body.innerText.includes('0.25 ')");
      tab.await("document.querySelector('.badge').textContent === 'finished'");
      assertThat(tab.ask("document.querySelectorAll('details tbody tr').length >= 3")).isEqualTo(true);
      assertThat(tab.complaints()).isEmpty();
      assertThat(tab.requests())
          .allMatch(url -> url.startsWith(server.address().toString()) || url.startsWith("data:"));
    }
  }

  @Test
  void runsAreComparedWhileTheyGoOn() throws Exception {
    Path runs = Files.createDirectories(folder.resolve("runs"));
    for (String kind : new String[] {"pictures", "numbers", "failed"}) {
      SamplePages.write(kind, runs);
    }
    try (RunServer server = RunServer.start(runs, true, 0, _ -> Optional.empty(), _ -> true)) {
      for (int width : new int[] {PHONE, DESKTOP}) {
        try (Browser.Tab tab = browser.open(server.address(), width, 900, width == DESKTOP)) {
          tab.await("document.querySelectorAll('tbody .badge').length === 3");
          tab.await("[...charts].every(chart => chart.plot)");
          tab.shoot(PICTURES.resolve(width == PHONE ? "runs-phone-light.png" : "runs-desktop-dark.png"));
          assertThat(tab.ask("document.documentElement.scrollWidth")).isEqualTo((long) width);
          tab.ask("[...document.querySelectorAll('a')].find(a => a.textContent === 'pictures').click()");
          tab.await("document.querySelector('h1')?.textContent === 'pictures'");
          tab.await("document.querySelector('#network') !== null");
          assertThat(tab.complaints()).isEmpty();
        }
      }
    }
  }

  @Test
  void aPageIsOneFileOfDataAndScripts() throws IOException {
    String page = Files.readString(ReportPage.write(SamplePages.write("hostile", folder)));
    assertThat(page).doesNotContain("{{").doesNotContain(SamplePages.HOSTILE)
        .contains("Copyright", "default-src 'none'").doesNotContain("connect-src");
    assertThat(page.split("</script>", -1)).as("three scripts").hasSize(4);
    assertThat(page.length()).isLessThan(400_000);
  }
}
