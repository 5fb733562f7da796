package dev.ashlar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A table of 40 rows and a configuration that learns it in no time. */
final class SmallRun {

  private SmallRun() {}

  /** Writes both, and says where the configuration is. */
  static Path write(Path folder) throws IOException {
    StringBuilder table = new StringBuilder("x,y,kind\n");
    for (int i = 0; i < 40; i++) {
      table.append(i % 7 - 3).append(',').append(i % 5 - 2).append(',').append(i % 7 > 3 ? "high" : "low").append('\n');
    }
    Files.writeString(folder.resolve("table.csv"), table);
    return Files.writeString(folder.resolve("run.yaml"), """
        data: {source: {csv: {path: table.csv, label: kind}}, transforms: [standardize], split: {test: 0.25}}
        model: [{dense: 4}, tanh, {dense: 2}]
        loss: cross_entropy
        optimizer: {adam: 0.1}
        metrics: [accuracy]
        train: {epochs: 3, batch: 8, seed: 1}
        """);
  }
}
