package dev.ashlar.fuzz;

import dev.ashlar.config.ConfigException;
import dev.ashlar.config.FileException;
import dev.ashlar.config.Place;
import dev.ashlar.config.Value;
import dev.ashlar.data.DataSource;
import dev.ashlar.data.Dataset;
import dev.ashlar.io.checkpoint.CheckpointFolder;
import dev.ashlar.io.checkpoint.Hashes;
import dev.ashlar.io.checkpoint.Manifest;
import dev.ashlar.io.data.Csv;
import dev.ashlar.io.data.Idx;
import dev.ashlar.io.data.JsonLines;
import dev.ashlar.io.data.Npy;
import dev.ashlar.io.data.Npz;
import dev.ashlar.io.data.Text;
import dev.ashlar.io.data.TextLines;
import dev.ashlar.io.images.ImageFiles;
import dev.ashlar.io.json.Json;
import dev.ashlar.io.model.ModelFile;
import dev.ashlar.io.safetensors.SafeTensors;
import dev.ashlar.io.tables.TableSource;
import dev.ashlar.io.text.TextEncoding;
import dev.ashlar.io.tokenizers.Tokenizer;
import dev.ashlar.plugin.Registry;
import dev.ashlar.reference.ReferenceBackend;
import dev.ashlar.runtime.Configuration;
import dev.ashlar.runtime.RunEvents;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Shape;
import dev.ashlar.tensor.TensorType;
import dev.ashlar.training.Checkpoint;
import dev.ashlar.training.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** A reader of files that others made. Given any bytes, it gives a value or says what is wrong with them. */
enum Target {
  SAFETENSORS {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      SafeTensors tensors = SafeTensors.of(MemorySegment.ofArray(bytes), "model.safetensors");
      for (String name : tensors.names()) {
        tensors.type(name);
      }
      tensors.arrays().values().forEach(Target::use);
    }
  },
  MODEL {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      ModelFile.read(bytes, "model.safetensors");
      try (Model model = Model.load(file(folder, "model.safetensors", bytes), Plugins.ALL, Plugins.BACKEND)) {
        model.parameters();
      }
    }
  },
  NPY {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      examples(new Npy(file(folder, "x.npy", bytes), Optional.empty(), List.of()));
    }
  },
  NPZ {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      examples(new Npz(file(folder, "x.npz", bytes), "x", Optional.empty(), List.of()));
    }
  },
  IDX {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      examples(new Idx(file(folder, "images.idx", bytes), Optional.empty(), DType.U8, List.of()));
    }
  },
  CSV {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      table(Csv.of(file(folder, "table.csv", bytes)), bytes);
      examples(Csv.of(folder.resolve("table.csv")).withLabel("y"));
    }
  },
  JSONL {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      table(JsonLines.of(file(folder, "table.jsonl", bytes)), bytes);
      examples(JsonLines.of(folder.resolve("table.jsonl")).withLabel("y"));
    }
  },
  TEXT {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      Path text = file(folder, bytes.length > 0 && bytes[0] == '{' ? "text.jsonl" : "text.txt", bytes);
      examples(Text.of(text, TextEncoding.Tokens.CHARACTERS, 8));
    }
  },
  TEXT_LINES {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      examples(new TextLines(file(folder, "lines.tsv", bytes), TextEncoding.Tokens.CHARACTERS, 8, List.of()));
    }
  },
  IMAGE {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      Path image = file(folder, "image.png", bytes);
      try (Dataset data = ImageFiles.in(image).open(TensorType.of(DType.F32, 3, 4, 4))) {
        all(data);
      }
      try (Dataset data = ImageFiles.in(image).open(TensorType.of(DType.F32, 1, 4, 4))) {
        all(data);
      }
    }
  },
  YAML {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      // Its data are not opened: the paths in it may be any.
      Configuration.read(file(folder, "run.yaml", bytes), List.of(), Plugins.ALL).written(folder, Plugins.ALL);
    }
  },
  JSON {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      Json.write(Json.read(file(folder, "values.json", bytes)));
    }
  },
  TOKENIZER {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      Tokenizer tokenizer = Tokenizer.read(file(folder, "tokenizer.json", bytes));
      for (String text : TEXTS) {
        int[] ids = tokenizer.encode(text);
        tokenizer.decode(ids);
        tokenizer.decode(ids, true);
      }
    }
  },
  /** What a tokenizer is asked to read. */
  TOKENIZED_TEXT {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      String text = new String(bytes, StandardCharsets.UTF_8);
      for (Tokenizer tokenizer : Parts.TOKENIZERS) {
        tokenizer.decode(tokenizer.encode(text));
      }
    }
  },
  /** A manifest with any bytes, and one whose content they are, with the right hash behind it. */
  CHECKPOINT_MANIFEST {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      Path checkpoint = checkpoint(folder, "{}".getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes("{\n\"content\": ".getBytes(StandardCharsets.UTF_8));
      whole.writeBytes(bytes);
      whole.writeBytes((",\n\"sha256\": \"" + Hashes.sha256(bytes) + "\"\n}\n").getBytes(StandardCharsets.UTF_8));
      try {
        file(checkpoint, Manifest.FILE_NAME, whole.toByteArray());
        CheckpointFolder.read(checkpoint);
      } catch (FileException e) {
        Checks.message(e, bytes);
      }
      file(checkpoint, Manifest.FILE_NAME, bytes);
      CheckpointFolder.read(checkpoint);
    }
  },
  CHECKPOINT_STATE {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      Checkpoint.read(checkpoint(folder, bytes)).step();
    }
  },
  METRICS {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      RunEvents.read(file(folder, "metrics.jsonl", bytes));
    }
  },
  HUGGING_FACE_CONFIG {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      file(folder, "config.json", bytes);
      file(folder, "model.safetensors", Parts.WEIGHTS);
      load(folder);
    }
  },
  HUGGING_FACE_INDEX {
    @Override
    void read(byte[] bytes, Path folder) throws IOException {
      file(folder, "config.json", Parts.CONFIG);
      file(folder, "model.safetensors.index.json", bytes);
      file(folder, "model-00001-of-00001.safetensors", Parts.WEIGHTS);
      load(folder);
    }
  };

  /** What only some need. */
  private static final class Plugins {
    private static final Registry ALL = Registry.discover();
    private static final ReferenceBackend BACKEND = new ReferenceBackend();
  }

  private static final String[] TEXTS =
      {"", " Hello,  world's\t1234567\n\n", "Straße \u00e9\u0301 \ud83d\ude00 漢字 \u200b<s>"};

  /**
   * Reads a file with these bytes, and uses what came of it.
   *
   * @param folder empty, for whoever reads from files
   * @throws FileException or {@link ConfigException} if something is wrong with them
   */
  abstract void read(byte[] bytes, Path folder) throws IOException;

  /** As it is called on a command line. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Path file(Path folder, String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  /** A checkpoint whose files are as its manifest says. */
  private static Path checkpoint(Path folder, byte[] state) throws IOException {
    SequencedMap<String, CheckpointFolder.Part> parts = new LinkedHashMap<>();
    parts.put("model.safetensors", CheckpointFolder.Part.of(Parts.WEIGHTS));
    parts.put("slots.safetensors", CheckpointFolder.Part.of(Parts.WEIGHTS));
    parts.put("state.json", CheckpointFolder.Part.of(state));
    Path checkpoint = folder.resolve("step-000000001");
    CheckpointFolder.write(checkpoint, parts, new Value.Mapping(List.of(), Place.ROOT));
    return checkpoint;
  }

  private static void load(Path folder) throws IOException {
    try (Model model = Model.load(folder, Plugins.ALL, Plugins.BACKEND)) {
      model.parameters();
    }
  }

  private static void use(NDArray array) {
    for (long i = 0; i < Math.min(1000, array.size()); i++) {
      array.get(i);
    }
  }

  /** Without anything to be learnt. */
  private static void table(TableSource source, byte[] bytes) throws IOException {
    try {
      examples(source);
    } catch (FileException | ConfigException e) {
      Checks.message(e, bytes);
    }
  }

  private static void examples(DataSource source) throws IOException {
    try (Dataset data = source.open()) {
      all(data);
    }
  }

  private static void all(Dataset data) throws IOException {
    Map<String, NDArray> batch = new LinkedHashMap<>();
    data.columns().forEach((name, type) ->
        batch.put(name, NDArray.zeros(type.withShape(Shape.of(1).concat(type.shape())))));
    for (long i = 0; i < Math.min(1000, data.size()); i++) {
      data.read(new long[] {i}, 1, batch);
    }
  }
}
