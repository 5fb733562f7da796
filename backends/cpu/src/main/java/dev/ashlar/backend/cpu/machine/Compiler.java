package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Kernel;
import dev.ashlar.backend.cpu.machine.Lir.Item;
import dev.ashlar.backend.cpu.machine.Lir.Op;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.machine.Lir.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** From a kernel to bytes: a function of one argument, the address of the argument block. */
final class Compiler {

  private Compiler() {}

  static byte[] compile(Kernel kernel, Target target) {
    var code = Lowering.lower(kernel, target);
    var items = Coalescer.coalesce(withoutUnused(code.items()));
    items = items.stream().filter(item -> !(item instanceof Op op && op.isCopy()
        && op.args().get(0) == op.args().get(1))).toList();
    while (true) {
      var allocation = Allocator.allocate(items, Encoder.registers(target));
      if (allocation.spilled().isEmpty()) {
        return Encoder.encode(code, items, allocation.numbers());
      }
      items = Spiller.rewrite(items, allocation.spilled(), code);
    }
  }

  /** Leaves out what only computes registers that nobody reads. */
  private static List<Item> withoutUnused(List<Item> items) {
    while (true) {
      Set<Reg> needed = new HashSet<>();
      for (var item : items) {
        if (item instanceof Op op) {
          for (var reg : op.read()) {
            if (reg != op.written()) {
              needed.add(reg);
            }
          }
        }
      }
      var kept = items.stream().filter(item -> !(item instanceof Op op) || op.role() == Role.USE
          || op.written() == null || needed.contains(op.written())).toList();
      if (kept.size() == items.size()) {
        return kept;
      }
      items = kept;
    }
  }
}
