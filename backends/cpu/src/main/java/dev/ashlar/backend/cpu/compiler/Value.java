package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Op;
import dev.ashlar.tensor.Tensor;
import java.util.List;

/** What a fused kernel computes, as a graph whose nodes are compared by identity. */
sealed interface Value {

  /**
   * Element type in the graph; narrow types are kept in 32 bits, rounded or wrapped after every operation.
   */
  DType dtype();

  /** The values it is made from. */
  default List<Value> operands() {
    return List.of();
  }

  /** An element of a buffer. */
  final class Load implements Value {
    final Tensor from;
    final Form form;

    Load(Tensor from, Form form) {
      this.from = from;
      this.form = form;
    }

    @Override
    public DType dtype() {
      return from.dtype();
    }
  }

  /** A number, an argument of the kernel. */
  final class Number implements Value {
    final DType dtype;
    final double value;

    Number(DType dtype, double value) {
      this.dtype = dtype;
      this.value = value;
    }

    @Override
    public DType dtype() {
      return dtype;
    }
  }

  /** A position as a number: Iota. */
  final class Position implements Value {
    final DType dtype;
    final Form form;

    Position(DType dtype, Form form) {
      this.dtype = dtype;
      this.form = form;
    }

    @Override
    public DType dtype() {
      return dtype;
    }
  }

  /** Random bits at a position. */
  final class Random implements Value {
    final Value low;
    final Value high;
    final Form form;

    Random(Value low, Value high, Form form) {
      this.low = low;
      this.high = high;
      this.form = form;
    }

    @Override
    public DType dtype() {
      return DType.I32;
    }

    @Override
    public List<Value> operands() {
      return List.of(low, high);
    }
  }

  /** A pointwise operation. */
  final class Apply implements Value {
    final Op op;
    final DType dtype;
    final List<Value> operands;

    Apply(Op op, DType dtype, List<Value> operands) {
      this.op = op;
      this.dtype = dtype;
      this.operands = operands;
    }

    @Override
    public DType dtype() {
      return dtype;
    }

    @Override
    public List<Value> operands() {
      return operands;
    }
  }

  /** A reduction over the inner axes of the space: a Reduce, or an ArgMax. */
  final class Reduced implements Value {
    final Op op;
    final DType dtype;
    final Value operand;

    Reduced(Op op, DType dtype, Value operand) {
      this.op = op;
      this.dtype = dtype;
      this.operand = operand;
    }

    @Override
    public DType dtype() {
      return dtype;
    }

    @Override
    public List<Value> operands() {
      return List.of(operand);
    }
  }
}
