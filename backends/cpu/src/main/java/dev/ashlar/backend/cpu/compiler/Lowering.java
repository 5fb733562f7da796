package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.program.Computation;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Node;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import dev.ashlar.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Turns a group into steps. */
final class Lowering {

  private final Slots slots;
  private final CustomKernels kernels;
  private final WrittenBodies written;
  private final String program;
  private final Function<Computation, Plan> compile;
  private final Predicate<Tensor> goesOn;
  private final List<Step> steps = new ArrayList<>();

  /**
   * For one group.
   *
   * @param written kernels of the groups before
   * @param program its name, for messages
   * @param compile compiles what a loop repeats
   * @param goesOn whether a sum of products may lie where what it goes on from lies
   */
  Lowering(Slots slots, CustomKernels kernels, WrittenBodies written, String program,
      Function<Computation, Plan> compile, Predicate<Tensor> goesOn) {
    this.slots = slots;
    this.kernels = kernels;
    this.written = written;
    this.program = program;
    this.compile = compile;
    this.goesOn = goesOn;
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
    Call call = written.call(body, group.kind, slots::of,
        group.kind == Group.Kind.ROWS ? FusedKernel::of : ColumnKernel::of);
    List<Slot> reads = group.loaded().stream().map(slots::of).distinct().toList();
    List<Slot> writes = group.outputs.stream().map(s -> slots.of(s.tensor())).distinct().toList();
    Node first = group.outputs.getFirst().tensor().node();
    double flops = 1.0 * group.space.size() * group.inlined.stream()
        .mapToInt(t -> Costs.operations(t.node())).sum();
    steps.add(new Step(call.kernel().name(), first.origin().toString(), new Step.Work.Kernel(call), reads, writes,
        flops, over(group, body)));
  }

  /** For temporaries that are written, those that are read in the same places for the last time. */
  private Map<Slot, List<Slot>> over(Group group, Body body) {
    // A barrier's names share a slot: what is read by two names may be read elsewhere by one of them.
    Map<Slot, List<Tensor>> names = group.loaded().stream().collect(Collectors.groupingBy(slots::of));
    Map<Slot, List<Slot>> over = new HashMap<>();
    for (Body.Store store : body.stores()) {
      Slot to = slots.of(store.to());
      if (to.kind() == Slot.Kind.TEMPORARY && body.isLast(store)) {
        over.put(to, group.loaded().stream()
            .filter(read -> names.get(slots.of(read)).size() == 1 && isReplaced(group, read, store)).map(slots::of)
            .filter(from -> from != to && from.kind() == Slot.Kind.TEMPORARY).toList());
      }
    }
    return over;
  }

  /** Whether an element of a store lies where the element was that was read for it. */
  private static boolean isReplaced(Group group, Tensor read, Body.Store store) {
    return read.dtype().bytes() == store.to().dtype().bytes()
        && read.shape().size() == store.to().shape().size() && group.forms(read).equals(List.of(store.form()));
  }

  private void opaque(Group group, Node node) {
    if (Canonical.isBarrier(node.op())) {
      List<Slot> awaited = group.views.stream().skip(node.outputs().size()).map(view -> slots.of(view.base())).toList();
      steps.add(new Step("await", node.origin().toString(), new Step.Work.Await(), awaited, List.of(), 0));
      node.outputs().forEach(name -> rename(slots.of(group.views.get(name.output()).base()), name, node));
      return;
    }
    if (ProductSum.is(node.op())) {
      Slot before = slots.of(group.views.getFirst().base());
      if (goesOn.test(node.output(0))) {
        rename(before, node.output(0), node);
      } else {
        copy(before, slots.of(node.output(0)), node);
      }
    }
    Slot out = slots.of(group.produced().getFirst());
    TensorType type = node.output(0).type();
    List<Slot> in = group.views.stream().map(view -> slots.of(view.base())).toList();
    switch (node.op()) {
      case Op.MatMul o -> {
        Product product = product(group, o.a(), 0, out, type, false);
        if (type.dtype() == DType.F32 && o.a().dim(-1) > 0) {
          multiply(product, node, in, out);
        } else {
          kernel(ProductKernel.of(product), node, in, out, 2 * product.work());
        }
      }
      case Op.Gather o -> kernel(IndexKernels.gather(type.dtype(), o.data().shape(), o.indices().shape(),
          o.batch(),
          in.get(0), in.get(1), out), node, in, out, 0);
      case Op.ScatterAdd o -> {
        base(o.base(), in.get(0), out, node);
        kernel(IndexKernels.scatterAdd(type.dtype(), type.shape(), o.indices().shape(), o.batch(), in.get(1),
            in.get(2),
            out), node.op().label(), node.origin().toString(), List.of(in.get(1), in.get(2), out),
                List.of(out),
            o.updates().shape().size());
      }
      case Op.Concat o -> {
        for (int i = 0; i < o.parts().size(); i++) {
          if (o.parts().get(i).shape().size() > 0) {
            kernel(Copies.part(o, i, group.views.get(i), node.output(0), slots::of), node,
                List.of(in.get(i)), out, 0);
          }
        }
      }
      case Op.Pad o -> {
        kernel(Copies.fill(node.output(0), o.value(), slots::of), node, List.of(), out, 0);
        if (o.x().shape().size() > 0) {
          kernel(Copies.inside(o, group.views.getFirst(), node.output(0), slots::of), node, in, out, 0);
        }
      }
      case Op.DynamicSlice o -> kernel(WindowKernels.slice(type.dtype(), o.x().shape(), o.extents(),
          in.getFirst(),
          in.subList(1, in.size()), out), node, in, out, 0);
      case Op.DynamicUpdate o -> {
        base(o.x(), in.getFirst(), out, node);
        if (o.update().shape().size() > 0) {
          List<Slot> reads = new ArrayList<>(in.subList(1, in.size()));
          reads.add(out);
          kernel(WindowKernels.update(type.dtype(), type.shape(), o.update().shape(), out,
              in.subList(2, in.size()),
              in.get(1)), node, reads, out, 0);
        }
      }
      case Op.CumSum o -> kernel(CumSumKernel.of(o, type.dtype(), in.getFirst(), out), node, in, out,
          type.shape().size());
      case Op.Conv o -> {
        double flops = 2.0 * type.shape().size() * o.kernel().shape().slice(1, o.kernel().rank()).size();
        if (type.dtype() == DType.F32 && o.groups() == 1 && o.kernel().shape().size() > 0 && o.x().shape()
            .size() > 0) {
          steps.add(new Step("conv", node.origin().toString(),
              new Step.Work.Convolve(Unfolding.of(o, type.shape(), in.get(0), in.get(1), out)), in,
                  List.of(out), flops));
        } else {
          kernel(ConvolutionKernel.of(o, type.dtype(), type.shape(), in.get(0), in.get(1), out), node, in,
              out, flops);
        }
      }
      case Op.Pool o -> {
        Slot positions = o.kind() == Op.PoolKind.MAX ? slots.of(node.output(1)) : null;
        kernel(PoolKernel.of(o, type.dtype(), type.shape(), in.getFirst(), out, positions), node.op().label(),
            node.origin().toString(), in, positions == null ? List.of(out) : List.of(out, positions),
            type.shape().size() * o.size().stream().mapToInt(i -> i).reduce(1, (a, b) -> a * b));
      }
      case Op.Sort o -> host(node, in, HostOperations.sort(o.x().shape(), o.axis(), o.descending()));
      case Op.TopK o -> host(node, in, HostOperations.sort(o.x().shape(), o.x().rank() - 1, true));
      case Op.Cast _ -> host(node, in, HostOperations.cast());
      case Op.Scan o -> {
        Loop loop = Loop.of(o, node, program, compile, in, slots::of);
        List<Slot> written = new ArrayList<>(node.outputs().stream().map(slots::of).distinct().toList());
        written.add(loop.working());
        steps.add(new Step(node.op().label(), node.origin().toString(), new Step.Work.Repeat(loop), in, written,
            loop.flops()));
      }
      case Op.Custom o -> {
        CustomCall call = kernels.call(program, node, o.definition(), operands(node, in), results(node));
        step(node, call.label(), new Step.Work.Custom(call), in);
      }
      case Op.Composite o when ProductSum.is(o) ->
          multiply(product(group, o.operands().get(1), 1, out, type, true), node, in, out);
      case Op.Input _, Op.Literal _, Op.Constant _, Op.Iota _, Op.RandomBits _, Op.Unary _, Op.Binary _,
          Op.Where _,
          Op.Detach _, Op.Reduce _, Op.ArgMax _, Op.Reshape _, Op.Permute _, Op.Broadcast _, Op.Slice _,
              Op.Flip _,
          Op.Composite _ -> throw new IllegalStateException(node + " is no operation by itself");
    }
  }

  /**
   * The product of two operands that follow each other.
   *
   * @param first which operand of the operation the left one is
   */
  private Product product(Group group, Tensor left, int first, Slot out, TensorType type, boolean accumulate) {
    int[] dims = type.shape().dims();
    Group.View a = group.views.get(first);
    Group.View b = group.views.get(first + 1);
    return new Product(type.dtype(), Arrays.stream(dims).limit(dims.length - 2L).boxed().toList(),
        type.shape().dim(-2), type.shape().dim(-1), left.dim(-1),
        Product.Operand.of(slots.of(a.base()), a.form(), a.base().dtype()),
        Product.Operand.of(slots.of(b.base()), b.form(), b.base().dtype()),
        Product.Operand.of(out, group.target != null ? group.target.form() : Form.rowMajor(dims), type.dtype()),
        accumulate);
  }

  private void multiply(Product product, Node node, List<Slot> reads, Slot out) {
    steps.add(new Step("matmul", node.origin().toString(), new Step.Work.Multiply(product), reads, List.of(out),
        2 * product.work()));
  }

  private void host(Node node, List<Slot> in, Supplier<Step.Evaluation> code) {
    step(node, node.op().label(), new Step.Work.Host(operands(node, in), results(node), code), in);
  }

  private void step(Node node, String label, Step.Work work, List<Slot> in) {
    List<Slot> out = node.outputs().stream().map(slots::of).toList();
    steps.add(new Step(label, node.origin().toString(), work, in, out, 0));
  }

  private static List<Step.HostArray> operands(Node node, List<Slot> in) {
    List<Step.HostArray> operands = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      operands.add(new Step.HostArray(node.inputs().get(i).type(), in.get(i)));
    }
    return List.copyOf(operands);
  }

  private List<Step.HostArray> results(Node node) {
    return node.outputs().stream().map(t -> new Step.HostArray(t.type(), slots.of(t))).toList();
  }

  /**
   * Another name for what lies in a slot. A copy if a place was given to it already, and of a variable: who reads it by
   * another name is not known as its reader when it is written over.
   */
  private void rename(Slot from, Tensor name, Node node) {
    if (slots.find(name) == null && from.kind() != Slot.Kind.VARIABLE) {
      slots.assign(name, from);
    } else {
      copy(from, slots.of(name), node);
    }
  }

  private void copy(Slot from, Slot to, Node node) {
    if (from != to) {
      steps.add(new Step("copy", node.origin().toString(), new Step.Work.Copy(from, to), List.of(from),
          List.of(to), 0));
    }
  }

  /** Makes {@code out} a copy of an operand, which may be there already. */
  private void base(Tensor operand, Slot from, Slot out, Node node) {
    double everywhere = operand.literalOr(Double.NaN);
    if (!Double.isNaN(everywhere)) {
      kernel(Copies.fill(node.output(0), everywhere, slots::of), node, List.of(), out, 0);
    } else {
      copy(from, out, node);
    }
  }

  private void kernel(Call call, Node node, List<Slot> reads, Slot write, double flops) {
    kernel(call, node.op().label(), node.origin().toString(), reads, List.of(write), flops);
  }

  private void kernel(Call call, String origin, List<Slot> reads, List<Slot> writes, double flops) {
    kernel(call, call.kernel().name(), origin, reads, writes, flops);
  }

  private void kernel(Call call, String label, String origin, List<Slot> reads, List<Slot> writes,
      double flops) {
    steps.add(new Step(label, origin, new Step.Work.Kernel(call), reads, writes, flops));
  }
}
