package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Turns a group into steps. */
final class Lowering {

  private final Slots slots;
  private final List<Step> steps = new ArrayList<>();

  Lowering(Slots slots) {
    this.slots = slots;
  }

  List<Step> steps(Group group) {
    if (group.produced().stream().allMatch(t -> t.shape().size() == 0)) {
      return List.of();
    }
    if (group.opaque == null) {
      fused(group);
    } else {
      opaque(group, group.opaque);
    }
    return steps;
  }

  private void fused(Group group) {
    Body body = Body.of(group);
    Call call = group.kind == Group.Kind.ROWS ? FusedKernel.of(body, slots::of) : ColumnKernel.of(body, slots::of);
    List<Slot> reads = group.loaded().stream().map(slots::of).distinct().toList();
    List<Slot> writes = group.outputs.stream().map(s -> slots.of(s.tensor())).distinct().toList();
    Node first = group.outputs.getFirst().tensor().node();
    double flops = 1.0 * group.space.size() * group.inlined.stream().mapToInt(t -> Costs.operations(t.node())).sum();
    kernel(call, first.origin().toString(), reads, writes, flops);
  }

  private void opaque(Group group, Node node) {
    Slot out = slots.of(node.output(0));
    TensorType type = node.output(0).type();
    List<Slot> in = group.views.stream().map(view -> slots.of(view.base())).toList();
    switch (node.op()) {
      case Op.MatMul o -> {
        int rank = type.shape().rank();
        Product product = new Product(type.dtype(), java.util.Arrays.stream(type.shape().dims()).limit(rank - 2L).boxed()
            .toList(), type.shape().dim(-2), type.shape().dim(-1), o.a().dim(-1),
            Product.Operand.of(in.get(0), group.views.get(0).form()),
            Product.Operand.of(in.get(1), group.views.get(1).form()),
            Product.Operand.of(out, Form.rowMajor(type.shape().dims())));
        kernel(ProductKernel.of(product), node, in, out, 2.0 * type.shape().size() * o.a().dim(-1));
      }
      case Op.Gather o -> kernel(IndexKernels.gather(type.dtype(), o.data().shape(), o.indices().shape(), o.batch(),
          in.get(0), in.get(1), out), node, in, out, 0);
      case Op.ScatterAdd o -> {
        base(o.base(), in.get(0), out, node);
        kernel(IndexKernels.scatterAdd(type.dtype(), type.shape(), o.indices().shape(), o.batch(), in.get(1), in.get(2),
            out), node.op().label(), node.origin().toString(), List.of(in.get(1), in.get(2), out), List.of(out),
            o.updates().shape().size());
      }
      default -> throw new UnsupportedOperationException(node.op().label());
    }
  }

  /** Makes {@code out} a copy of an operand, which may be there already. */
  private void base(Tensor operand, Slot from, Slot out, Node node) {
    if (from != out) {
      steps.add(new Step("copy", node.origin().toString(), new Step.Work.Copy(from, out), List.of(from), List.of(out),
          0));
    }
  }

  private void kernel(Call call, Node node, List<Slot> reads, Slot write, double flops) {
    kernel(call, node.op().label(), node.origin().toString(), reads, List.of(write), flops);
  }

  private void kernel(Call call, String origin, List<Slot> reads, List<Slot> writes, double flops) {
    kernel(call, call.kernel().name(), origin, reads, writes, flops);
  }

  private void kernel(Call call, String label, String origin, List<Slot> reads, List<Slot> writes, double flops) {
    steps.add(new Step(label, origin, new Step.Work.Kernel(call), reads, writes, flops));
  }
}
