package dev.ashlar.runtime.report;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows runs while they go on, to browsers of this machine: it listens on the loopback interface alone, answers to no
 * other name than this machine's, only reads, and gives nothing but what the page of a run shows.
 */
public final class RunServer implements AutoCloseable {

  /** What the last bytes of the figures are told by: FNV-1a of so many. */
  private static final int PRINT = 256;
  private static final int MOST_RUNS = 200;
  /** Pages ask once a second, those that nobody looks at do not. */
  private static final long STILL_WATCHING = 2_500;
  private static final long LAST_ANSWERS = 300;

  private final Supplier<Path> folder;
  private final boolean several;
  private final Function<Path, Optional<Value>> findings;
  private final Predicate<Path> goesOn;
  private final Map<String, Optional<Value>> found = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final ExecutorService threads;
  private volatile long asked;

  private RunServer(Supplier<Path> folder, boolean several, Function<Path, Optional<Value>> findings,
      Predicate<Path> goesOn, HttpServer server) {
    this.folder = folder;
    this.several = several;
    this.findings = findings;
    this.goesOn = goesOn;
    this.server = server;
    this.threads = Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name("watch-", 0).factory());
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Begins to serve.
   *
   * @param folder of a run, or of several runs
   * @param several which of both
   * @param port 0 for one that is free
   * @param findings what is known of a run whose folder does not have it yet; asked once for each state of a run
   * @param goesOn whether some process trains a run: one that was killed has no end, and does not go on either
   * @throws java.net.BindException if the port is taken
   */
  public static RunServer start(Path folder, boolean several, int port, Function<Path, Optional<Value>> findings,
      Predicate<Path> goesOn) throws IOException {
    return start(() -> folder, several, port, findings, goesOn);
  }

  /**
   * Begins to serve a run of this process that has no folder yet; whoever asks before it has waits.
   *
   * @param folder of the run; may wait for it
   * @param port 0 for one that is free
   * @throws java.net.BindException if the port is taken
   */
  public static RunServer start(Supplier<Path> folder, int port) throws IOException {
    return start(folder, false, port, _ -> Optional.empty(), _ -> true);
  }

  private static RunServer start(Supplier<Path> folder, boolean several, int port,
      Function<Path, Optional<Value>> findings, Predicate<Path> goesOn) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    return new RunServer(folder, several, findings, goesOn, server);
  }

  /** Where it is. */
  public URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        Answer answer = answerTo(exchange);
        send(exchange, answer);
      } catch (IOException e) {
        // Whoever asked is gone, or a file is: they will ask again.
        if (exchange.getResponseCode() < 0) {
          send(exchange, Answer.of(500, "what was asked for cannot be read: " + e.getMessage()));
        }
      }
    }
  }

  /** @param headers beside those that every answer has */
  private record Answer(int code, String type, byte[] body, Map<String, String> headers) {
    static Answer of(int code, String text) {
      return new Answer(code, "text/plain", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Answer json(String text) {
      return new Answer(200, "application/json", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }
  }

  private Answer answerTo(HttpExchange exchange) throws IOException {
    // A page of a stranger whose name is made to stand for this machine would ask under that name.
    String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
    if (!host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?")) {
      return Answer.of(421, "this is served to localhost alone");
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      return Answer.of(405, "there is nothing to do here but to look");
    }
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    return switch (exchange.getRequestURI().getPath()) {
      case "/" -> new Answer(200, "text/html", ReportPage.of("Ashlar",
          "{\"live\":true,\"several\":" + several + "}", true).getBytes(StandardCharsets.UTF_8), Map.of());
      case "/runs" -> Answer.json(Json.write(Value.of(listed())));
      case "/data" -> run(query).isEmpty() ? none()
          : Answer.json(run(query).get().data(true, () -> findings(run(query).get())));
      case "/metrics" -> run(query).isEmpty() ? none() : metrics(run(query).get(), query);
      default -> none();
    };
  }

  private static Answer none() {
    return Answer.of(404, "there is no such thing here");
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String part : raw == null ? new String[0] : raw.split("&")) {
      int at = part.indexOf('=');
      if (at > 0) {
        try {
          query.put(part.substring(0, at), URLDecoder.decode(part.substring(at + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          // no name of a run
        }
      }
    }
    return query;
  }

  /** The run that is asked for: one of those that are listed, so that no name leads elsewhere. */
  private Optional<RunFiles> run(Map<String, String> query) {
    if (!several) {
      return Optional.of(new RunFiles(folder.get()));
    }
    String name = query.getOrDefault("run", "");
    return runs(folder.get()).stream().filter(run -> run.name().equals(name)).findFirst();
  }

  /** The runs in a folder, the latest first. */
  public static List<RunFiles> runs(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      record Dated(RunFiles run, long time) {}
      return inside.filter(Files::isDirectory).map(RunFiles::new).filter(RunFiles::isRun)
          .map(run -> new Dated(run, run.folder().resolve(RunFiles.METRICS).toFile().lastModified()))
          .sorted((a, b) -> Long.compare(b.time, a.time)).limit(MOST_RUNS).map(Dated::run).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private List<Object> listed() throws IOException {
    List<Object> listed = new ArrayList<>();
    for (RunFiles run : several ? runs(folder.get()) : List.of(new RunFiles(folder.get()))) {
      listed.add(Map.of("name", run.name(), "stamp", run.stamp(), "goesOn", goesOn.test(run.folder())));
    }
    return listed;
  }

  private Optional<Value> findings(RunFiles run) {
    return found.computeIfAbsent(run.name(), _ -> findings.apply(run.folder()));
  }

  /** What was added to the figures; all of them if what the page has is no longer how they begin. */
  private Answer metrics(RunFiles run, Map<String, String> query) throws IOException {
    byte[] all = run.metrics();
    asked = System.nanoTime();
    long wanted = natural(query.get("from"));
    boolean goesOn = wanted > 0 && wanted <= all.length && print(all, (int) wanted) == natural(query.get("print"));
    int from = goesOn ? (int) wanted : 0;
    return new Answer(200, "application/x-ndjson", Arrays.copyOfRange(all, from, all.length),
        Map.of(
        "Ashlar-From", Integer.toString(from),
        "Ashlar-Version", run.version(),
        "Ashlar-Goes-On", Boolean.toString(this.goesOn.test(run.folder()))));
  }

  private static long natural(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
  }

  private static long print(byte[] bytes, int end) {
    int hash = 0x811c9dc5;
    for (int i = Math.max(0, end - PRINT); i < end; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * 0x01000193;
    }
    return Integer.toUnsignedLong(hash);
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.type + "; charset=utf-8");
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Referrer-Policy", "no-referrer");
    answer.headers.forEach(headers::set);
    exchange.sendResponseHeaders(answer.code, answer.body.length == 0 ? -1 : answer.body.length);
    if (answer.body.length > 0) {
      exchange.getResponseBody().write(answer.body);
    }
  }

  /** Whether a page has asked for figures within so many milliseconds. */
  private boolean isWatched(long milliseconds) {
    return System.nanoTime() - asked < milliseconds * 1_000_000 && asked != 0;
  }

  /** Lets the pages that follow the run hear of its end, then ends. */
  public void finish() throws InterruptedException {
    long end = System.nanoTime();
    while (isWatched(STILL_WATCHING) && asked - end < 0 && System.nanoTime() - end < STILL_WATCHING * 1_000_000) {
      Thread.sleep(20);
    }
    if (asked - end > 0) {
      Thread.sleep(LAST_ANSWERS); // the findings come with another question
    }
    close();
  }

  /** Ends at once. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
