package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.x86.Condition;
import dev.ashlar.backend.cpu.x86.Instruction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instructions over virtual registers. */
final class Lir {

  private Lir() {}

  /** The three kinds of register. */
  enum Bank { GENERAL, VECTOR, MASK }

  /** What an instruction works on. */
  sealed interface Arg {}

  /** A virtual register; identity matters. */
  static final class Reg implements Arg {
    final int id;
    final Bank bank;
    /** Where the value can be read again instead of being spilled. */
    @Nullable Place source;
    /** A register that this one is copied from or to. */
    @Nullable Reg partner;
    /** Lives for one instruction only; must not be spilled. */
    boolean brief;

    Reg(int id, Bank bank) {
      this.id = id;
      this.bank = bank;
    }

    @Override
    public String toString() {
      return bank.name().toLowerCase(java.util.Locale.ROOT).charAt(0) + Integer.toString(id);
    }
  }

  /** A vector register seen with a width other than the target's. */
  record Sized(Reg reg, int bits) implements Arg {}

  /** A number in the instruction. */
  record Number(long value) implements Arg {}

  /** What the displacement of a place counts from. */
  enum Region {
    /** A base register. */
    REGISTER,
    /** The argument block. */
    ARGUMENTS,
    /** The stack frame. */
    FRAME,
    /** The constant pool; the place is the start of {@code words}. */
    POOL
  }

  /** Memory: region + base + index * scale + displacement. */
  record Place(Region region, @Nullable Reg base, @Nullable Reg index, int scale, int displacement,
      List<Integer> words, boolean broadcast) implements Arg {

    static Place at(Reg base, @Nullable Reg index, int scale, int displacement) {
      return new Place(Region.REGISTER, base, index, scale, displacement, List.of(), false);
    }

    static Place argument(int position) {
      return new Place(Region.ARGUMENTS, null, null, 1, Long.BYTES * position, List.of(), false);
    }

    static Place frame(int displacement) {
      return new Place(Region.FRAME, null, null, 1, displacement, List.of(), false);
    }

    static Place pool(List<Integer> words) {
      return new Place(Region.POOL, null, null, 1, 0, words, false);
    }

    Place plus(int bytes) {
      return new Place(region, base, index, scale, Math.addExact(displacement, bytes), words, broadcast);
    }

    /** One 32-bit element, repeated in every lane. */
    Place broadcast(boolean on) {
      return new Place(region, base, index, scale, displacement, words, on);
    }

    Place with(@Nullable Reg newBase, @Nullable Reg newIndex) {
      return new Place(region, newBase, newIndex, scale, displacement, words, broadcast);
    }
  }

  /** What an instruction does to its first argument. */
  enum Role { DEFINE, MODIFY, USE }

  /** Operations on general registers; 64 bits unless the name says otherwise. */
  enum General {
    MOV, LOAD, STORE, LOAD_I32, LOAD_U32, LOAD_U16, LOAD_I8, LOAD_U8, STORE_32, STORE_16, STORE_8, LEA,
    ADD, SUB, AND, OR, CMP, IMUL, IMUL_BY, SHL, NEG, CMOV_LESS, CMOV_GREATER, KEEP_LOW_BITS, DIV, REM,
    PREFETCH
  }

  /** A step of the code. */
  sealed interface Item {}

  /**
   * One instruction, or a short fixed sequence.
   *
   * @param vector the vector or mask instruction, or null
   * @param general the operation on general registers, or null
   * @param role of the first argument; the others are read
   * @param mask only these lanes of the first argument are written
   * @param zeroing whether the other lanes become 0
   */
  record Op(@Nullable Instruction vector, @Nullable General general, Role role, @Nullable Reg mask,
      boolean zeroing, List<Arg> args) implements Item {

    /** The register that is written, or null. */
    @Nullable Reg written() {
      return role == Role.USE ? null : register(args.getFirst());
    }

    /** The registers that are read, with repetitions. */
    List<Reg> read() {
      var result = new ArrayList<Reg>();
      for (int i = role == Role.DEFINE ? 1 : 0; i < args.size(); i++) {
        addRegisters(args.get(i), result);
      }
      if (role == Role.DEFINE && args.getFirst() instanceof Place place) {
        addRegisters(place, result);
      }
      if (mask != null) {
        result.add(mask);
      }
      return result;
    }

    boolean isCopy() {
      boolean move = general == General.MOV || vector == Instruction.VMOVAPS || vector == Instruction.KMOVW;
      return move && role == Role.DEFINE && mask == null && args.get(0) instanceof Reg a
          && args.get(1) instanceof Reg b && a.bank == b.bank;
    }
  }

  /** A jump; always if there is no condition. */
  record Jump(@Nullable Condition condition, int label) implements Item {}

  /** The place of a label. */
  record Bind(int label, boolean aligned) implements Item {}

  /** The first instruction of a loop comes next. */
  record LoopStart() implements Item {}

  /** The last instruction of a loop was just before. */
  record LoopEnd() implements Item {}

  /** The register that an argument is, or null. */
  static @Nullable Reg register(Arg arg) {
    return switch (arg) {
      case Reg reg -> reg;
      case Sized(var reg, var _) -> reg;
      case Number _, Place _ -> null;
    };
  }

  private static void addRegisters(Arg arg, List<Reg> to) {
    switch (arg) {
      case Reg reg -> to.add(reg);
      case Sized(var reg, var _) -> to.add(reg);
      case Place place -> {
        if (place.base() != null) {
          to.add(place.base());
        }
        if (place.index() != null) {
          to.add(place.index());
        }
      }
      case Number _ -> {}
    }
  }
}
