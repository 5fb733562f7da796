package dev.ashlar.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Runs commands as a console would. */
final class Console {

  private Console() {}

  /** How a command ended, and what it printed. */
  record Ended(int code, String out, String err) {}

  static Ended run(Object... arguments) {
    StringWriter out = new StringWriter();
    Ended ended = run(new PrintWriter(out), arguments);
    return new Ended(ended.code(), out.toString(), ended.err());
  }

  /** As if standard output went there. */
  static Ended run(Terminal terminal, Object... arguments) {
    StringWriter out = new StringWriter();
    Ended ended = run(new Screen(out, terminal), arguments);
    return new Ended(ended.code(), out.toString(), ended.err());
  }

  /** As if standard output took nothing. */
  static Ended runWithoutOutput(String reason, Object... arguments) {
    return run(new Screen(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    }, StandardCharsets.UTF_8, Terminal.NONE), arguments);
  }

  private static Ended run(PrintWriter out, Object... arguments) {
    StringWriter err = new StringWriter();
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    int code = Main.run(out, new PrintWriter(err), words);
    return new Ended(code, "", err.toString());
  }
}
