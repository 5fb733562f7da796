package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.machine.Lir.Arg;
import dev.ashlar.backend.cpu.machine.Lir.Bank;
import dev.ashlar.backend.cpu.machine.Lir.Item;
import dev.ashlar.backend.cpu.machine.Lir.Op;
import dev.ashlar.backend.cpu.machine.Lir.Place;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.x86.Alu;
import dev.ashlar.backend.cpu.x86.Assembler;
import dev.ashlar.backend.cpu.x86.Condition;
import dev.ashlar.backend.cpu.x86.Gpr;
import dev.ashlar.backend.cpu.x86.Imm;
import dev.ashlar.backend.cpu.x86.Instruction;
import dev.ashlar.backend.cpu.x86.Label;
import dev.ashlar.backend.cpu.x86.MaskRegister;
import dev.ashlar.backend.cpu.x86.Mem;
import dev.ashlar.backend.cpu.x86.Operand;
import dev.ashlar.backend.cpu.x86.Vec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Writes the bytes of allocated code: a System V function of one argument, the address of the block. */
final class Encoder {

  private static final Gpr ARGUMENTS = Gpr.RDI;
  private static final List<Gpr> GENERAL = List.of(Gpr.RAX, Gpr.RCX, Gpr.RDX, Gpr.RSI, Gpr.R8, Gpr.R9,
      Gpr.R10,
      Gpr.R11, Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);
  private static final List<Gpr> SAVED = List.of(Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);

  private final Assembler asm = new Assembler();
  private final Target target;
  private final Map<Reg, Integer> numbers;
  private final Map<Integer, Label> labels = new HashMap<>();
  private final int divisionArea;

  private Encoder(Code code, Map<Reg, Integer> numbers, boolean divides) {
    this.target = code.target;
    this.numbers = numbers;
    this.divisionArea = divides ? code.allocate(24) : -1;
  }

  /** The registers that may be assigned. */
  static Map<Bank, List<Integer>> registers(Target target) {
    var result = new EnumMap<Bank, List<Integer>>(Bank.class);
    result.put(Bank.GENERAL, GENERAL.stream().map(Gpr::ordinal).toList());
    result.put(Bank.VECTOR, IntStream.range(0, target.vectors()).boxed().toList());
    result.put(Bank.MASK, IntStream.range(1, 8).boxed().toList());
    return result;
  }

  static byte[] encode(Code code, List<Item> items, Map<Reg, Integer> numbers) {
    boolean divides = items.stream().anyMatch(item -> item instanceof Op op
        && (op.general() == Lir.General.DIV || op.general() == Lir.General.REM));
    return new Encoder(code, numbers, divides).encode(code, items);
  }

  private byte[] encode(Code code, List<Item> items) {
    var saved = SAVED.stream().filter(gpr -> numbers.entrySet().stream()
        .anyMatch(e -> e.getKey().bank == Bank.GENERAL && e.getValue() == gpr.ordinal())).toList();
    saved.forEach(asm::push);
    boolean framed = code.frameSize() > 64;
    if (framed) {
      asm.mov(Gpr.RAX, Gpr.RSP);
      asm.alu(Alu.SUB, Gpr.RSP, Imm.imm(code.frameSize() + 63 & -64));
      asm.alu(Alu.AND, Gpr.RSP, Imm.imm(-64));
      asm.mov(Mem.at(Gpr.RSP, Code.SAVED_STACK_POINTER), Gpr.RAX);
    }
    items.forEach(this::encode);
    if (framed) {
      asm.mov(Gpr.RSP, Mem.at(Gpr.RSP, Code.SAVED_STACK_POINTER));
    }
    saved.reversed().forEach(asm::pop);
    asm.emit(Instruction.VZEROUPPER);
    asm.ret();
    return asm.finish();
  }

  private void encode(Item item) {
    switch (item) {
      case Op op when op.vector() != null -> vector(op);
      case Op op -> general(op);
      case Lir.Jump(var condition, var label) -> {
        if (condition == null) {
          asm.jump(label(label));
        } else {
          asm.jump(condition, label(label));
        }
      }
      case Lir.Bind(var label, var aligned) -> {
        if (aligned) {
          asm.align(32);
        }
        asm.bind(label(label));
      }
      case Lir.LoopStart _, Lir.LoopEnd _ -> {}
    }
  }

  private Label label(int number) {
    return labels.computeIfAbsent(number, _ -> asm.newLabel());
  }

  private void vector(Op op) {
    if (op.isCopy() && number((Reg) op.args().get(0)) == number((Reg) op.args().get(1))) {
      return;
    }
    var operands = new ArrayList<Operand>();
    for (var arg : op.args()) {
      operands.add(operand(arg));
    }
    if (op.mask() != null) {
      var mask = MaskRegister.k(number(op.mask()));
      operands.set(0, op.zeroing() ? operands.getFirst().zeroed(mask) : operands.getFirst().masked(mask));
    }
    asm.emit(op.vector(), operands.toArray(Operand[]::new));
  }

  private int number(Reg reg) {
    return numbers.get(reg);
  }

  private Operand operand(Arg arg) {
    return switch (arg) {
      case Reg reg when reg.bank == Bank.VECTOR -> new Vec(number(reg), target.bits());
      case Reg reg when reg.bank == Bank.MASK -> MaskRegister.k(number(reg));
      case Reg reg -> gpr(reg);
      case Lir.Sized(var reg, var bits) -> new Vec(number(reg), bits);
      case Lir.Number(var value) -> Imm.imm((int) value);
      case Place place -> memory(place);
    };
  }

  private static Gpr gpr(int number) {
    return Gpr.values()[number];
  }

  private Gpr gpr(Arg arg) {
    return gpr(number((Reg) arg));
  }

  private Mem memory(Place place) {
    if (place.region() == Lir.Region.POOL) {
      var constant = asm.constants(place.words().stream().mapToInt(Integer::intValue).toArray());
      return place.broadcast() ? constant.broadcasted() : constant;
    }
    var base = switch (place.region()) {
      case ARGUMENTS -> ARGUMENTS;
      case FRAME -> Gpr.RSP;
      default -> gpr(java.util.Objects.requireNonNull(place.base()));
    };
    var mem = place.index() == null ? Mem.at(base, place.displacement())
        : Mem.at(base, operand(place.index()), place.scale(), place.displacement());
    return place.broadcast() ? mem.broadcasted() : mem;
  }

  private void general(Op op) {
    var first = op.args().getFirst();
    Arg second = op.args().size() > 1 ? op.args().get(1) : first;
    switch (op.general()) {
      case MOV -> {
        if (second instanceof Lir.Number(var value)) {
          asm.mov(gpr(first), value);
        } else if (gpr(first) != gpr(second)) {
          asm.mov(gpr(first), gpr(second));
        }
      }
      case LOAD -> asm.mov(gpr(first), memory((Place) second));
      case STORE -> asm.mov(memory((Place) first), gpr(second));
      case LOAD_I32 -> asm.movsxd(gpr(first), operand(second));
      case LOAD_U32 -> asm.mov32(gpr(first), memory((Place) second));
      case LOAD_U16 -> asm.movzx16(gpr(first), memory((Place) second));
      case LOAD_I8 -> asm.movsx8(gpr(first), memory((Place) second));
      case LOAD_U8 -> asm.movzx8(gpr(first), memory((Place) second));
      case STORE_32 -> asm.mov32(memory((Place) first), gpr(second));
      case STORE_16 -> asm.mov16(memory((Place) first), gpr(second));
      case STORE_8 -> asm.mov8(memory((Place) first), gpr(second));
      case LEA -> asm.lea(gpr(first), memory((Place) second));
      case ADD -> asm.alu(Alu.ADD, gpr(first), operand(second));
      case SUB -> asm.alu(Alu.SUB, gpr(first), operand(second));
      case AND -> asm.alu(Alu.AND, gpr(first), operand(second));
      case OR -> asm.alu(Alu.OR, gpr(first), operand(second));
      case CMP -> asm.alu(Alu.CMP, gpr(first), operand(second));
      case IMUL -> asm.imul(gpr(first), operand(second));
      case IMUL_BY -> asm.imul(gpr(first), operand(second), (int) ((Lir.Number) op.args().get(2)).value());
      case SHL -> asm.shl(gpr(first), (int) ((Lir.Number) second).value());
      case NEG -> asm.neg(gpr(first));
      case CMOV_LESS -> asm.cmov(Condition.LESS, gpr(first), operand(second));
      case CMOV_GREATER -> asm.cmov(Condition.GREATER, gpr(first), operand(second));
      case KEEP_LOW_BITS -> asm.emit(Instruction.BZHI, gpr(first), gpr(second), gpr(op.args().get(2)));
      case DIV, REM -> divide(op.general(), gpr(first), gpr(second), gpr(op.args().get(2)));
      case PREFETCH -> asm.prefetch(Assembler.Prefetch.T0, memory((Place) first));
      case null -> throw new IllegalStateException("an instruction without an operation");
    }
  }

  /** Division needs rax and rdx; what they hold is kept in the frame meanwhile. */
  private void divide(Lir.General what, Gpr to, Gpr a, Gpr b) {
    var rax = Mem.at(Gpr.RSP, divisionArea);
    var rdx = rax.plus(8);
    var other = rax.plus(16);
    asm.mov(rax, Gpr.RAX);
    asm.mov(rdx, Gpr.RDX);
    asm.mov(other, b);
    asm.mov(Gpr.RAX, a);
    asm.signExtendIntoRdx();
    asm.idiv(other);
    asm.mov(other, what == Lir.General.DIV ? Gpr.RAX : Gpr.RDX);
    asm.mov(Gpr.RAX, rax);
    asm.mov(Gpr.RDX, rdx);
    asm.mov(to, other);
  }
}
