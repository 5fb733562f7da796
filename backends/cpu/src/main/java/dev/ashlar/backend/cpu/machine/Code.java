package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.machine.Lir.Arg;
import dev.ashlar.backend.cpu.machine.Lir.Bank;
import dev.ashlar.backend.cpu.machine.Lir.General;
import dev.ashlar.backend.cpu.machine.Lir.Item;
import dev.ashlar.backend.cpu.machine.Lir.Number;
import dev.ashlar.backend.cpu.machine.Lir.Op;
import dev.ashlar.backend.cpu.machine.Lir.Place;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.machine.Lir.Role;
import dev.ashlar.backend.cpu.x86.Condition;
import dev.ashlar.backend.cpu.x86.Instruction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Code being written: what runs once at the start, then the rest; and the stack frame. */
final class Code {

  /** Offset of the caller's stack pointer in the frame. */
  static final int SAVED_STACK_POINTER = 0;
  private static final int FRAME_START = 64;

  final Target target;
  private final List<Item> entry = new ArrayList<>();
  private final List<Item> body = new ArrayList<>();
  private final Map<List<Integer>, Reg> constants = new HashMap<>();
  private final Map<Integer, Reg> maskConstants = new HashMap<>();
  private int registers;
  private int labels;
  private int frameSize = FRAME_START;
  private int laneArea = -1;

  Code(Target target) {
    this.target = target;
  }

  boolean avx512() {
    return target == Target.AVX512;
  }

  /** All items in order; to be called when the code is complete. */
  List<Item> items() {
    var all = new ArrayList<>(entry);
    all.addAll(body);
    return all;
  }

  int frameSize() {
    return frameSize;
  }

  /** Room in the frame, aligned to 64 bytes if it is that large. */
  int allocate(int bytes) {
    if (bytes >= 64) {
      frameSize = frameSize + 63 & -64;
    }
    int offset = frameSize;
    frameSize += bytes + 7 & -8;
    return offset;
  }

  /** Room for two times 16 lanes of 32 bits, shared by all that work lane by lane. */
  Place laneArea() {
    if (laneArea < 0) {
      laneArea = allocate(128);
    }
    return Place.frame(laneArea);
  }

  // ---- registers

  Reg register(Bank bank) {
    return new Reg(registers++, bank);
  }

  Reg general() {
    return register(Bank.GENERAL);
  }

  Reg vector() {
    return register(Bank.VECTOR);
  }

  Reg mask() {
    return register(Bank.MASK);
  }

  // ---- vector instructions

  void op(Instruction instruction, Role role, @Nullable Reg mask, boolean zeroing, Arg... args) {
    add(new Op(instruction, null, role, mask, zeroing, List.of(args)));
  }

  /** Writes all of the first argument. */
  void set(Instruction instruction, Arg... args) {
    op(instruction, Role.DEFINE, null, false, args);
  }

  /** Reads and writes the first argument. */
  void change(Instruction instruction, Arg... args) {
    op(instruction, Role.MODIFY, null, false, args);
  }

  /** A new vector register with the result. */
  Reg vector(Instruction instruction, Arg... sources) {
    var result = vector();
    setNew(result, instruction, sources);
    return result;
  }

  /** A new mask register with the result. */
  Reg mask(Instruction instruction, Arg... sources) {
    var result = mask();
    setNew(result, instruction, sources);
    return result;
  }

  private void setNew(Reg result, Instruction instruction, Arg... sources) {
    var args = new ArrayList<Arg>();
    args.add(result);
    Collections.addAll(args, sources);
    add(new Op(instruction, null, Role.DEFINE, null, false, List.copyOf(args)));
  }

  /** Copies a register of any bank. */
  void copy(Reg to, Reg from) {
    if (to == from) {
      return;
    }
    to.partner = to.partner == null ? from : to.partner;
    from.partner = from.partner == null ? to : from.partner;
    switch (to.bank) {
      case GENERAL -> general(General.MOV, to, from);
      case VECTOR -> set(Instruction.VMOVAPS, to, from);
      case MASK -> set(Instruction.KMOVW, to, from);
    }
  }

  /** A new register with the same value. */
  Reg copyOf(Reg from) {
    var to = register(from.bank);
    copy(to, from);
    return to;
  }

  // ---- general registers

  /** Writes the first argument; stores, comparisons and prefetches only read. */
  void general(General general, Arg... args) {
    var role = switch (general) {
      case STORE, STORE_32, STORE_16, STORE_8, CMP, PREFETCH -> Role.USE;
      case ADD, SUB, AND, OR, IMUL, SHL, NEG, CMOV_LESS, CMOV_GREATER -> Role.MODIFY;
      default -> Role.DEFINE;
    };
    add(new Op(null, general, role, null, false, List.of(args)));
  }

  /** A new general register with the result. */
  Reg generalOf(General general, Arg... sources) {
    var result = general();
    var args = new ArrayList<Arg>();
    args.add(result);
    Collections.addAll(args, sources);
    general(general, args.toArray(Arg[]::new));
    return result;
  }

  // ---- control

  int label() {
    return labels++;
  }

  void bind(int label) {
    add(new Lir.Bind(label, false));
  }

  void jump(@Nullable Condition condition, int label) {
    add(new Lir.Jump(condition, label));
  }

  void add(Item item) {
    body.add(item);
  }

  void addEntry(Op op) {
    entry.add(op);
  }

  // ---- constants and arguments: loaded at the start, read again where registers run out

  /** All lanes of one register with the same bits. */
  Reg splat(int bits) {
    return constant(List.of(bits));
  }

  /** One part of a constant vector of 16 lanes. */
  Reg lanes(int part, int... sixteen) {
    var words = new ArrayList<Integer>();
    for (int lane = 0; lane < target.lanes(); lane++) {
      words.add(sixteen[part * target.lanes() + lane]);
    }
    return constant(words);
  }

  /** A mask register with these bits. */
  Reg maskConstant(int bits) {
    return maskConstants.computeIfAbsent(bits, b -> fromStart(Bank.MASK, Place.pool(List.of(b))));
  }

  private Reg constant(List<Integer> words) {
    return constants.computeIfAbsent(words, _ -> {
      boolean splat = words.size() == 1;
      var place = splat && !avx512()
          ? Place.pool(Collections.nCopies(target.lanes(), words.getFirst())) : Place.pool(words);
      return fromStart(Bank.VECTOR, place.broadcast(splat && avx512()));
    });
  }

  /** A register that holds what is at a place that never changes. */
  Reg fromStart(Bank bank, Place place) {
    var reg = register(bank);
    reg.source = place;
    addEntry(reload(reg, place));
    return reg;
  }

  /** Reads a register from a place. */
  static Op reload(Reg reg, Place place) {
    return switch (reg.bank) {
      case GENERAL -> new Op(null, General.LOAD, Role.DEFINE, null, false, List.of(reg, place));
      case VECTOR -> new Op(place.broadcast() ? Instruction.VBROADCASTSS : Instruction.VMOVUPS, null,
          Role.DEFINE, null, false, List.of(reg, place.broadcast(false)));
      case MASK -> new Op(Instruction.KMOVW, null, Role.DEFINE, null, false, List.of(reg, place));
    };
  }

  static Number number(long value) {
    return new Number(value);
  }
}
