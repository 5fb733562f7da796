package dev.ashlar.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the documentation site: {@code Site CHECKOUT FOLDER VERSION}. A link that leads nowhere is a failure. */
final class Site {

  private static final String JAVADOC = "api";

  private final Path checkout;
  private final Path folder;
  private final String version;
  /** Files of the checkout that become pages, in the order of the navigation: their groups. */
  private final SequencedMap<String, String> sources = new LinkedHashMap<>();
  private final List<Page> pages = new ArrayList<>();

  private Site(Path checkout, Path folder, String version) {
    this.checkout = checkout;
    this.folder = folder;
    this.version = version;
  }

  static void main(String[] arguments) throws Exception {
    Site site = new Site(Path.of(arguments[0]).toRealPath(), Path.of(arguments[1]), arguments[2]);
    site.clear();
    site.collect();
    site.write();
    Javadoc.write(site.checkout, site.folder.resolve(JAVADOC), site.version);
    List<String> dead = new LinkCheck().dead(site.folder, site.folder.resolve(JAVADOC));
    if (!dead.isEmpty()) {
      throw new IllegalStateException(String.join(System.lineSeparator(), dead));
    }
    System.out.println(site.pages.size() + " pages, no dead link: " + site.folder.resolve("index.html"));
  }

  private void clear() throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(folder);
  }

  private void collect() throws IOException, InterruptedException {
    sources.put("README.md", "Begin");
    sources.put("CONTRIBUTING.md", "Begin");
    for (String file : files("docs")) {
      sources.put(file, "Guides");
    }
    for (String file : files("docs/decisions")) {
      sources.put(file, "Decisions");
    }
    Map<String, String> become = sources.keySet().stream().collect(Collectors.toMap(source -> source,
        source -> source.equals("README.md") ? "index.html" : source.replaceFirst("\\.md$", ".html")));
    become.put("docs/modules.svg", "docs/modules.svg");
    become.put("LICENSE", "LICENSE.txt");
    Markdown markdown = new Markdown(become);
    List<Page> decisions = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Page page = markdown.page(source.getKey(), Files.readString(checkout.resolve(source.getKey())),
          source.getValue());
      (source.getValue().equals("Decisions") ? decisions : pages).add(page);
    }
    pages.addAll(Reference.pages());
    pages.addAll(decisions);
  }

  /** Names of Markdown files, sorted. */
  private List<String> files(String below) throws IOException {
    try (Stream<Path> files = Files.list(checkout.resolve(below))) {
      return files.filter(file -> file.toString().endsWith(".md"))
          .map(file -> checkout.relativize(file).toString().replace('\\', '/')).sorted().toList();
    }
  }

  private void write() throws IOException {
    String template = resource("page.html");
    for (Page page : pages) {
      Path file = folder.resolve(page.path());
      Files.createDirectories(file.getParent());
      Files.writeString(file, template
          .replace("{root}", page.to(""))
          .replace("{title}", Html.escape(page.title()))
          .replace("{version}", Html.escape(version))
          .replace("{navigation}", navigation(page))
          .replace("{body}", page.body()));
    }
    Files.writeString(folder.resolve("site.css"), resource("site.css"));
    for (Map.Entry<String, String> copy : Map.of("docs/modules.svg", "docs/modules.svg", "LICENSE", "LICENSE.txt")
        .entrySet()) {
      Files.copy(checkout.resolve(copy.getKey()), folder.resolve(copy.getValue()),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private String navigation(Page here) {
    Map<String, List<Page>> groups = pages.stream()
        .collect(Collectors.groupingBy(Page::group, LinkedHashMap::new, Collectors.toList()));
    StringBuilder html = new StringBuilder();
    groups.forEach((group, list) -> {
      boolean folded = group.equals("Decisions") && !here.group().equals(group);
      html.append("<details").append(folded ? "" : " open").append("><summary>").append(group).append("</summary><ul>");
      list.forEach(page -> html.append("<li><a href=\"").append(here.to(page.path())).append('"')
          .append(page == here ? " aria-current=\"page\"" : "").append('>').append(Html.escape(page.title()))
          .append("</a></li>"));
      if (group.equals("Begin")) {
        html.append("<li><a href=\"").append(here.to(JAVADOC + "/index.html")).append("\">Javadoc</a></li>");
      }
      html.append("</ul></details>");
    });
    return html.toString();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
