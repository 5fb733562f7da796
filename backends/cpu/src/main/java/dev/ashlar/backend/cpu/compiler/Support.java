package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Graph;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What this backend lacks. */
public final class Support {

  private Support() {}

  /** One sentence for each thing that a computation needs and that is missing. */
  public static List<String> missing(Computation computation) {
    Set<String> sentences = new LinkedHashSet<>();
    collect(computation.graph(), sentences);
    return new ArrayList<>(sentences);
  }

  private static void collect(Graph graph, Set<String> sentences) {
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Op.Composite composite) {
        collect(composite.body(), sentences);
        continue;
      }
      if (node.op() instanceof Op.Scan scan) {
        collect(scan.body(), sentences);
      }
      String where = node.origin().path().isEmpty() ? "" : " in " + node.origin();
      for (Tensor tensor : node.outputs()) {
        boolean isRead = node.op() instanceof Op.Input || node.op() instanceof Op.Constant
            || node.op() instanceof Op.Cast;
        if (tensor.dtype() == DType.F64 || tensor.dtype() == DType.I64 && !isRead) {
          sentences.add(node.op().label() + where + " is " + tensor.type()
              + ", and there are no kernels in " + tensor.dtype() + "; the reference backend has them");
        }
      }
      if (node.op() instanceof Op.Binary o && o.kind() == Op.BinaryKind.POW && !o.a().dtype().isFloating()) {
        sentences.add("powers of integers" + where + " have no kernel; the reference backend has them");
      }
    }
  }
}
