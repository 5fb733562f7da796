package dev.ashlar.io.safetensors;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Files that are often taken for safetensors, told by how they begin. */
final class Impostors {
  private static final Map<String, String> ADVICE = Map.of(
      "PK\u0003\u0004", "this looks like a zip file, as PyTorch writes: convert it to safetensors",
      "\u0080\u0002", "this looks like a Python pickle: convert it to safetensors",
      "GGUF", "this looks like a GGUF file: convert it to safetensors",
      "\u0089HDF", "this looks like an HDF5 file: convert it to safetensors",
      "\u001f\u008b", "this looks like a gzip file: unpack it",
      "version ", "this looks like a pointer of Git LFS: fetch the file itself with 'git lfs pull'",
      "<", "this looks like a web page: the download went wrong");

  private Impostors() {}

  /** What a file of at least 8 bytes may be instead, and what to do. */
  static String advice(MemorySegment bytes) {
    var start = new String(bytes.asSlice(0, Long.BYTES).toArray(ValueLayout.JAVA_BYTE),
        StandardCharsets.ISO_8859_1);
    return ADVICE.entrySet().stream()
        .filter(e -> start.startsWith(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("it is no safetensors file, or damaged");
  }
}
