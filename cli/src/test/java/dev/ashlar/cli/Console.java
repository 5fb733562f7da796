package dev.ashlar.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** Runs commands as a console would. */
final class Console {

  private Console() {}

  /** How a command ended, and what it printed. */
  record Ended(int code, String out, String err) {}

  static Ended run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), words);
    return new Ended(code, out.toString(), err.toString());
  }
}
