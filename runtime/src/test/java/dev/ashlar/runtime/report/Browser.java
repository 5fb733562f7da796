package dev.ashlar.runtime.report;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A browser without a window, spoken to by the Chrome DevTools protocol: enough to open a page as a phone or a desktop
 * would, light or dark, to ask it something, and to take its picture.
 */
final class Browser implements AutoCloseable {

  private static final int SECONDS = 60;

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Map<?, ?>>> waiting = new ConcurrentHashMap<>();
  private final List<Map<?, ?>> events = new CopyOnWriteArrayList<>();

  private Browser(Process process, Path profile, String address) {
    this.process = process;
    this.profile = profile;
    this.socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(address), new Ear()).join();
  }

  /** One that is installed: what ASHLAR_BROWSER names, or a Chromium or Chrome on the path. */
  static Optional<Path> installed() {
    String named = System.getenv("ASHLAR_BROWSER");
    return named != null ? Optional.of(Path.of(named))
        : Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
        .flatMap(name -> Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
            .map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable).findFirst();
  }

  static Browser start(Path program) throws IOException {
    Path profile = Files.createTempDirectory("browser");
    List<String> command = new ArrayList<>(List.of(program.toString(), "--headless=new", "--remote-debugging-port=0",
        "--user-data-dir=" + profile, "--no-first-run", "--disable-gpu", "--disable-background-networking",
        "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars", "about:blank"));
    if (System.getProperty("user.name").equals("root")) {
      command.add(1, "--no-sandbox"); // Chromium refuses root otherwise
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("DevTools listening on ")) {
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return new Browser(process, profile, line.substring("DevTools listening on ".length()).strip());
      }
    }
    throw new IOException("the browser ended before it listened");
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
      part.append(text);
      if (isLast) {
        hear(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void hear(String text) {
    try {
      Map<?, ?> message = (Map<?, ?>) Json.read(text, "browser").plain();
      if (message.get("id") instanceof Number id) {
        waiting.remove(id.intValue()).complete(message);
      } else {
        events.add(message);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<?, ?> call(String session, String method, Map<String, ?> parameters) {
    int id = calls.incrementAndGet();
    CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    Map<String, Object> message = new LinkedHashMap<>(Map.of("id", id, "method", method, "params", parameters));
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket.sendText(Json.write(Value.of(message)), true).join();
    Map<?, ?> heard = answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    if (heard.get("result") == null) {
      throw new IllegalStateException(method + ": " + heard.get("error"));
    }
    return (Map<?, ?>) heard.get("result");
  }

  /**
   * A page that is open.
   *
   * @param width of the window
   * @param isDark what the system prefers
   */
  Tab open(URI address, int width, int height, boolean isDark) throws InterruptedException {
    String target = (String) call("", "Target.createTarget", Map.of("url", "about:blank")).get("targetId");
    String session = (String) call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
        .get("sessionId");
    Tab tab = new Tab(target, session, width, height);
    for (String domain : new String[] {"Page", "Runtime", "Log", "Network"}) {
      tab.call(domain + ".enable", Map.of());
    }
    tab.call("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1,
        "mobile", width < 600));
    tab.call("Emulation.setEmulatedMedia", Map.of("features", List.of(
        Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"),
        Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    tab.call("Page.navigate", Map.of("url", address.toString()));
    tab.await("document.readyState === 'complete' && document.querySelector('h1') !== null");
    return tab;
  }

  /** One page. */
  final class Tab implements AutoCloseable {
    private final String target;
    private final String session;
    private final int width;
    private final int height;

    private Tab(String target, String session, int width, int height) {
      this.target = target;
      this.session = session;
      this.width = width;
      this.height = height;
    }

    Map<?, ?> call(String method, Map<String, ?> parameters) {
      return Browser.this.call(session, method, parameters);
    }

    /** What an expression of JavaScript gives. */
    Object ask(String expression) {
      Map<?, ?> answer = call("Runtime.evaluate",
          Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
      if (answer.containsKey("exceptionDetails")) {
        throw new IllegalStateException(expression + ": " + answer);
      }
      return ((Map<?, ?>) answer.get("result")).get("value");
    }

    /** Waits until an expression is true. */
    void await(String expression) throws InterruptedException {
      for (int i = 0; i < 10 * SECONDS; i++) {
        if (Boolean.TRUE.equals(ask(expression))) {
          return;
        }
        Thread.sleep(100);
      }
      throw new AssertionError("never true: " + expression + "; the page says " + ask("document.body.innerText")
          + complaints());
    }

    /** Presses a key. */
    void press(String key) {
      call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key));
      call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
    }

    /** The whole page as a picture. */
    void shoot(Path file) throws IOException {
      int whole = Math.min(16_000, ((Number) ask("document.documentElement.scrollHeight")).intValue());
      // A window as high as the page, so that what sticks to the top is at the top once.
      call("Emulation.setDeviceMetricsOverride",
          Map.of("width", width, "height", whole, "deviceScaleFactor", 1, "mobile", width < 600));
      ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150))))");
      String data = (String) call("Page.captureScreenshot", Map.of("format", "png")).get("data");
      Files.createDirectories(file.getParent());
      Files.write(file, Base64.getDecoder().decode(data));
      call("Emulation.setDeviceMetricsOverride",
          Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** What went wrong in the page. */
    List<String> complaints() {
      return mine().filter(event -> switch ((String) event.get("method")) {
        case "Runtime.exceptionThrown" -> true;
        case "Runtime.consoleAPICalled" -> List.of("error", "warning").contains(parameters(event).get("type"));
        case "Log.entryAdded" -> List.of("error", "warning")
            .contains(((Map<?, ?>) parameters(event).get("entry")).get("level"));
        default -> false;
      }).map(Object::toString).toList();
    }

    /** What the page asked for, itself included. */
    List<String> requests() {
      return mine().filter(event -> event.get("method").equals("Network.requestWillBeSent"))
          .map(event -> (String) ((Map<?, ?>) parameters(event).get("request")).get("url")).toList();
    }

    private Stream<Map<?, ?>> mine() {
      return events.stream().filter(event -> session.equals(event.get("sessionId")));
    }

    private static Map<?, ?> parameters(Map<?, ?> event) {
      return (Map<?, ?>) event.get("params");
    }

    @Override
    public void close() {
      Browser.this.call("", "Target.closeTarget", Map.of("targetId", target));
    }
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }
  }
}
