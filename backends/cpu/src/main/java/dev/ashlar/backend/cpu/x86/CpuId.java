package dev.ashlar.backend.cpu.x86;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;

/** Asks the processor what it is, with two routines of our own: CPUID and XGETBV. */
final class CpuId {
  private static final int LARGEST_LEAF = 0;
  private static final int INTEL_CACHES = 4;
  private static final int AMD_CACHES = 0x8000001D;
  private static final int LARGEST_EXTENDED_LEAF = 0x80000000;
  private static final int FIRST_OF_NAME = 0x80000002;
  private static final int LAST_OF_NAME = 0x80000004;
  private static final int HAS_XGETBV = 1 << 27; // leaf 1, ecx: the system saves the registers it enabled

  private static final int EAX = 0;
  private static final int EBX = 1;
  private static final int ECX = 2;

  private final MethodHandle cpuid;
  private final MethodHandle xgetbv;

  /** With the {@link #routines} as they were installed. */
  CpuId(List<MemorySegment> installed) {
    cpuid = NativeCalls.function(installed.get(0), NativeCalls.SIX_NUMBERS);
    xgetbv = NativeCalls.function(installed.get(1), NativeCalls.SIX_NUMBERS);
  }

  /** {@code void cpuid(int leaf, int subleaf, int[4] out)} and {@code long xgetbv()}. */
  static List<byte[]> routines() {
    var a = new Assembler();
    a.push(Gpr.RBX); // belongs to the caller, and cpuid writes it
    a.mov(Gpr.R8, Gpr.RDX);
    a.mov32(Gpr.RAX, Gpr.RDI);
    a.mov32(Gpr.RCX, Gpr.RSI);
    a.cpuid();
    a.mov32(Mem.at(Gpr.R8, 0), Gpr.RAX);
    a.mov32(Mem.at(Gpr.R8, 4), Gpr.RBX);
    a.mov32(Mem.at(Gpr.R8, 8), Gpr.RCX);
    a.mov32(Mem.at(Gpr.R8, 12), Gpr.RDX);
    a.pop(Gpr.RBX);
    a.ret();
    var b = new Assembler();
    b.alu32(Alu.XOR, Gpr.RCX, Gpr.RCX);
    b.xgetbv();
    b.shl(Gpr.RDX, 32);
    b.alu(Alu.OR, Gpr.RAX, Gpr.RDX);
    b.ret();
    return List.of(a.finish(), b.finish());
  }

  CpuFeatures read() {
    long enabled = (leaf(1, 0)[ECX] & HAS_XGETBV) == 0 ? 0 : enabledState();
    int largest = leaf(LARGEST_LEAF, 0)[EAX];
    var features = EnumSet.noneOf(CpuFeature.class);
    for (var feature : CpuFeature.values()) {
      if (feature.leaf <= largest && (enabled & feature.state) == feature.state
          && (leaf(feature.leaf, feature.subleaf)[feature.register] >>> feature.bit & 1) == 1) {
        features.add(feature);
      }
    }
    return new CpuFeatures(name(), features, cache(1), cache(2), cache(3));
  }

  private String name() {
    if (Integer.compareUnsigned(leaf(LARGEST_EXTENDED_LEAF, 0)[EAX], LAST_OF_NAME) < 0) {
      return "unknown";
    }
    var bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    for (int leaf = FIRST_OF_NAME; leaf <= LAST_OF_NAME; leaf++) {
      for (int word : leaf(leaf, 0)) {
        bytes.putInt(word);
      }
    }
    return new String(bytes.array(), StandardCharsets.US_ASCII).replace('\0', ' ').strip();
  }

  /** Bytes of the data or unified cache of a level; 0 if the processor does not say. */
  private long cache(int level) {
    boolean intel = leaf(LARGEST_LEAF, 0)[EAX] >= INTEL_CACHES && leaf(INTEL_CACHES, 0)[EAX] != 0;
    if (!intel && Integer.compareUnsigned(leaf(LARGEST_EXTENDED_LEAF, 0)[EAX], AMD_CACHES) < 0) {
      return 0;
    }
    for (int i = 0; i < 16; i++) {
      int[] cache = leaf(intel ? INTEL_CACHES : AMD_CACHES, i);
      int type = cache[EAX] & 31;
      if (type == 0) {
        return 0;
      }
      if (type != 2 && (cache[EAX] >> 5 & 7) == level) { // 2: instructions
        int shape = cache[EBX];
        return ((shape >>> 22) + 1L) * ((shape >>> 12 & 1023) + 1) * ((shape & 4095) + 1) * (cache[ECX] + 1L);
      }
    }
    return 0;
  }

  /** eax, ebx, ecx, edx. */
  private int[] leaf(int leaf, int subleaf) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_INT, 4);
      NativeCalls.call(cpuid, leaf, subleaf, out.address(), 0, 0);
      return out.toArray(JAVA_INT);
    }
  }

  private long enabledState() {
    return NativeCalls.call(xgetbv, 0, 0, 0, 0, 0);
  }
}
