package dev.ashlar.bench;

import dev.ashlar.io.tokenizers.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The speed of a tokenizer on one thread, for {@code tokenizer_compare.py}: for each line of standard input, which
 * names what to do, a line with the seconds of the processor that it took: those of the clock are as long as others let
 * them be. Arguments: a tokenizer.json or its folder, a text.
 */
public final class TokenizerBench {

  private TokenizerBench() {}

  /** Serves until the input ends. */
  public static void main(String[] arguments) throws IOException {
    Tokenizer tokenizer = Tokenizer.read(Path.of(arguments[0]));
    String text = Files.readString(Path.of(arguments[1]));
    int[] ids = tokenizer.encode(text);
    System.out.println(ids.length);
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      long start = clock.getCurrentThreadCpuTime();
      int size = order.equals("encode") ? tokenizer.encode(text).length : tokenizer.decode(ids).length();
      double seconds = (clock.getCurrentThreadCpuTime() - start) / 1e9;
      if (size == 0) {
        throw new IllegalStateException("nothing came out");
      }
      System.out.println(seconds);
    }
  }
}
