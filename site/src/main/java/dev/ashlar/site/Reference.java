package dev.ashlar.site;

import dev.ashlar.config.Value;
import dev.ashlar.io.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What can be written in configurations: a page for each kind of component, from {@code plugins describe}. */
final class Reference {

  static final String GROUP = "Configuration";

  /** Parts of a configuration that are no components. */
  private static final List<String> PARTS = List.of("configuration", "data", "split", "train", "checkpoint", "sample");

  private Reference() {}

  static List<Page> pages() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (Value plugin : list(run("plugins", "list", "--json"), "plugins")) {
      for (Value kind : list(plugin, "components")) {
        list(kind, "names").forEach(name -> names.add(text(plugin, "name") + ":" + name.plain()));
      }
    }
    List<String> words = new ArrayList<>(List.of("plugins", "describe", "--json"));
    words.addAll(PARTS);
    words.addAll(new TreeSet<>(names));
    Map<String, Map<String, Value>> kinds = new TreeMap<>();
    for (Value component : ((Value.Sequence) run(words.toArray(String[]::new))).items()) {
      kinds.computeIfAbsent(text(component, "kind"), _ -> new TreeMap<>()).put(text(component, "name"), component);
    }
    return kinds.entrySet().stream().map(kind -> page(kind.getKey(), kind.getValue())).toList();
  }

  private static Page page(String kind, Map<String, Value> components) {
    String title = plural(Character.toUpperCase(kind.charAt(0)) + kind.substring(1));
    StringBuilder html = new StringBuilder("<article><h1>" + title + "</h1><p>" + components.size()
        + " of them. Made from what <code>ashlar plugins describe</code> says.</p><p class=\"names\">");
    components.keySet().forEach(name -> html.append("<a href=\"#").append(name).append("\"><code>").append(name)
        .append("</code></a> "));
    html.append("</p>");
    components.values().forEach(component -> append(html, component));
    return new Page("reference/" + kind.replace(' ', '-') + ".html", title, GROUP, html + "</article>");
  }

  private static String plural(String word) {
    if (word.startsWith("Part of ")) {
      return "Parts" + word.substring("Part".length());
    }
    return word.endsWith("s") ? word + "es"
        : word.endsWith("y") ? word.substring(0, word.length() - 1) + "ies" : word + "s";
  }

  private static void append(StringBuilder html, Value component) {
    String name = text(component, "name");
    String doc = text(component, "description");
    html.append("<section class=\"component\"><h2 id=\"").append(name).append("\"><code>").append(name)
        .append("</code></h2><p>")
        .append(doc.isEmpty() ? "" : Html.escape(Character.toUpperCase(doc.charAt(0)) + doc.substring(1)) + ". ")
        .append(((Value.Mapping) component).get("plugin") == null ? ""
            : "<span class=\"quiet\">From plug-in " + Html.escape(text(component, "plugin")) + ".</span>")
        .append("</p>");
    List<Value> parameters = list(component, "parameters");
    if (!parameters.isEmpty()) {
      html.append("<div class=\"wide\"><table><thead><tr><th>parameter</th><th>type</th><th>default</th>"
          + "<th>meaning</th></tr></thead><tbody>");
      for (Value parameter : parameters) {
        Value usual = ((Value.Mapping) parameter).get("default");
        String shown = usual != null && usual.plain() != null ? "<code>" + Html.escape(usual.plain().toString())
            + "</code>"
            : Boolean.TRUE.equals(((Value.Mapping) parameter).get("required").plain()) ? "required" : "none";
        html.append("<tr><td><code>").append(text(parameter, "name")).append("</code></td><td>")
            .append(Html.escape(text(parameter, "type"))).append("</td><td>").append(shown).append("</td><td>")
            .append(Html.escape(text(parameter, "description"))).append("</td></tr>");
      }
      html.append("</tbody></table></div>");
    }
    html.append("<pre><code>").append(Html.escape(text(component, "example"))).append("</code></pre></section>");
  }

  private static List<Value> list(Value value, String key) {
    return ((Value.Sequence) ((Value.Mapping) value).get(key)).items();
  }

  private static String text(Value value, String key) {
    return String.valueOf(((Value.Mapping) value).get(key).plain());
  }

  /** What the command line prints, in a process of its own. Plug-ins of whoever builds this are no part of it. */
  private static Value run(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-Duser.home=/nowhere", "-cp", System.getProperty("java.class.path"), "dev.ashlar.cli.Main"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("ashlar " + String.join(" ", words) + " failed");
    }
    return Json.read(output, "ashlar " + words[0] + " " + words[1]);
  }
}
