package dev.ashlar.backend.cpu.machine;

import dev.ashlar.backend.cpu.kernel.Access;
import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Expr.BinaryOp;
import dev.ashlar.backend.cpu.kernel.Local;
import dev.ashlar.backend.cpu.kernel.Poly;
import dev.ashlar.backend.cpu.kernel.Statement;
import dev.ashlar.backend.cpu.kernel.Type;
import dev.ashlar.backend.cpu.machine.Lir.Arg;
import dev.ashlar.backend.cpu.machine.Lir.General;
import dev.ashlar.backend.cpu.machine.Lir.Place;
import dev.ashlar.backend.cpu.machine.Lir.Reg;
import dev.ashlar.backend.cpu.machine.Lir.Role;
import dev.ashlar.backend.cpu.machine.Lir.Sized;
import dev.ashlar.backend.cpu.x86.Condition;
import dev.ashlar.backend.cpu.x86.Instruction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Between memory and lanes, and between general registers and lanes. */
final class Transfers {

  private static final int LANES = Type.LANES;
  private static final Poly TWO = Poly.constant(2);

  private final Code code;
  private final Indices indices;
  private final Arithmetic arithmetic;
  private final Function<Local, Reg[]> values;
  private Reg @Nullable [] tail;

  Transfers(Code code, Indices indices, Arithmetic arithmetic, Function<Local, Reg[]> values) {
    this.code = code;
    this.indices = indices;
    this.arithmetic = arithmetic;
    this.values = values;
  }

  boolean inTail() {
    return tail != null;
  }

  /** From now on only these lanes are active; null for all. */
  void tail(Reg @Nullable [] lanes) {
    tail = lanes;
  }

  private int partBytes() {
    return code.target.bits() / 8;
  }

  private static Reg part(Reg[] parts, int part) {
    return parts[parts.length == 1 ? 0 : part];
  }

  // ---- general registers to lanes

  /** The low 32 bits in every lane. */
  Reg splat(Reg index) {
    if (code.avx512()) {
      return code.vector(Instruction.VPBROADCASTD, index);
    }
    var low = code.vector();
    code.set(Instruction.VMOVD, new Sized(low, 128), index);
    return code.vector(Instruction.VPBROADCASTD, new Sized(low, 128));
  }

  Reg[] iota(Reg start) {
    var first = splat(start);
    var result = new Reg[code.target.parts()];
    for (int p = 0; p < result.length; p++) {
      result[p] = code.vector(Instruction.VPADDD, first, laneNumbers(p));
    }
    return result;
  }

  private Reg laneNumbers(int part) {
    var numbers = new int[LANES];
    java.util.Arrays.setAll(numbers, lane -> lane);
    return code.lanes(part, numbers);
  }

  /** A mask of the first lanes, for any count. */
  Reg[] firstLanes(Reg count) {
    var clamped = code.copyOf(count);
    var limit = code.generalOf(General.MOV, Code.number(LANES));
    code.general(General.CMP, limit, count);
    code.general(General.CMOV_LESS, clamped, limit);
    var zero = code.generalOf(General.MOV, Code.number(0));
    code.general(General.CMP, zero, count);
    code.general(General.CMOV_GREATER, clamped, zero);
    return firstFew(clamped);
  }

  /** A mask of the first lanes, for a count of 0 to 16. */
  Reg[] firstFew(Reg count) {
    if (code.avx512()) {
      var ones = code.generalOf(General.MOV, Code.number(0xFFFF));
      return new Reg[] {code.mask(Instruction.KMOVW, code.generalOf(General.KEEP_LOW_BITS, ones, count))};
    }
    var limit = splat(count);
    return new Reg[] {code.vector(Instruction.VPCMPGTD, limit, laneNumbers(0)),
        code.vector(Instruction.VPCMPGTD, limit, laneNumbers(1))};
  }

  /** Writes the active lanes of a part of a variable. */
  void merge(Type type, Reg into, Reg from, int part) {
    var lanes = part(java.util.Objects.requireNonNull(tail), part);
    if (!code.avx512()) {
      code.set(Instruction.VBLENDVPS, into, into, from, lanes);
    } else if (type == Type.MASK) {
      var kept = code.mask(Instruction.KANDNW, lanes, into);
      code.set(Instruction.KORW, into, kept, code.mask(Instruction.KANDW, lanes, from));
    } else {
      code.op(Instruction.VMOVAPS, Role.MODIFY, lanes, false, into, from);
    }
  }

  private Reg @Nullable [] active(@Nullable Local mask) {
    if (mask == null) {
      return tail;
    }
    var lanes = values.apply(mask);
    var limit = tail;
    if (limit == null) {
      return lanes;
    }
    var both = new Reg[limit.length];
    for (int p = 0; p < both.length; p++) {
      both[p] = arithmetic.masks(BinaryOp.AND, part(lanes, p), limit[p]);
    }
    return both;
  }

  // ---- loads

  Reg[] load(Expr.Load load) {
    var element = load.from().element();
    if (load.access() instanceof Access.Single) {
      return new Reg[] {single(element, indices.address(load.from(), load.offset()))};
    }
    var mask = active(load.mask());
    boolean words = element.bytes() == 4;
    boolean contiguous = load.access() instanceof Access.Contiguous;
    if (contiguous && (words || mask == null || code.avx512())) {
      return contiguous(load, mask);
    }
    if (words && load.access() instanceof Access.Strided(var stride) && !code.avx512()
        && indices.poly(stride).equals(TWO)) {
      return everyOther(load, mask);
    }
    return words && !contiguous ? gather(load, mask) : byLanes(load, mask);
  }

  private Reg single(Element element, Place place) {
    return switch (element) {
      case F32, I32 -> code.vector(Instruction.VBROADCASTSS, place);
      case BF16 -> {
        var bits = code.generalOf(General.LOAD_U16, place);
        code.general(General.SHL, bits, Code.number(16));
        yield splat(bits);
      }
      case F16 -> {
        var half = code.vector();
        code.set(Instruction.VMOVD, new Sized(half, 128), code.generalOf(General.LOAD_U16, place));
        var whole = code.vector();
        code.set(Instruction.VCVTPH2PS, new Sized(whole, 128), new Sized(half, 128));
        yield code.vector(Instruction.VBROADCASTSS, new Sized(whole, 128));
      }
      case I8 -> splat(code.generalOf(General.LOAD_I8, place));
      case U8 -> splat(code.generalOf(General.LOAD_U8, place));
      case BOOL -> toMask(splat(code.generalOf(General.LOAD_U8, place)));
      case I64 -> throw new IllegalArgumentException("no lanes in I64");
    };
  }

  private Reg toMask(Reg lanes) {
    return code.avx512() ? code.mask(Instruction.VPTESTMD, lanes, lanes)
        : code.vector(Instruction.VPCMPGTD, lanes, code.splat(0));
  }

  private Reg[] contiguous(Expr.Load load, Reg @Nullable [] mask) {
    var element = load.from().element();
    var start = indices.address(load.from(), load.offset());
    var result = new Reg[code.target.parts()];
    for (int p = 0; p < result.length; p++) {
      var place = start.plus(p * code.target.lanes() * element.bytes());
      var lanes = mask == null ? null : part(mask, p);
      result[p] = converted(element, read(element, place, lanes), lanes, load.fill());
    }
    return result;
  }

  /** The active lanes of a part, not converted further than the load does it; 0 in the others. */
  private Reg read(Element element, Place place, @Nullable Reg lanes) {
    var instruction = switch (element) {
      case F32, I32 -> Instruction.VMOVUPS;
      case BF16 -> Instruction.VPMOVZXWD;
      case F16 -> Instruction.VCVTPH2PS;
      case I8 -> Instruction.VPMOVSXBD;
      case U8, BOOL -> Instruction.VPMOVZXBD;
      case I64 -> throw new IllegalArgumentException("no lanes in I64");
    };
    if (lanes == null) {
      return code.vector(instruction, place);
    }
    if (!code.avx512()) {
      return code.vector(Instruction.VMASKMOVPS, lanes, place);
    }
    var result = code.vector();
    code.op(instruction, Role.DEFINE, lanes, true, result, place);
    return result;
  }

  /** The rest of the conversion, and the fill. */
  private Reg converted(Element element, Reg read, @Nullable Reg lanes, int fill) {
    if (element == Element.BOOL) {
      var truth = toMask(read);
      return lanes == null || fill == 0 ? truth
          : arithmetic.masks(BinaryOp.OR, truth, arithmetic.notMask(lanes));
    }
    var value = element == Element.BF16 ? code.vector(Instruction.VPSLLD, read, Code.number(16)) : read;
    return lanes == null || fill == 0 ? value : arithmetic.select(lanes, value, code.splat(fill), null);
  }

  private Reg[] gather(Expr.Load load, Reg @Nullable [] mask) {
    var result = new Reg[code.target.parts()];
    var base = code.generalOf(General.LEA, indices.address(load.from(), load.offset()));
    for (int p = 0; p < result.length; p++) {
      var index = switch (load.access()) {
        case Access.Strided(var stride) ->
            code.vector(Instruction.VPMULLD, laneNumbers(p), splat(indices.get(stride)));
        case Access.Gather(var lanes) -> part(values.apply(lanes), p);
        case Access.Contiguous _, Access.Single _ -> throw new IllegalArgumentException("no gather");
      };
      var place = Place.at(base, index, 4, 0);
      result[p] = code.copyOf(code.splat(load.fill()));
      if (code.avx512()) { // the instruction clears the mask it is given
        var lanes = mask == null
            ? code.mask(Instruction.KMOVW, code.generalOf(General.MOV, Code.number(0xFFFF)))
            : code.copyOf(mask[0]);
        code.op(Instruction.VGATHERDPS, Role.MODIFY, lanes, false, result[p], place);
      } else {
        var lanes = code.copyOf(mask == null ? code.splat(-1) : part(mask, p));
        code.change(Instruction.VGATHERDPS, result[p], place, lanes);
      }
    }
    return result;
  }

  /** Lane l is element 2 l: from eight elements and eight more that end with the last lane's, nothing behind it. */
  private Reg[] everyOther(Expr.Load load, Reg @Nullable [] mask) {
    var start = indices.address(load.from(), load.offset());
    var result = new Reg[code.target.parts()];
    for (int p = 0; p < result.length; p++) {
      var low = start.plus(p * 2 * partBytes());
      var high = low.plus(partBytes() - Float.BYTES);
      var lanes = mask == null ? null : part(mask, p);
      var evens = read(load.from().element(), low, lanes == null ? null : apart(lanes, 0));
      var odds = read(load.from().element(), high, lanes == null ? null : apart(lanes, 1));
      var pairs = code.vector(Instruction.VSHUFPS, evens, odds, Code.number(0b11_01_10_00));
      var ordered = code.vector(Instruction.VPERMQ, pairs, Code.number(0b11_01_10_00));
      result[p] = converted(load.from().element(), ordered, lanes, load.fill());
    }
    return result;
  }

  /** Of a mask of eight lanes (AVX2), the first four at the even places, or the last four at the odd ones. */
  private Reg apart(Reg mask, int half) {
    int first = 4 * half;
    var from = new int[LANES];
    var kept = new int[LANES];
    for (int i = 0; i < code.target.lanes(); i++) {
      from[i] = first + i / 2;
      kept[i] = i % 2 == half ? -1 : 0;
    }
    var spread = code.vector(Instruction.VPERMD, code.lanes(0, from), mask);
    return code.vector(Instruction.VPAND, spread, code.lanes(0, kept));
  }

  /** What no instruction does: one lane after the other, through the stack. */
  private Reg[] byLanes(Expr.Load load, Reg @Nullable [] mask) {
    var element = load.from().element();
    var area = code.laneArea();
    var zero = code.splat(0);
    for (int p = 0; p < code.target.parts(); p++) {
      code.op(Instruction.VMOVUPS, Role.USE, null, false, area.plus(p * partBytes()), zero);
    }
    var walk = new LaneWalk(load.access(), element, indices.address(load.from(), load.offset()), mask);
    for (int lane = 0; lane < LANES; lane++) {
      walk.enter(lane);
      var bits = code.generalOf(switch (element) {
        case F32, I32 -> General.LOAD_U32;
        case BF16, F16 -> General.LOAD_U16;
        case I8 -> General.LOAD_I8;
        default -> General.LOAD_U8;
      }, walk.place(lane));
      code.general(General.STORE_32, area.plus(4 * lane), bits);
      walk.leave();
    }
    var result = new Reg[code.target.parts()];
    for (int p = 0; p < result.length; p++) {
      var read = code.vector(Instruction.VMOVUPS, area.plus(p * partBytes()));
      if (element == Element.F16) {
        read = widen(read);
      }
      result[p] = converted(element, read, mask == null ? null : part(mask, p), load.fill());
    }
    return result;
  }

  /** Halves in the low half of each lane to F32. */
  private Reg widen(Reg halves) {
    int half = code.target.bits() / 2;
    var packed = code.vector();
    if (code.avx512()) {
      code.set(Instruction.VPMOVDW, new Sized(packed, half), halves);
    } else {
      code.set(Instruction.VPERMQ, packed, code.vector(Instruction.VPACKUSDW, halves, halves),
          Code.number(8));
    }
    return code.vector(Instruction.VCVTPH2PS, new Sized(packed, half));
  }

  // ---- stores

  void store(Statement.Store store) {
    var element = store.to().element();
    var value = values.apply(store.value());
    var place = indices.address(store.to(), store.offset());
    if (store.access() instanceof Access.Single) {
      single(element, place, value[0]);
      return;
    }
    var mask = active(store.mask());
    boolean direct = element.bytes() == 4 || mask == null || code.avx512();
    if (store.access() instanceof Access.Contiguous && direct) {
      for (int p = 0; p < code.target.parts(); p++) {
        write(element, place.plus(p * code.target.lanes() * element.bytes()), part(value, p),
            mask == null ? null : part(mask, p));
      }
    } else {
      byLanes(store, element, place, value, mask);
    }
  }

  private void single(Element element, Place place, Reg value) {
    if (element.bytes() == 4) {
      code.op(Instruction.VMOVSS, Role.USE, null, false, place, new Sized(value, 128));
      return;
    }
    var bits = code.generalOf(General.MOV, Code.number(0));
    if (element == Element.BOOL && code.avx512()) {
      code.set(Instruction.KMOVW, bits, value);
      code.general(General.AND, bits, Code.number(1));
    } else {
      code.set(Instruction.VMOVD, bits, new Sized(stored(element, value), 128));
    }
    code.general(element.bytes() == 2 ? General.STORE_16 : General.STORE_8, place, bits);
  }

  /** The bits to be stored, in the low part of each lane. */
  private Reg stored(Element element, Reg value) {
    return switch (element) {
      case BF16 -> arithmetic.bf16(value);
      case F16 -> {
        int half = code.target.bits() / 2;
        yield code.vector(Instruction.VPMOVZXWD, new Sized(halves(value), half));
      }
      case BOOL -> code.vector(Instruction.VPSRLD,
          code.avx512() ? code.vector(Instruction.VPMOVM2D, value) : value, Code.number(31));
      default -> value;
    };
  }

  private Reg halves(Reg value) {
    var half = code.vector();
    code.set(Instruction.VCVTPS2PH, new Sized(half, code.target.bits() / 2), value, Code.number(0));
    return half;
  }

  /** One part to neighbouring elements. */
  private void write(Element element, Place place, Reg value, @Nullable Reg lanes) {
    switch (element) {
      case F32, I32 -> {
        if (lanes != null && !code.avx512()) {
          code.op(Instruction.VMASKMOVPS, Role.USE, null, false, place, lanes, value);
        } else {
          write(Instruction.VMOVUPS, place, value, lanes);
        }
      }
      case BF16 -> {
        if (code.avx512()) {
          write(Instruction.VPMOVDW, place, stored(element, value), lanes);
        } else {
          var words = stored(element, value);
          var packed = code.vector(Instruction.VPERMQ,
              code.vector(Instruction.VPACKUSDW, words, words), Code.number(8));
          write(Instruction.VMOVUPS, place, new Sized(packed, 128), null);
        }
      }
      case F16 -> {
        if (code.avx512()) { // a masked conversion to memory is slow on some machines
          write(Instruction.VPMOVDW, place, stored(element, value), lanes);
        } else {
          write(Instruction.VMOVUPS, place, new Sized(halves(value), 128), null);
        }
      }
      case I8, U8, BOOL -> {
        if (code.avx512()) {
          write(Instruction.VPMOVDB, place, stored(element, value), lanes);
        } else {
          int low = 0x0C080400;
          var bytes = code.vector(Instruction.VPSHUFB, stored(element, value),
              code.lanes(0, low, -1, -1, -1, low, -1, -1, -1, low, -1, -1, -1, low, -1, -1, -1));
          var packed = code.vector(Instruction.VPERMD,
              code.lanes(0, 0, 4, 1, 1, 1, 1, 1, 1, 0, 4, 1, 1, 1, 1, 1, 1), bytes);
          write(Instruction.VMOVQ, place, new Sized(packed, 128), null);
        }
      }
      case I64 -> throw new IllegalArgumentException("no lanes in I64");
    }
  }

  private void write(Instruction instruction, Place place, Arg value, @Nullable Reg lanes) {
    code.op(instruction, Role.USE, lanes, false, place, value);
  }

  private void byLanes(Statement.Store store, Element element, Place start, Reg[] value,
      Reg @Nullable [] mask) {
    var area = code.laneArea();
    for (int p = 0; p < code.target.parts(); p++) {
      write(Instruction.VMOVUPS, area.plus(p * partBytes()), stored(element, part(value, p)), null);
    }
    var walk = new LaneWalk(store.access(), element, start, mask);
    for (int lane = 0; lane < LANES; lane++) {
      walk.enter(lane);
      var bits = code.generalOf(General.LOAD_U32, area.plus(4 * lane));
      code.general(switch (element.bytes()) {
        case 4 -> General.STORE_32;
        case 2 -> General.STORE_16;
        default -> General.STORE_8;
      }, walk.place(lane), bits);
      walk.leave();
    }
  }

  /** Goes through the lanes of an access, skipping those that the mask leaves out. */
  private final class LaneWalk {
    private final Access access;
    private final Element element;
    private final Reg pointer;
    private final @Nullable Reg bits;
    private final @Nullable Reg stride;
    private int skip = -1;

    LaneWalk(Access access, Element element, Place start, Reg @Nullable [] mask) {
      this.access = access;
      this.element = element;
      this.pointer = code.generalOf(General.LEA, start);
      this.bits = mask == null ? null : bits(mask);
      Reg step = null;
      switch (access) {
        case Access.Strided(var by) ->
            step = code.generalOf(General.IMUL_BY, indices.get(by), Code.number(element.bytes()));
        case Access.Gather(var lanes) -> {
          for (int p = 0; p < code.target.parts(); p++) {
            var area = code.laneArea().plus(64 + p * partBytes());
            write(Instruction.VMOVUPS, area, part(values.apply(lanes), p), null);
          }
        }
        case Access.Contiguous _, Access.Single _ -> {}
      }
      this.stride = step;
    }

    private Reg bits(Reg[] mask) {
      var low = code.general();
      if (code.avx512()) {
        code.set(Instruction.KMOVW, low, mask[0]);
        return low;
      }
      var high = code.general();
      code.set(Instruction.VMOVMSKPS, low, part(mask, 0));
      code.set(Instruction.VMOVMSKPS, high, part(mask, 1));
      code.general(General.SHL, high, Code.number(8));
      code.general(General.OR, low, high);
      return low;
    }

    void enter(int lane) {
      if (bits != null) {
        skip = code.label();
        var bit = code.copyOf(bits);
        code.general(General.AND, bit, Code.number(1L << lane));
        code.general(General.CMP, bit, Code.number(0));
        code.jump(Condition.EQUAL, skip);
      }
    }

    Place place(int lane) {
      return switch (access) {
        case Access.Strided _ -> Place.at(pointer, null, 1, 0);
        case Access.Gather _ -> Place.at(pointer,
            code.generalOf(General.LOAD_I32, code.laneArea().plus(64 + 4 * lane)), element.bytes(), 0);
        default -> Place.at(pointer, null, 1, lane * element.bytes());
      };
    }

    void leave() {
      if (bits != null) {
        code.bind(skip);
      }
      if (stride != null) {
        code.general(General.ADD, pointer, stride);
      }
    }
  }
}
