package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.machine.Lir.Arg;
import dev.ashlar.backend.cpu.machine.Lir.Bank;
import dev.ashlar.backend.cpu.machine.Lir.General;
import dev.ashlar.backend.cpu.machine.Lir.Item;
import dev.ashlar.backend.cpu.machine.Lir.Op;
import dev.ashlar.backend.cpu.machine.Lir.Place;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.machine.Lir.Role;
import dev.ashlar.backend.cpu.x86.Instruction;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites code so that some registers live in memory: each use reads a register of its own just before, or
 * takes the memory as its operand; each definition writes just after. What can be read again from where it
 * came from is never written.
 */
final class Spiller {

  private final Code code;
  private final Set<Reg> spilled;
  private final Map<Reg, Place> places = new IdentityHashMap<>();
  private final List<Item> out = new ArrayList<>();

  private Spiller(Code code, Set<Reg> spilled) {
    this.code = code;
    this.spilled = spilled;
  }

  static List<Item> rewrite(List<Item> items, Set<Reg> spilled, Code code) {
    var spiller = new Spiller(code, spilled);
    for (var item : items) {
      if (item instanceof Op op) {
        spiller.rewrite(op);
      } else {
        spiller.out.add(item);
      }
    }
    return spiller.out;
  }

  private Place place(Reg reg) {
    if (reg.source != null) {
      return reg.source;
    }
    return places.computeIfAbsent(reg, r -> Place.frame(code.allocate(switch (r.bank) {
      case VECTOR -> Math.max(64, code.target.bits() / 8);
      case GENERAL, MASK -> 8;
    })));
  }

  private void rewrite(Op op) {
    var written = op.written();
    boolean writesSpilled = written != null && spilled.contains(written);
    if (!writesSpilled && op.read().stream().noneMatch(spilled::contains)) {
      out.add(op);
      return;
    }
    if (writesSpilled && written.source != null) {
      return; // it is read again from its source where it is used
    }
    var fresh = new IdentityHashMap<Reg, Reg>();
    var args = new ArrayList<>(op.args());
    int foldable = Folding.operand(op);
    if (foldable > 0 && args.get(foldable) instanceof Reg reg && spilled.contains(reg)
        && op.read().stream().filter(r -> r == reg).count() == 1 && reg != written
        && Folding.accepts(op, place(reg), code.target)) {
      args.set(foldable, place(reg));
    }
    for (int i = 0; i < args.size(); i++) {
      args.set(i, replace(args.get(i), fresh));
    }
    var mask = op.mask() == null ? null : replace(op.mask(), fresh);
    var general = op.general();
    var vector = op.vector();
    if (args.size() == 2 && args.get(1) instanceof Place) { // a copy has become a load
      general = general == General.MOV ? General.LOAD : general;
      if (vector == Instruction.VMOVAPS) {
        vector = ((Place) args.get(1)).broadcast() ? Instruction.VBROADCASTSS : Instruction.VMOVUPS;
        args.set(1, ((Place) args.get(1)).broadcast(false));
      }
    }
    var rewritten = new Op(vector, general, op.role(), mask, op.zeroing(), List.copyOf(args));
    var needed = rewritten.read();
    fresh.forEach((old, brief) -> {
      if (needed.contains(brief)) {
        out.add(Code.reload(brief, place(old)));
      }
    });
    out.add(rewritten);
    if (writesSpilled) {
      out.add(save(fresh.get(written), place(written)));
    }
  }

  private Arg replace(Arg arg, Map<Reg, Reg> fresh) {
    return switch (arg) {
      case Reg reg -> replace(reg, fresh);
      case Lir.Sized(var reg, var bits) -> new Lir.Sized(replace(reg, fresh), bits);
      case Place place -> place.with(orNull(place.base(), fresh), orNull(place.index(), fresh));
      case Lir.Number number -> number;
    };
  }

  private @Nullable Reg orNull(@Nullable Reg reg, Map<Reg, Reg> fresh) {
    return reg == null ? null : replace(reg, fresh);
  }

  private Reg replace(Reg reg, Map<Reg, Reg> fresh) {
    if (!spilled.contains(reg)) {
      return reg;
    }
    return fresh.computeIfAbsent(reg, old -> {
      var brief = code.register(old.bank);
      brief.brief = true;
      return brief;
    });
  }

  private static Op save(Reg reg, Place place) {
    return reg.bank == Bank.GENERAL
        ? new Op(null, General.STORE, Role.USE, null, false, List.of(place, reg))
        : new Op(reg.bank == Bank.VECTOR ? Instruction.VMOVUPS : Instruction.KMOVW, null, Role.USE, null,
            false,
            List.of(place, reg));
  }
}
