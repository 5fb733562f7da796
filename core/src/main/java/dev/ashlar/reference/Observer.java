package dev.ashlar.reference;

import dev.ashlar.tensor.NDArray;
import dev.ashlar.tensor.Node;
import java.util.List;

/** Sees every node's results as they are made, those inside composites too. */
@FunctionalInterface
interface Observer {

  Observer NONE = (node, results) -> {};

  void computed(Node node, List<NDArray> results);
}
