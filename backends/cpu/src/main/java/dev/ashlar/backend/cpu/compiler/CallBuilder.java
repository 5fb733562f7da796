package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Parameter;
import dev.ashlar.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Writes a kernel and, beside it, the arguments of the call at hand. */
final class CallBuilder {

  final KernelBuilder code;
  private final List<Call.Argument> arguments = new ArrayList<>();
  private int names;

  CallBuilder(String name) {
    code = new KernelBuilder(name);
  }

  Parameter.Buffer buffer(Slot slot, DType dtype) {
    return buffer(slot, dtype, false);
  }

  /** As {@link Call.Argument.Buffer}. */
  Parameter.Buffer buffer(Slot slot, DType dtype, boolean isParted) {
    arguments.add(new Call.Argument.Buffer(slot, isParted));
    return code.buffer(next("p"), element(dtype));
  }

  Local index(long value) {
    arguments.add(new Call.Argument.Index(value));
    return code.index(next("n"));
  }

  Local f32(float value) {
    arguments.add(new Call.Argument.F32(value));
    return code.f32(next("x"));
  }

  Local i32(int value) {
    arguments.add(new Call.Argument.I32(value));
    return code.i32(next("i"));
  }

  Local from() {
    arguments.add(new Call.Argument.From());
    return code.index(next("from"));
  }

  Local to() {
    arguments.add(new Call.Argument.To());
    return code.index(next("to"));
  }

  private String next(String prefix) {
    return prefix + names++;
  }

  Call build(long extent, long grain, double nanos) {
    Kernel kernel = code.build();
    return new Call(kernel, arguments, extent, grain, (long) nanos);
  }

  static Element element(DType dtype) {
    return switch (dtype) {
      case F32 -> Element.F32;
      case F16 -> Element.F16;
      case BF16 -> Element.BF16;
      case I32 -> Element.I32;
      case I8 -> Element.I8;
      case U8 -> Element.U8;
      case BOOL -> Element.BOOL;
      case F64, I64 -> throw new IllegalArgumentException("no kernels in " + dtype);
    };
  }
}
