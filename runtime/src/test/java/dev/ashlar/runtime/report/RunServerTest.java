package dev.ashlar.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.config.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunServerTest {

  private static final String FIRST = "{\"type\":\"step\",\"step\":1,\"loss\":2.5}\n";
  private static final String SECOND = "{\"type\":\"step\",\"step\":2,\"loss\":2.25}\n";

  @TempDir
  private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private Path run;
  private RunServer server;

  @BeforeEach
  void start() throws IOException {
    run = Files.createDirectories(folder.resolve("runs/wide & deep"));
    Files.writeString(run.resolve(RunFiles.METRICS), FIRST);
    server = serve(folder.resolve("runs"), true);
  }

  private static RunServer serve(Path folder, boolean several) throws IOException {
    return RunServer.start(folder, several, 0, _ -> Optional.of(Value.of(Map.of("network", "found"))),
        run -> !Files.exists(run.resolve("killed")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(URI.create(server.address() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String name() {
    return "run=wide+%26+deep";
  }

  /** What comes back for words that no client of Java's would send. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }
  }

  @Test
  void runsAreListedAndTold() throws Exception {
    assertThat(get("runs").body()).startsWith("[{").contains("\"wide & deep\"", "\"stamp\"");
    HttpResponse<String> data = get("data?" + name());
    assertThat(data.body())
        .contains("\"live\":true", "\"name\":\"wide & deep\"", "\\\"loss\\\":2.5", "\"environment\":null",
        "\"findings\":{\"network\":\"found\"}");
    Files.createFile(run.resolve("killed"));
    assertThat(get("runs").body()).contains("\"goesOn\":false");
    assertThat(get("metrics?" + name() + "&from=0&print=0").headers().firstValue("Ashlar-Goes-On")).contains("false");
    Files.delete(run.resolve("killed"));
    assertThat(get("runs").body()).contains("\"goesOn\":true");
    Files.writeString(run.resolve(RunFiles.FINDINGS), "{\"network\": \"kept\"}");
    Files.writeString(run.resolve(RunFiles.ENVIRONMENT), "{\"java\":");
    assertThat(get("data?" + name()).body()).contains("\"environment\":null", "\"findings\":{\"network\":\"kept\"}");

    HttpResponse<String> page = get("");
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("X-Frame-Options")).contains("DENY");
    assertThat(page.body()).contains("<!doctype html>", "{\"live\":true,\"several\":true}", "connect-src 'self'");
  }

  @Test
  void figuresAreToldFromWhereTheyAreKnown() throws Exception {
    HttpResponse<String> all = get("metrics?" + name() + "&from=0&print=0");
    assertThat(all.body()).isEqualTo(FIRST);
    assertThat(all.headers().firstValue("Ashlar-From")).contains("0");

    String known = "metrics?" + name() + "&from=" + FIRST.length() + "&print=" + print(FIRST);
    assertThat(get(known).body()).isEmpty();
    Files.writeString(run.resolve(RunFiles.METRICS), SECOND, StandardOpenOption.APPEND);
    HttpResponse<String> added = get(known);
    assertThat(added.body()).isEqualTo(SECOND);
    assertThat(added.headers().firstValue("Ashlar-From")).contains(Integer.toString(FIRST.length()));
  }

  @Test
  void figuresThatWereCutBackAreToldAnew() throws Exception {
    String both = FIRST + SECOND;
    String known = "metrics?" + name() + "&from=" + both.length() + "&print=" + print(both);
    assertThat(get(known).body()).as("shorter than what is known").isEqualTo(FIRST);
    // Cut back, and by now longer than it was: the length alone would not tell.
    String other = FIRST + SECOND.replace("2.25", "2.50") + SECOND.replace("2,", "3,");
    Files.writeString(run.resolve(RunFiles.METRICS), other);
    assertThat(get(known).body()).isEqualTo(other);
    assertThat(get(known).headers().firstValue("Ashlar-From")).contains("0");
  }

  /** As the page has it. */
  private static long print(String text) {
    int hash = 0x811c9dc5;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = Math.max(0, bytes.length - 256); i < bytes.length; i++) {
      hash = (hash ^ bytes[i]) * 0x01000193;
    }
    return Integer.toUnsignedLong(hash);
  }

  @Test
  void nothingElseIsGiven() throws Exception {
    Files.writeString(folder.resolve("secret.json"), "{\"secret\": 1}");
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.writeString(outside.resolve(RunFiles.METRICS), "secret");
    Files.createSymbolicLink(run.resolve(RunFiles.ENVIRONMENT), folder.resolve("secret.json"));
    for (String path : new String[] {"secret.json", "data?run=../outside", "data?run=..%2foutside", "data?run=.",
        "data?run=", "data", "metrics?run=%2e%2e/outside", "runs/wide%20&%20deep/metrics.jsonl",
        "../secret.json"}) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).as(path).doesNotContain("secret");
    }
    assertThat(raw("GET /data?run=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).contains(" 40");
    assertThat(get("data?" + name()).body()).as("a link that leads out of the folder").contains("\"environment\":null");
  }

  @Test
  void onlyThisMachineIsAnsweredAndOnlyQuestions() throws Exception {
    assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n")).contains(" 421 ");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost.evil.example\r\nConnection: close\r\n\r\n")).contains(" 421 ");
    assertThat(raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).contains(" 421 ");
    assertThat(raw("POST /runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
        .contains(" 405 ");
    assertThat(raw("GET /runs HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n")).contains(" 200 ");

    for (NetworkInterface face : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(face.getInetAddresses())) {
        if (!address.isLoopbackAddress()) {
          assertThatThrownBy(() -> {
            try (Socket socket = new Socket()) {
              socket.connect(new InetSocketAddress(address, server.address().getPort()), 2_000);
            }
          }).as("%s", address).isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void oneRunNeedsNoName() throws Exception {
    server.close();
    server = serve(run, false);
    assertThat(get("metrics?from=0&print=0").body()).isEqualTo(FIRST);
    assertThat(get("").body()).contains("{\"live\":true,\"several\":false}");
    assertThat(get("runs").body()).contains("wide & deep");
  }

  @Test
  void aPortThatIsTakenIsNotShared() {
    assertThatThrownBy(() -> RunServer.start(run, false, server.address().getPort(), _ -> Optional.empty(), _ -> true).close())
        .isInstanceOf(BindException.class);
  }
}
