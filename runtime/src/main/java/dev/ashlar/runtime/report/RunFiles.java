package dev.ashlar.runtime.report;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What lies in the folder of a run, as far as it is there: a run may be young, or have been ended by force. Files that
 * are links to places outside of the folder are not there.
 *
 * @param folder of the run
 */
public record RunFiles(Path folder) {

  /** What was asked for, every value written. */
  public static final String CONFIGURATION = "config.yaml";
  /** The course of a run: a JSON object on each line. */
  public static final String METRICS = "metrics.jsonl";
  /** What the run ran on. */
  public static final String ENVIRONMENT = "environment.json";
  /** What a page shows beside the course: see {@link ReportPage}. */
  public static final String FINDINGS = "report.json";
  /** The page. */
  public static final String PAGE = "report.html";

  /** What the run is called: its folder. */
  public String name() {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }

  /** Whether a run has been here. */
  public boolean isRun() {
    return Files.isRegularFile(folder.resolve(METRICS)) || Files.isRegularFile(folder.resolve(CONFIGURATION));
  }

  /** Its figures; none as long as there are none. */
  byte[] metrics() throws IOException {
    return bytes(METRICS).orElseGet(() -> new byte[0]);
  }

  /** The JSON of a file; a file that is half written or damaged is not there. */
  Optional<Value> json(String name) throws IOException {
    Optional<byte[]> bytes = bytes(name);
    try {
      return bytes.isEmpty() ? Optional.empty()
          : Optional.of(Json.read(new String(bytes.get(), StandardCharsets.UTF_8), name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<byte[]> bytes(String name) throws IOException {
    try {
      Path file = folder.resolve(name).toRealPath();
      return file.startsWith(folder.toRealPath()) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Changes when anything but the figures does. */
  String version() throws IOException {
    StringBuilder version = new StringBuilder();
    for (String name : new String[] {CONFIGURATION, ENVIRONMENT, FINDINGS}) {
      version.append(stamp(folder.resolve(name))).append('.');
    }
    return version.toString();
  }

  /** Changes when the figures do. */
  String stamp() throws IOException {
    return stamp(folder.resolve(METRICS));
  }

  private static String stamp(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toMillis() + "-" + Files.size(file);
    } catch (NoSuchFileException e) {
      return "0";
    }
  }

  /**
   * All that a page shows of the run.
   *
   * @param live whether it is shown while it goes on
   * @param findings where no file has them; may know of none
   */
  String data(boolean live, Supplier<Optional<Value>> findings) throws IOException {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("live", live);
    data.put("name", name());
    data.put("version", version());
    data.put("config", bytes(CONFIGURATION).map(b -> new String(b, StandardCharsets.UTF_8)).orElse(null));
    data.put("metrics", new String(metrics(), StandardCharsets.UTF_8));
    String plain = Json.write(Value.of(data));
    String environment = json(ENVIRONMENT).map(Json::write).orElse("null");
    String found = json(FINDINGS).or(findings).map(Json::write).orElse("null");
    return plain.substring(0, plain.length() - 1) + ",\"environment\":" + environment + ",\"findings\":" + found + "}";
  }
}
