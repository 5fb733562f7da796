package dev.ashlar.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** The desktop that this may run on. */
final class Desktop {

  private Desktop() {}

  /** Asks the desktop to show a page in its browser; says so where there is none. */
  static void open(URI page, PrintWriter err) {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    List<String> command = system.contains("mac") ? List.of("open", page.toString())
        : system.contains("windows") ? List.of("rundll32", "url.dll,FileProtocolHandler", page.toString())
        : List.of("xdg-open", page.toString());
    try {
      new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      err.println("warning: no browser could be opened: " + e.getMessage());
    }
  }
}
