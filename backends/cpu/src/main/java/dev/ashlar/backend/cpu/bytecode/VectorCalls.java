package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ashlar.backend.cpu.kernel.Element;
import dev.ashlar.backend.cpu.kernel.Expr;
import dev.ashlar.backend.cpu.kernel.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Locale;

/** The calls of the Vector API, by name, for vectors of one width. Operands are on the stack. */
final class VectorCalls {
  private static final int SIGN = 0x8000_0000;

  private final CodeBuilder code;
  private final int bits;

  VectorCalls(CodeBuilder code, int bits) {
    this.code = code;
    this.bits = bits;
  }

  private static ClassDesc type(Type type) {
    return type == Type.F32 ? Names.FLOATS : Names.INTS;
  }

  void pushSpecies(Type type) {
    pushSpecies(type(type), bits);
  }

  private void pushSpecies(ClassDesc vector, int width) {
    code.getstatic(vector, "SPECIES_" + width, Names.SPECIES);
  }

  private void littleEndian() {
    code.getstatic(Names.BYTE_ORDER, "LITTLE_ENDIAN", Names.BYTE_ORDER);
  }

  private void operator(String name, ClassDesc type) {
    code.getstatic(Names.OPERATORS, name, type);
  }

  // memory

  /** species, segment, offset -> vector. */
  void load(Type type) {
    load(type(type));
  }

  private void load(ClassDesc type) {
    littleEndian();
    code.invokestatic(type, "fromMemorySegment", MethodTypeDesc.of(
        type, Names.SPECIES, Names.SEGMENT, CD_long, Names.BYTE_ORDER));
  }

  /** vector, segment, offset -> . */
  void store(Type type) {
    littleEndian();
    code.invokevirtual(type(type), "intoMemorySegment",
        MethodTypeDesc.of(CD_void, Names.SEGMENT, CD_long, Names.BYTE_ORDER));
  }

  /** species, array, index -> vector or mask. */
  void fetch(Type type) {
    code.invokestatic(type(type), "fromArray",
        MethodTypeDesc.of(type(type), Names.SPECIES, array(type), CD_int));
    if (type == Type.MASK) {
      intsToMask();
    }
  }

  /** vector, array, index -> . */
  void keep(Type type) {
    code.invokevirtual(type(type), "intoArray", MethodTypeDesc.of(CD_void, array(type), CD_int));
  }

  private static ClassDesc array(Type type) {
    return (type == Type.F32 ? CD_float : CD_int).arrayType();
  }

  /** vector or mask -> ints with its bits. */
  void toInts(Type type) {
    switch (type) {
      case F32 -> reinterpret(Type.I32);
      case MASK -> maskToInts();
      default -> {}
    }
  }

  /** ints -> vector or mask with these bits. */
  void ofInts(Type type) {
    switch (type) {
      case F32 -> reinterpret(Type.F32);
      case MASK -> intsToMask();
      default -> {}
    }
  }

  /** Whether narrow elements can be loaded as vectors: there is no vector of 32 bits. */
  boolean canWiden(Element element) {
    return bits / Integer.BYTES * element.bytes() >= 64;
  }

  void pushNarrowSpecies(Element element) {
    pushSpecies(narrow(element), bits / Integer.BYTES * element.bytes());
  }

  private static ClassDesc narrow(Element element) {
    return element.bytes() == 2 ? Names.SHORTS : Names.BYTES;
  }

  /** narrow species, segment, offset -> vector or mask. */
  void loadAndWiden(Element element) {
    load(narrow(element));
    operator(switch (element) {
      case F16, BF16 -> "ZERO_EXTEND_S2I";
      case I8 -> "B2I";
      default -> "ZERO_EXTEND_B2I";
    }, Names.CONVERSION);
    pushSpecies(Type.I32);
    convertShape(Type.I32);
    switch (element) {
      case BF16 -> {
        with("LSHL", 16);
        reinterpret(Type.F32);
      }
      case F16 -> halfToFloat();
      case BOOL -> intsToMask();
      default -> {}
    }
  }

  /** Half precision in the lower bits of ints; exact, because a power of two scales without rounding. */
  private void halfToFloat() {
    int half = reference();
    code.astore(half);
    code.aload(half);
    with("AND", 0x7FFF);
    with("LSHL", 13);
    reinterpret(Type.F32);
    pushSpecies(Type.F32);
    code.loadConstant(0x1p112f);
    broadcast(Type.F32);
    call(Type.F32, "mul");
    reinterpret(Type.I32);
    int scaled = reference();
    code.astore(scaled);
    code.aload(scaled).aload(scaled); // infinities and NaNs had the largest exponent
    with("OR", 0x7F80_0000);
    code.aload(half);
    with("AND", 0x7C00);
    pushSpecies(Type.I32);
    code.loadConstant(0x7C00);
    broadcast(Type.I32);
    operatorCompare("EQ", Type.I32);
    code.invokevirtual(Names.INTS, "blend", MethodTypeDesc.of(Names.INTS, Names.VECTOR, Names.MASK));
    code.aload(half);
    with("AND", 0x8000);
    with("LSHL", 16);
    binary("OR");
    reinterpret(Type.F32);
  }

  // lanes

  private int reference() {
    return code.allocateLocal(TypeKind.REFERENCE);
  }

  /** species, number -> vector. */
  void broadcast(Type type) {
    code.invokestatic(type(type), "broadcast", MethodTypeDesc.of(
        type(type), Names.SPECIES, type == Type.F32 ? CD_float : CD_int));
  }

  /** ints -> ints, each lane's number added. */
  void addIndex() {
    code.iconst_1().invokevirtual(Names.INTS, "addIndex", MethodTypeDesc.of(Names.INTS, CD_int));
  }

  void firstLane(Type type) {
    code.iconst_0().invokevirtual(type(type), "lane",
        MethodTypeDesc.of(type == Type.F32 ? CD_float : CD_int, CD_int));
  }

  /** A method of two vectors that exists under this name. */
  private void call(Type type, String name) {
    code.invokevirtual(type(type), name, MethodTypeDesc.of(type(type), Names.VECTOR));
  }

  /** An operation on ints by the name of its operator. */
  private void binary(String operator) {
    int second = reference();
    code.astore(second);
    operator(operator, associative(operator) ? Names.ASSOCIATIVE : Names.BINARY);
    code.aload(second).invokevirtual(Names.INTS, "lanewise",
        MethodTypeDesc.of(Names.INTS, Names.BINARY, Names.VECTOR));
  }

  /** An operation on ints with the same int in every lane. */
  private void with(String operator, int constant) {
    operator(operator, associative(operator) ? Names.ASSOCIATIVE : Names.BINARY);
    code.loadConstant(constant).invokevirtual(Names.INTS, "lanewise",
        MethodTypeDesc.of(Names.INTS, Names.BINARY, CD_int));
  }

  private static boolean associative(String operator) {
    return switch (operator) {
      case "ADD", "MUL", "AND", "OR", "XOR", "MIN", "MAX" -> true;
      default -> false;
    };
  }

  private void reinterpret(Type to) {
    code.invokevirtual(Names.VECTOR, to == Type.F32 ? "reinterpretAsFloats" : "reinterpretAsInts",
        MethodTypeDesc.of(type(to)));
  }

  /** vector, conversion, species -> vector. */
  private void convertShape(Type to) {
    code.iconst_0().invokevirtual(Names.VECTOR, "convertShape", MethodTypeDesc.of(
        Names.VECTOR, Names.CONVERSION, Names.SPECIES, CD_int));
    code.checkcast(type(to));
  }

  void fma() {
    code.invokevirtual(Names.FLOATS, "fma", MethodTypeDesc.of(Names.FLOATS, Names.VECTOR, Names.VECTOR));
  }

  /** other, chosen, mask -> chosen where the mask is set. */
  void blend(Type type) {
    castMask(type);
    code.invokevirtual(type(type), "blend", MethodTypeDesc.of(type(type), Names.VECTOR, Names.MASK));
  }

  void unary(Expr.UnaryOp op, Type type) {
    if (type == Type.MASK) {
      code.invokevirtual(Names.MASK, "not", MethodTypeDesc.of(Names.MASK));
      return;
    }
    switch (op) {
      case NEG, ABS, SQRT, NOT -> code.invokevirtual(type(type), op.name().toLowerCase(Locale.ROOT),
          MethodTypeDesc.of(type(type)));
      case BITS_OF_F32 -> reinterpret(Type.I32);
      case F32_OF_BITS -> reinterpret(Type.F32);
      case TO_F32, TO_I32 -> {
        operator(op == Expr.UnaryOp.TO_F32 ? "I2F" : "F2I", Names.CONVERSION);
        code.iconst_0().invokevirtual(Names.VECTOR, "convert",
            MethodTypeDesc.of(Names.VECTOR, Names.CONVERSION, CD_int));
        code.checkcast(type(op == Expr.UnaryOp.TO_F32 ? Type.F32 : Type.I32));
      }
      case ROUND, FLOOR, CEIL, TRUNC -> toIntegral(op);
      case ROUND_BF16 -> roundBf16();
      case ROUND_F16 -> throw new IllegalStateException("goes through memory");
    }
  }

  /**
   * Adding and subtracting 2^23 rounds a smaller number to an integral one, ties to even. The other roundings
   * correct that by one; the sign comes back from the operand, so that a zero keeps it.
   */
  private void toIntegral(Expr.UnaryOp op) {
    int x = reference();
    int near = reference();
    int size = reference();
    code.astore(x);
    code.aload(x).invokevirtual(Names.FLOATS, "abs", MethodTypeDesc.of(Names.FLOATS)).astore(size);
    code.aload(size);
    floats(0x1p23f);
    call(Type.F32, "add");
    floats(0x1p23f);
    call(Type.F32, "sub");
    code.astore(near); // |x| to the nearest, right where |x| < 2^23
    switch (op) {
      case TRUNC -> correct(near, size, "GT", near, "sub");
      case FLOOR, CEIL -> {
        sign(near, x);
        code.astore(near);
        boolean floor = op == Expr.UnaryOp.FLOOR;
        correct(near, x, floor ? "GT" : "LT", near, floor ? "sub" : "add");
      }
      default -> {}
    }
    code.aload(x);
    sign(near, x);
    code.aload(size);
    floats(0x1p23f);
    compare("LT", Type.F32);
    blend(Type.F32);
  }

  /** Where {@code value} compares so with {@code limit}, moves it by one. */
  private void correct(int value, int limit, String comparison, int result, String move) {
    code.aload(value).aload(value);
    floats(1f);
    call(Type.F32, move);
    code.aload(value).aload(limit);
    compare(comparison, Type.F32);
    blend(Type.F32);
    code.astore(result);
  }

  /** Pushes {@code value} with the sign bit of {@code of} set too. */
  private void sign(int value, int of) {
    code.aload(value);
    reinterpret(Type.I32);
    code.aload(of);
    reinterpret(Type.I32);
    with("AND", SIGN);
    binary("OR");
    reinterpret(Type.F32);
  }

  private void floats(float constant) {
    pushSpecies(Type.F32);
    code.loadConstant(constant);
    broadcast(Type.F32);
  }

  /** As {@link Support#roundBf16(int)}. */
  private void roundBf16() {
    int x = reference();
    int before = reference();
    code.dup().astore(before);
    reinterpret(Type.I32);
    code.astore(x);
    code.aload(x);
    with("LSHR", 16);
    with("AND", 1);
    with("ADD", 0x7FFF);
    code.aload(x);
    binary("ADD");
    code.aload(x);
    with("OR", 0x0040_0000);
    code.aload(before).aload(before);
    operatorCompare("NE", Type.F32);
    castMask(Type.I32);
    code.invokevirtual(Names.INTS, "blend", MethodTypeDesc.of(Names.INTS, Names.VECTOR, Names.MASK));
    with("AND", 0xFFFF_0000);
    reinterpret(Type.F32);
  }

  void binary(Expr.BinaryOp op, Type type) {
    if (type == Type.MASK) {
      maskOp(op.name().toLowerCase(Locale.ROOT));
      return;
    }
    switch (op) {
      case ADD, SUB, MUL, DIV, MIN, MAX -> call(type, op.name().toLowerCase(Locale.ROOT));
      case AND, OR, XOR -> binary(op.name());
      case SHIFT_LEFT -> binary("LSHL");
      case SHIFT_RIGHT -> binary("LSHR");
      case SHIFT_RIGHT_SIGNED -> binary("ASHR");
      case MUL_HIGH_UNSIGNED -> multiplyHigh();
    }
  }

  /** From four products of 16-bit halves. */
  private void multiplyHigh() {
    int b = reference();
    int a = reference();
    int lowHigh = reference();
    int highLow = reference();
    code.astore(b).astore(a);
    half(a, false);
    half(b, true);
    call(Type.I32, "mul");
    code.astore(lowHigh);
    half(a, true);
    half(b, false);
    call(Type.I32, "mul");
    code.astore(highLow);
    half(a, false);
    half(b, false);
    call(Type.I32, "mul");
    with("LSHR", 16);
    half(lowHigh, false);
    binary("ADD");
    half(highLow, false);
    binary("ADD");
    with("LSHR", 16); // what the lower 32 bits carry over
    half(lowHigh, true);
    binary("ADD");
    half(highLow, true);
    binary("ADD");
    half(a, true);
    half(b, true);
    call(Type.I32, "mul");
    binary("ADD");
  }

  private void half(int slot, boolean upper) {
    code.aload(slot);
    if (upper) {
      with("LSHR", 16);
    } else {
      with("AND", 0xFFFF);
    }
  }

  // masks

  void compare(Expr.CompareOp op, Type type) {
    compare(op.name(), type);
  }

  private void compare(String op, Type type) {
    operatorCompare(op, type);
    if (type == Type.I32) {
      cast(Names.FLOATS);
    }
  }

  /** vector, vector -> mask of the vectors' own type. */
  private void operatorCompare(String op, Type type) {
    int second = reference();
    code.astore(second);
    operator(op, Names.COMPARISON);
    code.aload(second).invokevirtual(type(type), "compare",
        MethodTypeDesc.of(Names.MASK, Names.COMPARISON, Names.VECTOR));
  }

  /** mask of floats -> mask for vectors of {@code type}. */
  void castMask(Type type) {
    if (type == Type.I32) {
      cast(Names.INTS);
    }
  }

  private void cast(ClassDesc to) {
    pushSpecies(to, bits);
    code.invokevirtual(Names.MASK, "cast", MethodTypeDesc.of(Names.MASK, Names.SPECIES));
  }

  void maskOp(String name) {
    code.invokevirtual(Names.MASK, name, MethodTypeDesc.of(Names.MASK, Names.MASK));
  }

  /** first, count -> mask whose lane l is first + l &lt; count. */
  void firstLanes() {
    int count = code.allocateLocal(TypeKind.LONG);
    int first = code.allocateLocal(TypeKind.LONG);
    code.lstore(count).lstore(first);
    pushSpecies(Type.F32);
    code.lload(first).lload(count).invokeinterface(Names.SPECIES, "indexInRange",
        MethodTypeDesc.of(Names.MASK, CD_long, CD_long));
  }

  /** mask -> its bits as an int. */
  void maskBits() {
    code.invokevirtual(Names.MASK, "toLong", MethodTypeDesc.of(CD_long)).l2i();
  }

  /** mask -> ints, all bits set or none. */
  private void maskToInts() {
    int mask = reference();
    code.astore(mask);
    ints(0);
    ints(-1);
    code.aload(mask);
    blend(Type.I32);
  }

  /** ints -> mask, set where they are not 0. */
  void intsToMask() {
    ints(0);
    compare("NE", Type.I32);
  }

  private void ints(int constant) {
    pushSpecies(Type.I32);
    code.loadConstant(constant);
    broadcast(Type.I32);
  }
}
