package dev.ashlar.runtime.report;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Folders of runs as they may lie about. What was found of models are files that real runs left: digits-cnn, flats, and
 * a GPT of twelve blocks that read this project's documents.
 */
final class SamplePages {

  /** What no class, configuration or message should be able to do. */
  static final String HOSTILE = "</script><script>window.stolen = 1</script><img src=x onerror='window.stolen = 1'>";

  private SamplePages() {}

  /** Writes the folder of a run, under the name of its kind. */
  static Path write(String kind, Path parent) throws IOException {
    Path run = Files.createDirectories(parent.resolve(kind));
    Files.writeString(run.resolve(RunFiles.METRICS), switch (kind) {
      case "pictures" -> whole(20, 23, "accuracy", "test")
          + warning(200, "the loss has not fallen for 8 epochs: a smaller"
          + " learning rate may help") + end("finished", "", 460);
      case "numbers" -> whole(60, 29, "r2", "validation", "test") + end("finished", "", 1740);
      case "text" -> texts()
          + end("interrupted", "stopped by SIGTERM; go on with: ashlar train --resume runs/text", 2000);
      case "hostile" -> whole(3, 5, HOSTILE, HOSTILE) + line("sample", "step", 15, "text", HOSTILE)
          + warning(3, HOSTILE)
          + end("failed", HOSTILE, 15);
      case "failed" -> start(10, 100) + step(1, 2.5) + step(2, 190) + step(3, "Infinity") + step(4, "NaN")
          + end("failed", "the loss is not finite in step 4: first in the part 'blocks.3.attention'", 4);
      case "young" -> start(3, 30) + step(1, 2.5);
      default -> throw new IllegalArgumentException(kind);
    });
    if (kind.equals("hostile")) {
      Files.writeString(run.resolve(RunFiles.FINDINGS), hostile());
    } else {
      try (var in = SamplePages.class.getResourceAsStream(kind + ".json")) {
        if (in != null) {
          Files.write(run.resolve(RunFiles.FINDINGS), in.readAllBytes());
        }
      }
    }
    Files.writeString(run.resolve("config.yaml"), kind.equals("hostile") ? "model: \"" + HOSTILE + "\"\n" : """
        # What was trained, every value written
        data:
          source: {csv: {path: ../../examples/data/digits.csv, label: label}}
          transforms:
            - divide: 16
          split: {test: 0.2, stratify: true}
        model:
          - reshape: [1, 8, 8]
          - conv2d: {filters: 16, kernel: 3, padding: same, activation: relu, initializer: he_normal, groups: 1}
          - dense: 10
        loss: cross_entropy
        train: {epochs: 20, batch: 64, seed: 1}
        """);
    Files.writeString(run.resolve(RunFiles.ENVIRONMENT), json(Map.of("ashlar", "0.1.0", "java", "25.0.3+9-LTS",
        "os", "Linux 6.1 amd64", "processor", "AMD EPYC 7763, 2 cores", "threads", 2, "jvm_flags",
            List.of("-XX:+UseSerialGC"),
        "data", List.of(Map.of("path", "../../examples/data/digits.csv", "sha256",
            "9f86d081884c7d659a2feaa0c55ad015".repeat(2),
            "bytes", 259_000)), "plugins",
                List.of(Map.of("name", "ashlar-layers", "version", "0.1.0", "origin", "built in")),
        "command", List.of("train", kind.equals("hostile") ? HOSTILE : "examples/digits-cnn.yaml"))));
    return run;
  }

  private static String whole(int epochs, int steps, String metric, String... parts) {
    StringBuilder lines = new StringBuilder(start(epochs, epochs * steps));
    for (int i = 1; i <= epochs * steps; i++) {
      double done = (double) i / (epochs * steps);
      lines.append(line("step", "step", i, "loss", 2.3 * Math.exp(-5 * done) + 0.2 * noise(i) * Math.exp(-2 * done)
          + 0.02,
          "learning_rate", 0.003 * (1 + Math.cos(Math.PI * done)) / 2, "gradient_norm", 0.1
              + noise(i) * Math.exp(-done)));
      if (i % steps == 0) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("train", measures(metric, 2.1 * Math.exp(-4.5 * done) + 0.03, 1 - 0.8 * Math.exp(-6 * done)));
        for (String part : parts) {
          metrics.put(part, measures(metric, 1.9 * Math.exp(-6 * done) + 0.08 + 0.05 * done,
              0.98 - 0.7 * Math.exp(-7 * done)));
        }
        lines.append(line("epoch", "epoch", i / steps, "step", i, "time", "2026-11-26T18:40:00Z", "seconds", 0.25
            + 0.02 * noise(i),
            "samples_per_second", 5750 * (1 + 0.1 * noise(i)), "best", done < 0.8, "metrics", metrics));
      }
    }
    return lines.toString();
  }

  private static String texts() {
    StringBuilder lines = new StringBuilder(line("start", "time", "2026-11-26T18:40:00Z", "epochs", 8, "steps", 2000,
        "by_epoch", false, "parameters", 2_397_952, "examples", 115_394, "tokens_per_example", 64, "backend", "cpu"));
    for (int i = 2; i <= 2000; i += 2) {
      lines.append(line("step", "step", i, "loss", 1.6 + 2.6 * Math.exp(-i / 300.0) + 0.15 * noise(i)));
      if (i % 250 == 0) {
        double loss = 1.62 + 2.6 * Math.exp(-i / 300.0);
        lines.append(line("epoch", "epoch", i / 250, "step", i, "time", "2026-11-26T18:40:00Z", "seconds", 21.5,
            "samples_per_second", 139.5, "best", true, "metrics",
                Map.of("train", measures("perplexity", loss, Math.exp(loss)),
                "validation", measures("perplexity", loss + 0.1, Math.exp(loss + 0.1)))));
        lines.append(line("sample", "step", i, "text",
            "The tensor of the kernel is a\nlayer, and <b>what</b> is read & written\n".repeat(3)));
      }
    }
    return lines.toString();
  }

  private static Map<String, Object> measures(String metric, double loss, double value) {
    Map<String, Object> measures = new LinkedHashMap<>();
    measures.put("loss", loss);
    measures.put(metric, value);
    return measures;
  }

  /** From 0 to 1, the same each time. */
  private static double noise(int i) {
    return (Integer.reverse(i * 0x9e3779b9) >>> 8) / (double) (1 << 24);
  }

  private static String start(int epochs, int steps) {
    return line("start", "time", "2026-11-26T18:40:00.123456Z", "epochs", epochs, "steps", steps, "by_epoch", true,
        "parameters", 38_314, "examples", 1438, "tokens_per_example", 0, "backend",
            "cpu: machine code, AVX2, 16 logical lanes, 2 threads");
  }

  private static String step(int step, Object loss) {
    return line("step", "step", step, "loss", loss);
  }

  static String epoch(int epoch, int step, double loss) {
    return line("epoch", "epoch", epoch, "step", step, "time", "2026-11-26T18:40:00Z", "seconds", 0.5,
        "samples_per_second", 100,
        "best", true, "metrics", Map.of("train", Map.of("loss", loss)));
  }

  private static String warning(int step, String message) {
    return line("warning", "step", step, "kind", "plateau", "message", message);
  }

  static String end(String reason, String message, int step) {
    return line("end", "time", "2026-11-26T18:41:00Z", "reason", reason, "message", message, "step", step);
  }

  private static String line(String type, Object... fields) {
    Map<String, Object> line = new LinkedHashMap<>(Map.of("type", type));
    for (int i = 0; i < fields.length; i += 2) {
      line.put((String) fields[i], fields[i + 1]);
    }
    return json(line) + "\n";
  }

  private static String json(Object plain) {
    return Json.write(Value.of(plain));
  }

  private static String hostile() {
    Map<String, Object> node = Map
        .of("id", HOSTILE, "name", HOSTILE, "kind", HOSTILE, "output", HOSTILE, "parameters", 1,
        "flops", 2, "times", 1);
    Map<String, Object> network = Map.of("parameters", 1, "state", 0, "flops", 2,
        "whole", Map.of("id", "model", "nodes", List.of(node), "edges", List.of()));
    Map<String, Object> worst = Map
        .of("position", 0, "loss", "NaN", "likeliest", List.of(List.of(HOSTILE, 0.9)), "right", "b",
        "right_probability", 0.1, "input", Map.of("row", List.of(List.of(HOSTILE, HOSTILE)), "of", 1));
    return json(Map.of("network", network, "part", HOSTILE, "of", 2, "examples", 2, "classes", List.of(HOSTILE, "b"),
        "matrix", List.of(List.of(1, 0), List.of(1, 0)), "worst", List.of(worst)));
  }
}
