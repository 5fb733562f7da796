package dev.ashlar.io.safetensors;

import dev.ashlar.tensor.DType;
import java.util.Arrays;
import java.util.Optional;

/** Element types that the format knows; Ashlar computes with some of them. */
enum Element {
  BOOL(8, DType.BOOL),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  U8(8, DType.U8),
  I8(8, DType.I8),
  F8_E5M2(8),
  F8_E4M3(8),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8),
  I16(16),
  U16(16),
  F16(16, DType.F16),
  BF16(16, DType.BF16),
  I32(32, DType.I32),
  U32(32),
  F32(32, DType.F32),
  C64(64),
  F64(64, DType.F64),
  I64(64, DType.I64),
  U64(64);

  final int bits;
  final Optional<DType> dtype;

  Element(int bits) {
    this.bits = bits;
    this.dtype = Optional.empty();
  }

  Element(int bits, DType dtype) {
    this.bits = bits;
    this.dtype = Optional.of(dtype);
  }

  static Optional<Element> of(String name) {
    return Arrays.stream(values()).filter(e -> e.name().equals(name)).findFirst();
  }

  static Element of(DType dtype) {
    return valueOf(dtype.name());
  }
}
