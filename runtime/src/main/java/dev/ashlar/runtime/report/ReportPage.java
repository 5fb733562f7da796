package dev.ashlar.runtime.report;

import dev.ashlar.io.files.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The page of a run: one file with everything in it, that asks nobody for anything. What comes from a run (names of
 * classes, examples, configurations) is data in it and never a part of the page: scripts put it in as text, and a
 * policy lets no other script run.
 */
public final class ReportPage {

  private static final List<String> SCRIPTS = List.of("values.js", "charts.js", "curves.js", "findings.js",
      "network.js", "live.js", "page.js");

  private ReportPage() {}

  /**
   * Writes {@value RunFiles#PAGE} from what lies in the folder of a run, all or nothing.
   *
   * @param run that may have ended in any way, or still go on
   * @return the file
   */
  public static Path write(Path run) throws IOException {
    RunFiles files = new RunFiles(run);
    Path file = run.resolve(RunFiles.PAGE);
    AtomicFiles.write(file, of(files.name(), files.data(false, Optional::empty), false));
    return file;
  }

  /** Does what is the same for all pages, so that the next one is there sooner; for a thread that is free. */
  public static void prepare() {
    Parts.ALL.page();
  }

  /**
   * A page.
   *
   * @param data that it shows, as JSON
   * @param asks whether it may ask the server that it comes from
   */
  static String of(String title, String data, boolean asks) {
    return Parts.ALL.filled(title, data, asks);
  }

  /** What is the same for all pages. */
  private record Parts(String page, String policy, String style, String library, String script) {

    /** Read when a page is made for the first time. */
    static final Parts ALL = read();

    private static Parts read() {
      String library = "/*\n" + text("uplot/LICENSE") + "*/\n" + text("uplot/uPlot.iife.min.js");
      String script = SCRIPTS.stream().map(ReportPage::text).collect(Collectors.joining("\n"));
      String style = text("uplot/uPlot.min.css") + text("page.css");
      String policy = "default-src 'none'; script-src " + hash(library) + " " + hash(script) + "; style-src "
          + hash(style) + "; img-src data:; base-uri 'none'; form-action 'none'";
      return new Parts(text("page.html"), policy, style, library, script);
    }

    String filled(String title, String data, boolean asks) {
      StringBuilder filled = new StringBuilder(page.length() + style.length() + data.length() + library.length()
          + script.length());
      int from = 0;
      for (int at = page.indexOf("{{"); at >= 0; at = page.indexOf("{{", from)) {
        int end = page.indexOf("}}", at);
        filled.append(page, from, at).append(switch (page.substring(at + 2, end)) {
          case "policy" -> escaped(asks ? policy + "; connect-src 'self'" : policy);
          case "title" -> escaped(title);
          case "style" -> style;
          // Within a script nothing but the end of it, or a comment, would be read as HTML.
          case "data" -> data.replace("<", "\\u003c");
          case "library" -> library;
          case "script" -> script;
          case "foot" -> escaped("Ashlar " + version() + ". Curves: uPlot (MIT).");
          case String other -> throw new IllegalStateException(other);
        });
        from = end + 2;
      }
      return filled.append(page, from, page.length()).toString();
    }
  }

  private static String version() {
    return Optional.ofNullable(ReportPage.class.getPackage().getImplementationVersion()).orElse("of a checkout");
  }

  private static String hash(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String text(String resource) {
    try (InputStream in = ReportPage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no " + resource + " in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
