package dev.ashlar.backend.cpu.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.ashlar.backend.cpu.kernel.Arguments;
import dev.ashlar.backend.cpu.kernel.Element;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Names of what generated classes use; the Vector API is known here by name only. */
final class Names {
  static final ClassDesc MATH = of(Math.class);
  static final ClassDesc SEGMENT = of(MemorySegment.class);
  static final ClassDesc ARGUMENTS = of(Arguments.class);
  static final ClassDesc SUPPORT = of(Support.class);
  static final ClassDesc FRAME = of(Frame.class);
  static final ClassDesc GENERATED = of(GeneratedKernel.class);
  static final ClassDesc BYTE_ORDER = of(ByteOrder.class);
  static final ClassDesc VALUE_LAYOUT = of(ValueLayout.class);

  static final ClassDesc FLOATS = vector("FloatVector");
  static final ClassDesc INTS = vector("IntVector");
  static final ClassDesc SHORTS = vector("ShortVector");
  static final ClassDesc BYTES = vector("ByteVector");
  static final ClassDesc VECTOR = vector("Vector");
  static final ClassDesc MASK = vector("VectorMask");
  static final ClassDesc SPECIES = vector("VectorSpecies");
  static final ClassDesc OPERATORS = vector("VectorOperators");
  static final ClassDesc BINARY = vector("VectorOperators$Binary");
  static final ClassDesc ASSOCIATIVE = vector("VectorOperators$Associative");
  static final ClassDesc COMPARISON = vector("VectorOperators$Comparison");
  static final ClassDesc CONVERSION = vector("VectorOperators$Conversion");

  /** The segment over all memory, as the JIT's constant. */
  static final DynamicConstantDesc<MemorySegment> EVERYTHING = DynamicConstantDesc.ofNamed(
      MethodHandleDesc.ofMethod(java.lang.constant.DirectMethodHandleDesc.Kind.STATIC,
          ConstantDescs.CD_MethodHandles, "classData", java.lang.constant.MethodTypeDesc.of(
              ConstantDescs.CD_Object, ConstantDescs.CD_MethodHandles_Lookup, ConstantDescs.CD_String,
              ConstantDescs.CD_Class)),
      ConstantDescs.DEFAULT_NAME, SEGMENT);

  private Names() {}

  private static ClassDesc of(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  private static ClassDesc vector(String name) {
    return ClassDesc.of("jdk.incubator.vector", name);
  }

  /** The layout constant of {@link ValueLayout} with which an element is read. */
  static String layout(Element element) {
    return switch (element) {
      case F32 -> "JAVA_FLOAT_UNALIGNED";
      case I32 -> "JAVA_INT_UNALIGNED";
      case F16, BF16 -> "JAVA_SHORT_UNALIGNED";
      case I8, U8, BOOL -> "JAVA_BYTE";
      case I64 -> "JAVA_LONG_UNALIGNED";
    };
  }

  static ClassDesc layoutType(Element element) {
    return switch (element) {
      case F32 -> of(ValueLayout.OfFloat.class);
      case I32 -> of(ValueLayout.OfInt.class);
      case F16, BF16 -> of(ValueLayout.OfShort.class);
      case I8, U8, BOOL -> of(ValueLayout.OfByte.class);
      case I64 -> of(ValueLayout.OfLong.class);
    };
  }

  /** What reading an element gives in Java. */
  static ClassDesc carrier(Element element) {
    return switch (element) {
      case F32 -> CD_float;
      case I32 -> CD_int;
      case F16, BF16 -> ConstantDescs.CD_short;
      case I8, U8, BOOL -> ConstantDescs.CD_byte;
      case I64 -> CD_long;
    };
  }
}
