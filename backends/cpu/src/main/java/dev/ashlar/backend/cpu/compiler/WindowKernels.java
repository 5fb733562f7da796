package dev.ashlar.backend.cpu.compiler;

import dev.ashlar.backend.cpu.kernel.KernelBuilder;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Memory;
import dev.ashlar.tensor.DType;
import dev.ashlar.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Windows whose start is computed: read from, or written into, a larger array. */
final class WindowKernels {

  private final CallBuilder call;
  private final KernelBuilder code;
  private final boolean update;
  private final int outerAxes;
  private final List<Local> extents = new ArrayList<>();
  private final List<Local> largeStrides = new ArrayList<>();
  private final List<Local> smallStrides = new ArrayList<>();

  private WindowKernels(String name, boolean update, int outerAxes) {
    call = new CallBuilder(name);
    code = call.code;
    this.update = update;
    this.outerAxes = outerAxes;
  }

  static Call slice(DType dtype, Shape whole, Shape window, Slot from, List<Slot> starts, Slot to) {
    return of(dtype, whole, window, from, starts, to, false);
  }

  static Call update(DType dtype, Shape whole, Shape window, Slot into, List<Slot> starts, Slot update) {
    return of(dtype, whole, window, into, starts, update, true);
  }

  private static Call of(
      DType dtype, Shape whole, Shape window, Slot large, List<Slot> starts, Slot small, boolean update) {
    // Axes that the window covers whole, and the one before them, are one run of memory.
    int run = whole.rank();
    while (run > 0 && window.dim(run - 1) == whole.dim(run - 1)) {
      run--;
    }
    WindowKernels w = new WindowKernels(update ? "dynamic_update" : "dynamic_slice", update,
        Math.max(0, run - 1));
    return w.write(dtype, whole, window, large, starts, small);
  }

  private Call write(DType dtype, Shape whole, Shape window, Slot large, List<Slot> starts, Slot small) {
    Local from = call.from();
    Local to = call.to();
    long run = window.slice(outerAxes, window.rank()).size();
    Memory largeMemory = call.buffer(large, dtype);
    Memory smallMemory = call.buffer(small, dtype);
    Local first = code.constant(0);
    long[] strides = whole.strides();
    for (int i = 0; i < whole.rank(); i++) {
      if (whole.dim(i) != window.dim(i)) {
        Local start = code.loadIndex(call.buffer(starts.get(i), DType.I32), code.constant(0));
        Local last = call.index(whole.dim(i) - window.dim(i));
        Local clamped = code.max(code.constant(0), code.min(start, last));
        first = code.offset(first, clamped, call.index(strides[i]));
      }
    }
    for (int i = 0; i < outerAxes; i++) {
      extents.add(i == 0 ? to : call.index(window.dim(i)));
      largeStrides.add(call.index(strides[i]));
      smallStrides.add(call.index(window.slice(i + 1, window.rank()).size()));
    }
    Local end = outerAxes == 0 ? to : call.index(run);
    loop(0, from, end, largeMemory, first, smallMemory, code.constant(0));
    long extent = outerAxes == 0 ? run : window.dim(0);
    return call.build(extent, outerAxes == 0 ? 1024 : 1, window.size() * dtype.bytes() * 0.1);
  }

  private void loop(int axis, Local from, Local end, Memory large, Local largeAt, Memory small,
      Local smallAt) {
    if (axis < outerAxes) {
      code.loop(from, extents.get(axis), 1, i -> loop(axis + 1, code.constant(0), end,
          large, code.offset(largeAt, i, largeStrides.get(axis)),
          small, code.offset(smallAt, i, smallStrides.get(axis))));
      return;
    }
    code.vectorLoop(from, end, i -> {
      Local there = code.add(largeAt, i);
      Local here = code.add(smallAt, i);
      if (update) {
        code.store(large, there, code.load(small, here));
      } else {
        code.store(small, here, code.load(large, there));
      }
    });
  }
}
