package dev.ashlar.site;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlRenderer;

/** Markdown of the checkout as HTML: tables, anchors at headings, and links to the pages that files have become. */
final class Markdown {

  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create(), HeadingAnchorExtension.create());

  private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();
  /** What has become of the checkout's files, by their paths. */
  private final Map<String, String> pages;

  Markdown(Map<String, String> pages) {
    this.pages = pages;
  }

  /** The page of a file. */
  Page page(String source, String text, String group) {
    Node document = parser.parse(text);
    String path = pages.get(source);
    document.accept(new Links(source, path));
    return new Page(path, title(document), group, "<article>" + HtmlRenderer.builder().extensions(EXTENSIONS)
        .attributeProviderFactory(_ -> (node, _, attributes) -> {
          if (node instanceof TableBlock) {
            attributes.put("class", "grid");
          }
        })
        // Comments say how a block is tested, and raw HTML is not written here.
        .nodeRendererFactory(_ -> new NodeRenderer() {
          @Override
          public java.util.Set<Class<? extends Node>> getNodeTypes() {
            return java.util.Set.of(HtmlBlock.class);
          }

          @Override
          public void render(Node node) {
            // nothing
          }
        })
        .build().render(document)
        .replace("<table class=\"grid\">", "<div class=\"wide\"><table>").replace("</table>", "</table></div>")
        + "</article>");
  }

  /** The first heading; a decision's without its number's dot. */
  private static String title(Node document) {
    return children(document).filter(Heading.class::isInstance).findFirst().map(Markdown::text)
        .orElseThrow(() -> new IllegalStateException("a file has no heading"));
  }

  private static String text(Node node) {
    return switch (node) {
      case Text text -> text.getLiteral();
      case Code code -> code.getLiteral();
      default -> children(node).map(Markdown::text).collect(Collectors.joining());
    };
  }

  private static Stream<Node> children(Node node) {
    return Stream.iterate(node.getFirstChild(), child -> child != null, Node::getNext);
  }

  /** Leads links between files to their pages. */
  private final class Links extends AbstractVisitor {
    private final String source;
    private final String path;

    Links(String source, String path) {
      this.source = source;
      this.path = path;
    }

    @Override
    public void visit(Link link) {
      link.setDestination(led(link.getDestination()));
      visitChildren(link);
    }

    private String led(String to) {
      if (to.matches("[a-z]+:.*|#.*")) {
        return to;
      }
      String[] parts = to.split("#", 2);
      String file = java.nio.file.Path.of("/" + source).resolveSibling(parts[0]).normalize().toString().substring(1);
      String page = pages.get(file);
      if (page == null) {
        throw new IllegalStateException(source + " leads to " + to + ", which is no page");
      }
      return new Page(path, "", "", "").to(page) + (parts.length > 1 ? "#" + parts[1] : "");
    }

    @Override
    public void visit(org.commonmark.node.Image image) {
      // Pictures lie below the site where they lie below docs.
      String file = java.nio.file.Path.of("/" + source).resolveSibling(image.getDestination()).normalize().toString();
      image.setDestination(new Page(path, "", "", "").to(file.substring(1)));
    }
  }
}
