package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.machine.Lir.Arg;
import dev.ashlar.backend.cpu.machine.Lir.Item;
import dev.ashlar.backend.cpu.machine.Lir.Op;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.machine.Lir.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Removes the copy at the end of "t = ..; v = t" by writing to v at once, where t is used for nothing else
 * and v is not touched between.
 */
final class Coalescer {

  private Coalescer() {}

  static List<Item> coalesce(List<Item> items) {
    Map<Reg, Integer> reads = new HashMap<>();
    for (var item : items) {
      if (item instanceof Op op) {
        for (var reg : op.read()) {
          reads.merge(reg, reg == op.written() ? 0 : 1, Integer::sum);
        }
      }
    }
    var result = new ArrayList<>(items);
    for (int i = 0; i < result.size(); i++) {
      if (result.get(i) instanceof Op op && op.isCopy() && reads.getOrDefault(op.args().get(1), 0) == 1) {
        var to = (Reg) op.args().get(0);
        var from = (Reg) op.args().get(1);
        int start = start(result, i, from, to);
        if (start >= 0) {
          for (int j = start; j < i; j++) {
            result.set(j, rename(result.get(j), from, to));
          }
          result.remove(i--);
        }
      }
    }
    return result;
  }

  /** Where {@code from} is first written, if all is well between there and the copy; otherwise -1. */
  private static int start(List<Item> items, int copy, Reg from, Reg to) {
    if (from.source != null) {
      return -1;
    }
    for (int i = copy - 1; i >= 0; i--) {
      if (!(items.get(i) instanceof Op op)) {
        return -1;
      }
      if (op.written() == from && op.role() == Role.DEFINE && !op.read().contains(from)) {
        return op.args().size() > 1 ? i : -1;
      }
      if (op.written() == to || op.read().contains(to) || op.written() == from && !isRenamed(op, from)) {
        return -1;
      }
    }
    return -1;
  }

  /** Whether a register is read as an argument at most, not by a mask or an address. */
  private static boolean isRenamed(Op op, Reg register) {
    return op.mask() != register && op.args().stream().noneMatch(arg ->
        arg instanceof Lir.Place place && (place.base() == register || place.index() == register));
  }

  private static Item rename(Item item, Reg from, Reg to) {
    if (!(item instanceof Op op) || op.written() != from) {
      return item;
    }
    var args = new ArrayList<Arg>();
    for (var arg : op.args()) {
      args.add(switch (arg) {
        case Reg reg when reg == from -> to;
        case Lir.Sized(var reg, var bits) when reg == from -> new Lir.Sized(to, bits);
        default -> arg;
      });
    }
    return new Op(op.vector(), op.general(), op.role(), op.mask(), op.zeroing(), List.copyOf(args));
  }
}
