package dev.ashlar.layers.joining;

import dev.ashlar.config.Default;
import dev.ashlar.config.Doc;
import dev.ashlar.config.Name;
import dev.ashlar.model.Block;
import java.util.List;

/**
 * A part of a {@link NamedGraph}.
 *
 * @param layer what it computes; a list is one layer after the other
 * @param from what it takes, in order: inputs and nodes by name; by default the node before it, the first input for the
 *     first
 */
@Name("node")
public record Node(
    @Doc("what it computes; a list is one layer after the other") Block layer,
    @Doc("what it takes: inputs and other nodes; by default the node before it") @Default("[]") List<String> from) {

  /** Copies the list. */
  public Node {
    from = List.copyOf(from);
  }

  /** A layer and what it takes. */
  public static Node of(Block layer, String... from) {
    return new Node(layer, List.of(from));
  }
}
