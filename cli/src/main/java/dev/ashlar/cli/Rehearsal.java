package dev.ashlar.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs several commands in one JVM, for the cache of classes that the script {@code ashlar} has made: it keeps what the
 * commands loaded, and only one JVM can make it. Arguments: the words of each command, with {@value #NEXT} between.
 */
public final class Rehearsal {

  private static final String NEXT = ";";

  private Rehearsal() {}

  /** Ends with the code of the first command that fails. */
  public static void main(String[] arguments) {
    List<String> command = new ArrayList<>();
    for (String word : arguments) {
      if (word.equals(NEXT)) {
        run(command);
        command.clear();
      } else {
        command.add(word);
      }
    }
    run(command);
    System.exit(0);
  }

  private static void run(List<String> command) {
    int code = Main.run(Screen.ofProcess(), new PrintWriter(System.err, true), command.toArray(String[]::new));
    if (code != 0) {
      System.exit(code);
    }
  }
}
