package dev.ashlar.io.safetensors;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ashlar.config.FileException;
import dev.ashlar.io.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users read when a file of tensors is not what it should be. */
class BadSafeTensorsTest {
  private static final String TENSOR = "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @TempDir Path folder;

  private final Map<String, String> messages = new LinkedHashMap<>();

  @Test
  void messages() throws IOException {
    note("no such file", folder.resolve("modle.safetensors"));
    note("no such folder", folder.resolve("runs/model.safetensors"));
    note("a folder", Files.createDirectory(folder.resolve("sub")));
    bytes("empty", new byte[0]);
    bytes("three bytes", new byte[3]);
    bytes("header length of 0", new byte[8]);
    bytes("negative header length", ByteBuffer.allocate(16).putLong(-1).array());
    bytes("header length beyond the limit", ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(1L << 40).array());
    bytes("header beyond the file", ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1 << 20)
        .array());
    bytes("a zip file", "PK\u0003\u0004 and more".getBytes(StandardCharsets.UTF_8));
    bytes("a pointer of Git LFS",
        "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8));
    var whole = SafeTensorsTest.file("{" + TENSOR + "}", new byte[8]);
    bytes("cut in the header", Arrays.copyOf(whole, 30));
    bytes("cut in the data", Arrays.copyOf(whole, whole.length - 1));
    bytes("more than the tensors", Arrays.copyOf(whole, whole.length + 3));
    bytes("not UTF-8", with(whole, 10, 0xff));
    header("no JSON", "hello");
    header("half of JSON", "{" + TENSOR);
    header("JSON twice", "{" + TENSOR + "}{}");
    header("no map", "[" + "]");
    header("a name twice", "{" + TENSOR + "," + TENSOR + "}");
    header("deep", "{\"a\":{\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}}");
    header("a tensor that is no map", "{\"w\":[1]}");
    header("no dtype", "{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}");
    header("no shape", "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}");
    header("unknown dtype", "{" + TENSOR.replace("F32", "F31") + "}");
    header("dtype that is no text", "{" + TENSOR.replace("\"F32\"", "32") + "}");
    header("negative extent", "{" + TENSOR.replace("[2]", "[-2]") + "}");
    header("fraction as extent", "{" + TENSOR.replace("[2]", "[2.0]") + "}");
    header("extent of 30 digits", "{" + TENSOR.replace("[2]", "[" + "9".repeat(30) + "]") + "}");
    header("shape that overflows", "{" + TENSOR.replace("[2]", "[4294967296,4294967296,4]") + "}");
    header("text as extent", "{" + TENSOR.replace("[2]", "\"2\"") + "}");
    header("shape and bytes differ", "{" + TENSOR.replace("[2]", "[3]") + "}");
    header("one offset", "{" + TENSOR.replace("[0,8]", "[0]") + "}");
    header("offsets the wrong way", "{" + TENSOR.replace("[0,8]", "[8,0]") + "}");
    header("offsets beyond the file", "{" + TENSOR.replace("[0,8]", "[8,16]") + "}");
    header("overlap", "{" + TENSOR + ",\"v\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}");
    header("gap", "{\"v\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}");
    header("metadata that is no map", "{\"__metadata__\":1," + TENSOR + "}");
    header("metadata that is no text", "{\"__metadata__\":{\"a\":1}," + TENSOR + "}");
    header("no tensor of that name", "{" + TENSOR.replace("\"w\"", "\"weights\"") + "}");
    header("an element type that is not computed with", "{" + TENSOR.replace("F32", "U32") + "}");
    header("an extent beyond an int",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,0],\"data_offsets\":[0,0]},"
        + TENSOR.replace("\"w\"", "\"v\"") + "}");
    header("a truth value of 7", "{" + TENSOR.replace("F32", "BOOL").replace("[2]", "[8]") + "}");
    Golden.check("dev/ashlar/io/safetensors/bad.txt", messages);
  }

  private void header(String what, String json) throws IOException {
    bytes(what, SafeTensorsTest.file(json, new byte[] {0, 1, 7, 0, 0, 0, 0, 0}));
  }

  private void bytes(String what, byte[] content) throws IOException {
    note(what, Files.write(folder.resolve("model.safetensors"), content));
  }

  private void note(String what, Path path) {
    var thrown = catchThrowable(() -> SafeTensors.open(path).get("w"));
    if (!(thrown instanceof FileException e)) throw new AssertionError(what + ": " + thrown, thrown);
    messages.put(what, e.getMessage().replace(folder.toString(), "DIR"));
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    var copy = bytes.clone();
    copy[at] = (byte) value;
    return copy;
  }
}
