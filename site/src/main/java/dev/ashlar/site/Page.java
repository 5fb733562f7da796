package dev.ashlar.site;

/**
 * A page to be written.
 *
 * @param path of its file below the site, with slashes, such as {@code docs/plugins.html}
 * @param title as it stands in lists
 * @param group that it stands under in the navigation
 * @param body HTML
 */
record Page(String path, String title, String group, String body) {

  /** How a page leads to a file of the site. */
  String to(String file) {
    return "../".repeat((int) path.chars().filter(c -> c == '/').count()) + file;
  }
}
