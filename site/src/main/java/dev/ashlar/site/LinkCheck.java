package dev.ashlar.site;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks whether every link of the pages leads somewhere within the site, down to the heading. */
final class LinkCheck {

  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
  private static final Pattern PLACE = Pattern.compile("id=\"([^\"]*)\"");

  private final Map<Path, Set<String>> places = new HashMap<>();

  /**
   * All links that lead nowhere, as sentences.
   *
   * @param folder of the site
   * @param passed a folder whose pages were made, and checked, by others; links to them are looked at
   */
  List<String> dead(Path folder, Path passed) throws IOException {
    List<String> dead = new ArrayList<>();
    List<Path> pages;
    try (Stream<Path> files = Files.walk(folder)) {
      pages = files.filter(file -> file.toString().endsWith(".html") && !file.startsWith(passed)).sorted().toList();
    }
    for (Path page : pages) {
      Matcher links = LINK.matcher(Files.readString(page));
      while (links.find()) {
        String link = links.group(1).replace("&amp;", "&");
        if (!link.matches("https?:.*|mailto:.*|data:.*") && !leads(page, link)) {
          dead.add(folder.relativize(page) + " leads to " + link + ", which is not there");
        }
      }
    }
    return dead;
  }

  private boolean leads(Path page, String link) throws IOException {
    String[] parts = URLDecoder.decode(link.replace("+", "%2B"), StandardCharsets.UTF_8).split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.isRegularFile(file)
        && (parts.length == 1 || parts[1].isEmpty() || placesOf(file).contains(parts[1]));
  }

  private Set<String> placesOf(Path file) throws IOException {
    Set<String> known = places.get(file);
    if (known == null) {
      known = new HashSet<>();
      Matcher ids = PLACE.matcher(Files.readString(file));
      while (ids.find()) {
        known.add(ids.group(1));
      }
      places.put(file, known);
    }
    return known;
  }
}
